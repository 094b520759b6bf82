package io.millrace.remote.cli;

import io.millrace.node.Clock;
import io.millrace.node.Message;
import io.millrace.remote.Cluster;
import io.millrace.runtime.Tap;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace hz}. */
@Command(
        name = "hz",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Says how often an output of a job sends, and how evenly: by the times that its messages carry.",
        footer = {
            "",
            "Ctrl-C ends it; the job runs on.",
            "Exit code: 0 it was looked at, or the output has closed; 1 the link that it comes over was lost; 2 it is what an application publishes; 3 there is no such job or output; 69 no master was reached."
        })
final class HzCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final OutputArgument output = new OutputArgument();

    @Option(
            names = "--window",
            paramLabel = "TIME",
            converter = PositiveDurationConverter.class,
            defaultValue = "1s",
            description = "A line for each such stretch of time. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration window;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "Ends after so many lines.")
    private long limit = Long.MAX_VALUE;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    private final Clock clock = Clock.system();
    private final Rhythm rhythm = new Rhythm(0);
    private final Gaps gaps = new Gaps(); // the tap's thread

    HzCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        output.check();
        return new ClusterTask(console, options).run(this::measure);
    }

    private int measure(Cluster cluster) throws InterruptedException {
        try (Looking looking = new Looking();
                Tap tap = output.tap(cluster, looking, (name, message) -> onMessage(message))) {
            rhythm.begin(clock.nanoTime());
            boolean isOver = false;
            for (long line = 0; line < limit && !isOver; line++) {
                isOver = looking.awaitEnd(Math.max(1, window.toMillis()));
                Rhythm.Beat beat = rhythm.beat(clock.nanoTime());
                console.out().print(options.isJson() ? Json.line(beat.toJson()) : beat + "\n");
                isOver |= console.out().checkError(); // who reads has seen enough
            }
            OutputArgument.check(tap);
        }
        return ExitCode.OK;
    }

    private void onMessage(Message message) {
        Instant sent = message.time();
        rhythm.onMessage(
                sent.getEpochSecond() * 1_000_000_000L + sent.getNano(), gaps.before(message), message.length());
    }
}
