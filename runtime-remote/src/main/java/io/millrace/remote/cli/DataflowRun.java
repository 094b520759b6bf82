package io.millrace.remote.cli;

import io.millrace.Dataflow;
import io.millrace.node.Clock;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/** One dataflow from its start to its end, stopped in order by the first signal. */
final class DataflowRun {
    private static final Duration STATUS_INTERVAL = Duration.ofMillis(200);

    private final Dataflow dataflow;
    private final StartOptions options;
    private final Progress progress;
    private final Clock clock;
    private final Set<Throwable> told = ConcurrentHashMap.newKeySet();

    DataflowRun(Dataflow dataflow, StartOptions options, Progress progress) {
        this.dataflow = dataflow;
        this.options = options;
        this.progress = progress;
        this.clock = options.clock();
    }

    /**
     * How it ended.
     *
     * @param signal the number of the signal that stopped it, 0 if none did
     */
    record Ending(Summary summary, int signal) {
        int exitCode() {
            DataflowResult result = summary.result();
            if (result.state() == DataflowState.FAILED) {
                return ExitCode.FAILED;
            }
            return signal == 0 ? ExitCode.OK : ExitCode.SIGNAL + signal;
        }
    }

    /** Blocks until it has ended. Throws what {@link Dataflow#start(StartOptions)} throws. */
    Ending run() throws InterruptedException {
        long begin = clock.nanoTime();
        // Until all nodes are open there is nothing to stop in order, and a signal ends the process.
        try (RunningDataflow running = dataflow.start(options);
                StopSignals signals = StopSignals.listen(signal -> stop(running), this::endAtOnce)) {
            progress.onStart(dataflow.graph());
            running.listen(this::onEvent);
            DataflowResult result = await(running, begin);
            tellWhatWasMissed(result);
            return new Ending(new Summary(result, since(begin)), signals.received());
        }
    }

    private void onEvent(DataflowEvent event) {
        if (event instanceof DataflowEvent.NodeFailed failed) {
            told.add(failed.error());
        }
        progress.onEvent(event);
    }

    private DataflowResult await(RunningDataflow running, long begin) throws InterruptedException {
        while (true) {
            try {
                return running.await(STATUS_INTERVAL);
            } catch (TimeoutException e) {
                progress.onStatus(running.status(), since(begin));
                progress.onMetrics(running::metrics, since(begin));
            }
        }
    }

    /** A node may fail before anyone listens. */
    private void tellWhatWasMissed(DataflowResult result) {
        result.failures().stream()
                .filter(failure -> !told.contains(failure.error()))
                .map(failure -> new DataflowEvent.NodeFailed(failure.node(), failure.error()))
                .forEach(progress::onEvent);
    }

    private Duration since(long begin) {
        return Duration.ofNanos(clock.nanoTime() - begin);
    }

    private void stop(RunningDataflow running) {
        progress.say("interrupted; once more to end at once");
        running.stop(options.closeGrace());
    }

    private void endAtOnce(int signal) {
        progress.close();
        Runtime.getRuntime().halt(ExitCode.SIGNAL + signal);
    }
}
