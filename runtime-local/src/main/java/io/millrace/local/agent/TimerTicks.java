package io.millrace.local.agent;

import io.millrace.layout.MessageView;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.TimeSamples;
import io.millrace.runtime.DataflowMetrics.Times;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The ticks of one timer input, made by the loop of the node that receives them. Used by the node's thread only, but for what it counts.
 *
 * <p>The first tick is due at the start, the others at whole intervals after it. Who comes late gets one tick, and the next one when it would have been due
 * anyway.
 */
public final class TimerTicks {
    private static final VarHandle SEQUENCE = handle("sequence");
    private static final VarHandle MISSED = handle("missed");

    private final long intervalNs;
    private final ByteBuffer record =
            ByteBuffer.allocateDirect(RecordLayout.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer readOnly = record.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    private @Nullable TimeSamples lateness;
    private long dueNs;
    private long firstSequence; // of this incarnation, as counted through all

    // Written by the node's thread, read by any: opaque.
    private long sequence;
    private long missed;

    public TimerTicks(long intervalNs) {
        this.intervalNs = intervalNs;
    }

    /**
     * Has it measure how late its ticks are taken. Before the start.
     *
     * @param digits as in {@link TimeSamples}
     */
    public void measure(int digits) {
        lateness = new TimeSamples(digits);
    }

    /** For each incarnation once: its first tick has the sequence 0. */
    void start(long nowNs) {
        dueNs = nowNs;
        firstSequence = sequence;
    }

    boolean isDue(long nowNs) {
        return nowNs - dueNs >= 0;
    }

    /** Nanoseconds until the next tick; not positive when it is due. */
    long untilDueNs(long nowNs) {
        return dueNs - nowNs;
    }

    /** Takes the tick that is due. */
    MessageView take(long nowNs, long timestamp, int incarnation, MessageView view) {
        long lateNs = nowNs - dueNs;
        long leftOut = lateNs / intervalNs;
        dueNs += (leftOut + 1) * intervalNs;
        if (leftOut > 0) {
            MISSED.setOpaque(this, missed + leftOut);
        }
        if (lateness != null) {
            lateness.record(lateNs);
        }
        RecordLayout.putHeader(record, 0, (byte) 0, 0, incarnation);
        record.putLong(RecordLayout.SEQUENCE_OFFSET, sequence - firstSequence);
        SEQUENCE.setOpaque(this, sequence + 1);
        record.putLong(RecordLayout.TIMESTAMP_OFFSET, timestamp);
        RecordLayout.putLengths(record, 0, 0, 0);
        return view.wrap(readOnly, 0, null);
    }

    // Any thread.

    public long intervalNs() {
        return intervalNs;
    }

    /** Ticks that were taken. */
    public long ticks() {
        return (long) SEQUENCE.getOpaque(this);
    }

    /** Ticks that were left out. */
    public long missed() {
        return (long) MISSED.getOpaque(this);
    }

    /** From when a tick was due until it was taken. */
    public Times lateness() {
        return lateness == null ? Times.NONE : lateness.read();
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(TimerTicks.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
