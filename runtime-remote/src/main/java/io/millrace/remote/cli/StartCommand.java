package io.millrace.remote.cli;

import io.millrace.CheckResult;
import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.Problem;
import io.millrace.local.recording.Recorder;
import io.millrace.node.Clock;
import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace start}. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Starts a dataflow on a cluster as a job, and stays until it has ended.",
        footer = {
            "",
            "Ctrl-C stops the job in order; once more leaves while the cluster stops it. When the terminal is closed the job runs on.",
            "Exit code: 0 it finished, or with --detach it runs; 1 it failed, or did not open; 2 the file or the command cannot be used, or an executor found what is missing;",
            "4 the masters refused it; 69 no master was reached; 130 it was stopped by Ctrl-C (143 by SIGTERM)."
        })
final class StartCommand implements Callable<Integer> {
    private static final int SIGHUP = 1;

    private final Console console;

    @Parameters(paramLabel = "FILE", description = "The dataflow file.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The job's name, if not the dataflow's. Of jobs that are under way only one has it.")
    private @Nullable String name;

    @Option(
            names = {"-d", "--detach"},
            description = "Returns as soon as every node is open.")
    private boolean detach;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "How long the nodes have to end after Ctrl-C. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration grace;

    @Option(
            names = "--lost-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10m",
            description =
                    "How long the job waits for an executor that is lost and that nodes of it name, before it fails. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration lostTimeout;

    @Option(
            names = "--place-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description =
                    "How long the job waits for an executor that has not joined yet, where no other can take some of its nodes. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration placeTimeout;

    @Option(
            names = "--require-working-dir",
            description = "Makes it an error where a node that is not local has no working_dir.")
    private boolean requireWorkingDir;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints neither progress nor the summary, only what goes wrong.")
    private boolean quiet;

    @Mixin
    private final StartingOptions starting = new StartingOptions();

    @Mixin
    private final RecordOption record = new RecordOption();

    @Mixin
    private final ClientOptions options = new ClientOptions();

    StartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        CheckResult check = Dataflow.check(
                file,
                LoadOptions.builder()
                        .forCluster(true)
                        .requireWorkingDir(requireWorkingDir)
                        .build());
        if (check.dataflow().isEmpty()) {
            return refuse(check.problems());
        }
        Problems.print(
                check.problems().stream()
                        .filter(problem -> options.isVerbose() || problem.severity() != Problem.Severity.NOTE)
                        .toList(),
                console.err(),
                console.errIsColoured());
        Dataflow dataflow = check.dataflow().get();
        List<Problem> unrecorded = record.check(dataflow.graph());
        if (!unrecorded.isEmpty()) {
            return refuse(unrecorded);
        }
        if (detach && record.isWanted()) {
            throw record.refused("--record needs this command to stay, and --detach has it leave: say one of them");
        }
        return new ClusterTask(console, options)
                .run(
                        config -> config.lostExecutorTimeout(lostTimeout)
                                .placementTimeout(placeTimeout)
                                .requireWorkingDir(requireWorkingDir),
                        cluster -> start(cluster, dataflow));
    }

    private int start(Cluster cluster, Dataflow dataflow) throws InterruptedException {
        Optional<Recorder> recorder = record.open(dataflow.graph());
        if (!quiet) {
            record.leftOut(dataflow.graph()).ifPresent(text -> console.err().println("millrace: " + text));
        }
        try {
            return start(cluster, dataflow, recorder);
        } finally {
            recorder.ifPresent(Recorder::close);
        }
    }

    private int start(Cluster cluster, Dataflow dataflow, Optional<Recorder> recorder) throws InterruptedException {
        String jobName = name == null ? dataflow.graph().name() : name;
        // What waits for this recorder does not run without it.
        IntPredicate isStop = received -> received != SIGHUP || recorder.isPresent();
        JobOutcome outcome = new JobOutcome(console, options.isJson(), quiet);
        Refusal refusal = new Refusal(console, options.isJson());
        JobStarting starts = new JobStarting(cluster, outcome, refusal, options.isVerbose(), isStop, grace);
        return starts.run(
                jobName,
                () -> recorder.isPresent()
                        ? cluster.submitHeld(dataflow, startOptions(), jobName)
                        : cluster.submit(dataflow, startOptions(), jobName),
                id -> recorder.isPresent() ? cluster.attach(id, recorder.get()::attach) : cluster.attach(id),
                (job, running, signals) -> {
                    if (!detach) {
                        return follow(cluster, job, running, signals, recorder);
                    }
                    return signals.received() == 0
                            ? outcome.tellOfJob(job, ExitCode.OK, "runs")
                            : starts.interrupted(job, signals.received());
                });
    }

    private int follow(
            Cluster cluster, Job job, RunningDataflow running, StopSignals signals, Optional<Recorder> recorder)
            throws InterruptedException {
        Optional<DataflowRun.Ending> ending;
        try (Progress progress = Progress.on(console, quiet, starting.isTop())) {
            progress.say("job '" + job.name() + "' (" + job.id() + ") runs on the cluster");
            progress.onStart(running.graph());
            ending = new AttachedRun(running, progress, Clock.system(), received -> received != SIGHUP, grace)
                    .run(signals);
        }
        recorder.ifPresent(Recorder::close);
        return new JobOutcome(console, options.isJson(), quiet)
                .tell(
                        JobChoice.named(cluster, job.id()),
                        ending,
                        recorder.map(Recorder::counts).map(RecordingSummary::new));
    }

    private StartOptions startOptions() {
        StartOptions.Builder start = StartOptions.builder().closeGrace(grace);
        starting.into(start);
        return start.build();
    }

    private int refuse(List<Problem> problems) {
        return new Refusal(console, options.isJson()).invalid(problems);
    }
}
