package io.millrace.local.agent;

import io.millrace.layout.Padding;
import io.millrace.local.edge.SampleInterval;
import io.millrace.local.edge.TimeSamples;
import io.millrace.node.Clock;
import io.millrace.runtime.DataflowMetrics.Times;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How long a node takes for a message: samples, recorded by the node's thread and read by any.
 *
 * <p>A measurement reads the clock twice, so {@link SampleInterval} tells which callbacks are measured. A batch counts as so many messages of its mean time. A callback that somebody has
 * watched for long, and so marked, is measured in any case.
 *
 * <p>A count of steps, odd within a callback, tells others whether the node is still at the same one.
 */
public class HandlingTimes extends Padding {
    private static final long NOT_MEASURED = Long.MIN_VALUE;
    private static final long NO_STEP = -1;
    private static final VarHandle STEPS = handle("steps");
    private static final VarHandle MARKED = handle("marked");

    private final Clock clock;
    private final boolean isOn;
    private final TimeSamples samples;

    // The node's thread.
    private final SampleInterval interval = new SampleInterval();
    private long nextStep;

    // Written by the node's thread, read by any: opaque.
    private long steps;

    // Written by the one that watches: released, with the time before it.
    private long markedAtNs;

    @SuppressWarnings("UnusedVariable") // through MARKED
    private long marked = NO_STEP;

    HandlingTimes(Clock clock) {
        this(clock, TimeSamples.FINE, true);
    }

    /**
     * What a node has.
     *
     * @param digits as in {@link TimeSamples}
     * @param isOn whether anything is measured at all
     */
    HandlingTimes(Clock clock, int digits, boolean isOn) {
        this.clock = clock;
        this.isOn = isOn;
        this.samples = new TimeSamples(digits);
    }

    /** The node's thread, before a callback. */
    public long begin() {
        if (!isOn) {
            return NOT_MEASURED;
        }
        long step = steps + 1;
        STEPS.setOpaque(this, step);
        return step < nextStep ? NOT_MEASURED : beginMeasured(step);
    }

    private long beginMeasured(long step) {
        long nowNs = clock.nanoTime();
        nextStep = step + 2L * interval.next(nowNs);
        return nowNs;
    }

    /** The node's thread, after it. */
    public void end(long beginNs, int messages) {
        if (!isOn) {
            return;
        }
        long step = steps;
        if (beginNs != NOT_MEASURED) {
            record(beginNs, messages);
        } else if (step == (long) MARKED.getOpaque(this)) {
            VarHandle.acquireFence(); // Partner: mark().
            record(markedAtNs, messages);
        }
        STEPS.setOpaque(this, step + 1);
    }

    private void record(long beginNs, int messages) {
        if (messages != 0) {
            samples.record(Math.max(0, clock.nanoTime() - beginNs) / messages, messages);
        }
    }

    /** The node's thread: the callback that it was in has thrown, if it was in one. */
    void leave() {
        if ((steps & 1) != 0) {
            STEPS.setOpaque(this, steps + 1);
        }
    }

    /** Any thread. Odd while the node is within a callback; the same as before if that is still the same one. */
    public long steps() {
        return (long) STEPS.getOpaque(this);
    }

    /** One watching thread: the callback of this step has lasted since then at least. */
    public void mark(long step, long sinceNs) {
        markedAtNs = sinceNs;
        MARKED.setRelease(this, step);
    }

    /** Any thread. */
    public Times read() {
        return samples.read();
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(HandlingTimes.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    public static final class Padded extends HandlingTimes {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(Clock clock) {
            super(clock);
        }

        public Padded(Clock clock, int digits, boolean isOn) {
            super(clock, digits, isOn);
        }
    }
}
