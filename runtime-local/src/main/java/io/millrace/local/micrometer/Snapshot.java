package io.millrace.local.micrometer;

import io.micrometer.core.instrument.Clock;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.RunningDataflow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a dataflow counted a moment ago: one reading for all meters that are asked together, else each would read everything. Any thread. */
final class Snapshot {
    private static final long LASTS_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RunningDataflow running;
    private final Clock clock;
    private @Nullable DataflowMetrics metrics; // guarded by this
    private long takenAtNs; // guarded by this

    Snapshot(RunningDataflow running, Clock clock) {
        this.running = running;
        this.clock = clock;
    }

    synchronized DataflowMetrics metrics() {
        long nowNs = clock.monotonicTime();
        DataflowMetrics known = metrics;
        if (known != null && nowNs - takenAtNs < LASTS_NS) {
            return known;
        }
        DataflowMetrics read = running.metrics();
        metrics = read;
        takenAtNs = nowNs;
        return read;
    }
}
