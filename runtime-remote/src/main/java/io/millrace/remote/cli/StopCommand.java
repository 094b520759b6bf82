package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterException;
import io.millrace.remote.Job;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.RunningDataflow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace stop}. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Stops a job in order, and waits for its end.",
        footer = {
            "",
            "The masters remember that it is to be stopped: should this command be interrupted, it ends all the same.",
            "Exit code: 0 it has ended, 1 it has ended as failed, 3 there is no such job, 69 no master was reached."
        })
final class StopCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Console console;

    @Mixin
    private final JobArgument job = new JobArgument();

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "How long its nodes have to end. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration grace;

    @Option(names = "--no-wait", description = "Returns as soon as the masters know.")
    private boolean noWait;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    StopCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new ClusterTask(console, options).run(this::stop);
    }

    private int stop(Cluster cluster) throws InterruptedException {
        Job meant = job.choose(cluster);
        if (meant.state().isFinal()) {
            return tell(meant.name(), meant.id(), meant.state().name(), "had already ended: ");
        }
        if (noWait) {
            cluster.stop(meant.id(), grace);
            return tell(meant.name(), meant.id(), Job.State.STOPPING.name(), "");
        }
        RunningDataflow running = cluster.attach(meant.id());
        cluster.stop(meant.id(), grace);
        DataflowResult result = awaitEnd(cluster, running);
        return tell(meant.name(), meant.id(), result.state().name(), "");
    }

    /** Says what it waits for, where that takes long: a machine that is lost may be so for good. */
    private DataflowResult awaitEnd(Cluster cluster, RunningDataflow running) throws InterruptedException {
        String told = "";
        while (true) {
            try {
                return running.await(BETWEEN_LOOKS);
            } catch (TimeoutException e) {
                String waited = waitedFor(cluster, running);
                if (!waited.isEmpty() && !waited.equals(told)) {
                    console.err().println("millrace: " + Printable.line("it is waited for: " + waited));
                }
                told = waited;
            }
        }
    }

    private static String waitedFor(Cluster cluster, RunningDataflow running) {
        try {
            return cluster.job(running.id()).flatMap(Job::degraded).orElse("");
        } catch (ClusterException e) { // masters that are away stop it when they are back
            return "";
        }
    }

    private int tell(String name, String id, String state, String before) {
        String word = state.toLowerCase(Locale.ROOT);
        int code = state.equals(Job.State.FAILED.name()) ? ExitCode.FAILED : ExitCode.OK;
        if (options.isJson()) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("name", name);
            json.put("id", id);
            json.put("state", word);
            json.put("exitCode", code);
            console.out().print(Json.write(json));
        } else {
            console.out().println(Printable.line("job '" + name + "' " + before + word));
        }
        return code;
    }
}
