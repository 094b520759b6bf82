package io.millrace.remote.cli;

import io.millrace.node.Clock;
import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import io.millrace.runtime.RunningDataflow;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace attach}. */
@Command(
        name = "attach",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Looks on while a job runs, until it has ended.",
        footer = {
            "",
            "Ctrl-C ends the looking on; the job runs on.",
            "Exit code: 0 it finished or was stopped, or it runs on; 1 it failed; 3 there is no such job; 69 no master was reached."
        })
final class AttachCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final JobArgument job = new JobArgument();

    @Option(
            names = "--top",
            description = "Shows nodes and edges as tables that are redrawn, where standard error is a terminal.")
    private boolean top;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints neither progress nor the summary, only what goes wrong.")
    private boolean quiet;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    AttachCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new ClusterTask(console, options).run(this::attach);
    }

    private int attach(Cluster cluster) throws InterruptedException {
        Job meant = job.choose(cluster);
        RunningDataflow running = cluster.attach(meant.id());
        Optional<DataflowRun.Ending> ending;
        try (Progress progress = Progress.on(console, quiet, top)) {
            if (!meant.state().isFinal()) {
                progress.onStart(running.graph());
            }
            ending = new AttachedRun(running, progress, Clock.system(), signal -> false, Duration.ZERO).run();
        }
        return new JobOutcome(console, options.isJson(), quiet).tell(JobChoice.named(cluster, meant.id()), ending);
    }
}
