package io.millrace.local.micrometer;

import io.micrometer.core.instrument.Clock;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.RunningDataflow;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a dataflow counted a moment ago: one reading for all meters that are asked together, else each would read everything. Nor is what could not be read asked for
 * again in that moment. Any thread.
 */
final class Snapshot {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);
    private static final long LASTS_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RunningDataflow running;
    private final Clock clock;
    private @Nullable DataflowMetrics metrics; // guarded by this
    private @Nullable RuntimeException failure; // guarded by this
    private long takenAtNs; // guarded by this
    private boolean isFailureTold; // guarded by this

    Snapshot(RunningDataflow running, Clock clock) {
        this.running = running;
        this.clock = clock;
    }

    /** What {@code value} finds in it; NaN if that cannot be read now, as while a part of a cluster is away, or its masters are. */
    double read(ToDoubleFunction<DataflowMetrics> value) {
        try {
            return value.applyAsDouble(metrics());
        } catch (RuntimeException e) { // which a registry need not survive that walks its meters
            tell(e);
            return Double.NaN;
        }
    }

    private synchronized DataflowMetrics metrics() {
        if (metrics == null && failure == null || clock.monotonicTime() - takenAtNs >= LASTS_NS) {
            take();
        }
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(metrics);
    }

    private void take() {
        takenAtNs = clock.monotonicTime();
        try {
            metrics = running.metrics();
            failure = null;
        } catch (RuntimeException e) {
            failure = e;
            takenAtNs = clock.monotonicTime(); // for it may have waited long for an answer
        }
    }

    private synchronized void tell(RuntimeException e) {
        if (isFailureTold) {
            LOG.debug("dataflow '{}': metrics cannot be read", running.name(), e);
            return;
        }
        isFailureTold = true;
        LOG.warn(
                "dataflow '{}': metrics cannot be read, all or some of them: while that is so their counters keep the last value and their gauges have none;"
                        + " this is said once: {}",
                running.name(),
                String.valueOf(e.getMessage()));
    }
}
