package io.millrace.remote.cli;

import io.millrace.node.Clock;
import io.millrace.remote.ClusterException;
import io.millrace.remote.client.ClusterUnreachableException;
import io.millrace.remote.client.RefusedException;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.RunningDataflow;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/** Somebody who looks on while a job runs on a cluster, until it ends or they turn away. */
final class AttachedRun {
    private static final Duration STATUS_INTERVAL = Duration.ofMillis(500);

    private final RunningDataflow running;
    private final Progress progress;
    private final Clock clock;
    private final IntPredicate isStop;
    private final Duration grace;
    private final Set<Throwable> told = ConcurrentHashMap.newKeySet();
    private final CountDownLatch left = new CountDownLatch(1);
    private boolean isBlind;

    /** @param isStop which signals stop the job, at first; all others, and any second one, only end the looking on; one more ends the process */
    AttachedRun(RunningDataflow running, Progress progress, Clock clock, IntPredicate isStop, Duration grace) {
        this.running = running;
        this.progress = progress;
        this.clock = clock;
        this.isStop = isStop;
        this.grace = grace;
    }

    /**
     * Blocks.
     *
     * @return how it ended; empty where it runs on, for whoever looked has turned away
     */
    Optional<DataflowRun.Ending> run() throws InterruptedException {
        try (StopSignals signals = StopSignals.listen(this::onSignal, this::leave)) {
            return lookOn(signals);
        }
    }

    /** As {@link #run()}, where signals are taken already; they go on to mean the same when this has ended. */
    Optional<DataflowRun.Ending> run(StopSignals signals) throws InterruptedException {
        signals.instead(this::onSignal, this::leave);
        return lookOn(signals);
    }

    private Optional<DataflowRun.Ending> lookOn(StopSignals signals) throws InterruptedException {
        long begin = clock.nanoTime();
        running.listen(this::onEvent);
        running.completion().whenComplete((result, error) -> left.countDown());
        while (!left.await(STATUS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
            look(begin);
        }
        if (!running.state().isFinal()) {
            return Optional.empty();
        }
        DataflowResult result = running.await();
        tellWhatWasMissed(result);
        return Optional.of(new DataflowRun.Ending(new Summary(result, since(begin)), signals.received()));
    }

    /** Masters that are away, and executors that are lost, are no reason to look away. */
    private void look(long begin) {
        try {
            progress.onStatus(running.status(), since(begin));
            progress.onMetrics(running::metrics, since(begin));
            isBlind = false;
        } catch (ClusterException | ClusterUnreachableException | RefusedException e) {
            if (!isBlind && !running.state().isFinal()) {
                progress.say("it cannot be looked at now: " + e.getMessage());
                isBlind = true;
            }
        }
    }

    private void onSignal(int signal) {
        if (!isStop.test(signal)) {
            left.countDown();
            return;
        }
        if (left.getCount() == 0) { // how it has ended is said at once
            return;
        }
        running.stop(grace); // first: what is said may have to wait for the screen
        progress.say("interrupted, stopping the job; once more to leave it alone with that");
    }

    /** Whoever has done so before and is still here looks at masters that do not answer. */
    private void leave(int signal) {
        if (left.getCount() == 0) {
            progress.close();
            Runtime.getRuntime().halt(ExitCode.SIGNAL + signal);
        }
        left.countDown();
    }

    private void onEvent(DataflowEvent event) {
        if (event instanceof DataflowEvent.NodeFailed failed) {
            told.add(failed.error());
        }
        progress.onEvent(event);
    }

    /** A node may fail before anyone listens. */
    private void tellWhatWasMissed(DataflowResult result) {
        if (told.isEmpty()) {
            result.failures().stream()
                    .map(failure -> new DataflowEvent.NodeFailed(failure.node(), failure.error()))
                    .forEach(progress::onEvent);
        }
    }

    private Duration since(long begin) {
        return Duration.ofNanos(clock.nanoTime() - begin);
    }
}
