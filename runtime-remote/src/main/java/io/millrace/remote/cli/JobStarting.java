package io.millrace.remote.cli;

import io.millrace.graph.InvalidDataflowException;
import io.millrace.remote.Cluster;
import io.millrace.remote.ClusterException;
import io.millrace.remote.Job;
import io.millrace.remote.client.RefusedException;
import io.millrace.remote.client.SubmissionInterruptedException;
import io.millrace.remote.client.SubmissionInterruptedException.Fate;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * How a command brings a job to where it runs. Ctrl-C and its like are taken from before it is handed in until all is said, without a gap: they take the job back; a second
 * one ends the process.
 */
final class JobStarting {
    private final Cluster cluster;
    private final JobOutcome outcome;
    private final Refusal refusal;
    private final boolean isVerbose;
    private final IntPredicate isStop;
    private final Duration grace;

    /**
     * @param isStop which signals mean the job; with others it is left alone
     * @param grace for nodes that run already when it is stopped
     */
    JobStarting(
            Cluster cluster,
            JobOutcome outcome,
            Refusal refusal,
            boolean isVerbose,
            IntPredicate isStop,
            Duration grace) {
        this.cluster = cluster;
        this.outcome = outcome;
        this.refusal = refusal;
        this.isVerbose = isVerbose;
        this.isStop = isStop;
        this.grace = grace;
    }

    /** What is done with a job that runs. */
    @FunctionalInterface
    interface Following {
        /**
         * @param job as it began to run
         * @param signals of which a first one waits until somebody says what it means now
         * @return the exit code
         */
        int follow(Job job, RunningDataflow running, StopSignals signals) throws InterruptedException;
    }

    /**
     * Blocks.
     *
     * @param attach given the job's id
     * @return the exit code, also where it did not come to run
     */
    int run(String name, Supplier<Job> submit, Function<String, RunningDataflow> attach, Following following)
            throws InterruptedException {
        try (StopSignals signals = StopSignals.listen(signal -> {}, JobStarting::leave)) {
            return run(signals, name, submit, attach, following);
        }
    }

    int run(
            StopSignals signals,
            String name,
            Supplier<Job> submit,
            Function<String, RunningDataflow> attach,
            Following following)
            throws InterruptedException {
        Interruption interruption = new Interruption(Thread.currentThread());
        signals.instead(signal -> takeBack(interruption, signal), JobStarting::leave);
        Job job;
        try {
            job = submit.get();
        } catch (SubmissionInterruptedException e) {
            return refusal.interrupted(name, e.jobId(), e.fate(), ExitCode.SIGNAL + signals.received());
        } catch (InvalidDataflowException e) {
            return refusal.invalid(e.problems());
        } catch (DataflowStartException e) {
            return refusal.notStarted(name, e, isVerbose);
        } finally {
            interruption.end();
        }
        return begin(job, attach, following, signals);
    }

    private void takeBack(Interruption interruption, int signal) {
        if (isStop.test(signal)) {
            interruption.interrupt();
        } else {
            leave(signal);
        }
    }

    private static void leave(int signal) {
        Runtime.getRuntime().halt(ExitCode.SIGNAL + signal);
    }

    private int begin(Job job, Function<String, RunningDataflow> attach, Following following, StopSignals signals)
            throws InterruptedException {
        CountDownLatch settled = new CountDownLatch(1);
        signals.instead(signal -> settled.countDown(), JobStarting::leave);
        RunningDataflow running;
        try {
            running = attach.apply(job.id());
        } catch (ClusterException e) {
            if (signals.received() == 0) {
                throw e;
            }
            return interrupted(job, signals.received());
        }
        awaitStart(running, settled);
        if (signals.received() != 0) {
            return interrupted(job, signals.received());
        }
        Job started = JobChoice.named(cluster, job.id());
        if (!hasRun(started)) {
            return outcome.tellNotStarted(started);
        }
        outcome.tellWarnings(started);
        return following.follow(started, running, signals);
    }

    /** Until messages flow, or it has ended before that, or nobody waits any longer. */
    private static void awaitStart(RunningDataflow running, CountDownLatch settled) throws InterruptedException {
        running.listen(event -> {
            if (event instanceof DataflowEvent.StateChanged changed && changed.state() != DataflowState.STARTING) {
                settled.countDown();
            }
        });
        running.completion().whenComplete((result, error) -> settled.countDown());
        if (running.state() == DataflowState.STARTING) {
            settled.await();
        }
    }

    /** A short job may have ended by now. */
    private static boolean hasRun(Job job) {
        return job.state() == Job.State.RUNNING
                || job.history().stream().anyMatch(entry -> entry.state() == Job.State.RUNNING);
    }

    /**
     * Has the masters stop a job for a signal, and says what has come of that. Blocks.
     *
     * @return the exit code
     */
    int interrupted(Job job, int signal) {
        int code = ExitCode.SIGNAL + signal;
        try {
            if (!isStop.test(signal)) {
                return outcome.tellOfJob(job, code, "is left alone");
            }
            cluster.stop(job.id(), grace);
            Job now = JobChoice.named(cluster, job.id());
            Fate fate = hasRun(now) ? Fate.ASKED_TO_STOP : Fate.TAKEN_BACK;
            return outcome.tellOfJob(now, code, Refusal.words(fate, job.id()));
        } catch (ClusterException e) {
            if (e.getCause() instanceof RefusedException) {
                throw e;
            }
            return refusal.interrupted(job.name(), job.id(), Fate.UNKNOWN, code);
        }
    }

    /** A signal's way to a thread, for as long as that wants to be interrupted. */
    private static final class Interruption {
        private final Thread waiting;
        private boolean isOver;

        Interruption(Thread waiting) {
            this.waiting = waiting;
        }

        synchronized void interrupt() {
            if (!isOver) {
                waiting.interrupt();
            }
        }

        /** By the thread itself, whose flag is then as if nothing had been. */
        synchronized void end() {
            isOver = true;
            Thread.interrupted();
        }
    }
}
