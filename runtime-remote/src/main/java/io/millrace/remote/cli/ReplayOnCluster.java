package io.millrace.remote.cli;

import io.millrace.local.recording.InvalidRecordingException;
import io.millrace.local.recording.PublishedReplay;
import io.millrace.node.Clock;
import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A job whose sources gave way to a recording, which this process publishes. */
final class ReplayOnCluster {
    private final Console console;
    private final ReplayClusterOptions cluster;
    private final RunOptions common;
    private final boolean json;

    ReplayOnCluster(Console console, ReplayClusterOptions cluster, RunOptions common, boolean json) {
        this.console = console;
        this.cluster = cluster;
        this.common = common;
        this.json = json;
    }

    /** Blocks until the job has ended, or the user turns away. */
    int run(PublishedReplay replay) throws InterruptedException {
        return new ClusterTask(console, common.isVerbose(), json, cluster::config).run(to -> run(to, replay));
    }

    private int run(Cluster to, PublishedReplay replay) throws InterruptedException {
        StartOptions options = common.start().build();
        String name = cluster.jobName(replay.dataflow().graph().name());
        JobOutcome outcome = new JobOutcome(console, json, common.isQuiet());
        Refusal refusal = new Refusal(console, json);
        return new JobStarting(to, outcome, refusal, common.isVerbose(), signal -> true, options.closeGrace())
                .run(name, () -> to.submit(replay.dataflow(), options, name), to::attach, (job, running, signals) -> {
                    AtomicReference<@Nullable RuntimeException> broken = new AtomicReference<>();
                    Optional<DataflowRun.Ending> ending =
                            feed(replay, running, job, options.closeGrace(), signals, broken);
                    return outcome.tell(JobChoice.named(to, job.id()), ending, ReplaySummary.of(replay, broken.get()));
                });
    }

    private Optional<DataflowRun.Ending> feed(
            PublishedReplay replay,
            RunningDataflow running,
            Job job,
            Duration grace,
            StopSignals signals,
            AtomicReference<@Nullable RuntimeException> broken)
            throws InterruptedException {
        Thread feeder = new Thread(() -> feed(replay, running, grace, broken), "millrace-replay");
        feeder.setDaemon(true);
        try (Progress progress = Progress.on(console, common.isQuiet())) {
            progress.say("job '" + job.name() + "' (" + job.id() + ") runs on the cluster, fed from here");
            progress.onStart(running.graph());
            feeder.start();
            return new AttachedRun(running, progress, Clock.system(), signal -> true, grace).run(signals);
        } finally {
            feeder.interrupt();
            feeder.join();
        }
    }

    /** What cannot be fed to its end is stopped: half of a recording says nothing. */
    private static void feed(
            PublishedReplay replay,
            RunningDataflow running,
            Duration grace,
            AtomicReference<@Nullable RuntimeException> broken) {
        try {
            replay.feed(running);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the user has turned away, or the job is over
        } catch (InvalidRecordingException | UncheckedIOException e) {
            broken.set(e);
            running.stop(grace);
        }
    }
}
