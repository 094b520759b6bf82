package io.millrace.remote.cli;

import io.millrace.local.recording.RecordedMessage;
import io.millrace.node.Clock;
import io.millrace.node.Message;
import io.millrace.remote.Cluster;
import io.millrace.runtime.Tap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace echo}. */
@Command(
        name = "echo",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = {
            "Prints what an output of a job sends, from now on: a line for each message, with --json an object in a line.",
            "It looks on and holds nobody up: of what comes faster than it is printed, the newest is shown, and a line says how many are missing."
        },
        footer = {
            "",
            "Ctrl-C ends it; the job runs on.",
            "Exit code: 0 it was looked at, or the output has closed; 1 the link that it comes over was lost; 2 it is what an application publishes; 3 there is no such job or output; 69 no master was reached."
        })
final class EchoCommand implements Callable<Integer> {
    private static final long LOOK_AROUND_MS = 200;

    private final Console console;

    @Mixin
    private final OutputArgument output = new OutputArgument();

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            description = "Ends after so many messages.")
    private long limit = Long.MAX_VALUE;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    // The tap's thread.
    private final Gaps gaps = new Gaps();
    private long printed;

    EchoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        output.check();
        return new ClusterTask(console, options).run(this::echo);
    }

    private int echo(Cluster cluster) throws InterruptedException {
        try (Looking looking = new Looking();
                Tap tap = output.tap(cluster, looking, (name, message) -> print(name, message, looking))) {
            boolean isOver = limit <= 0;
            while (!isOver) {
                isOver = looking.awaitEnd(LOOK_AROUND_MS) || console.out().checkError(); // who reads has seen enough
            }
            OutputArgument.check(tap);
        }
        return ExitCode.OK;
    }

    private void print(String name, Message message, Looking looking) {
        if (printed < limit) {
            RecordedMessage seen = new RecordedMessage(name, Clock.system().instant(), gaps.before(message), message);
            console.out().print(options.isJson() ? RecordingText.json(seen) : RecordingText.line(seen));
            printed++;
        }
        if (printed >= limit) {
            looking.end();
        }
    }
}
