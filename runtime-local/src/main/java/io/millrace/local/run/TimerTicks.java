package io.millrace.local.run;

import io.millrace.layout.MessageView;
import io.millrace.layout.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The ticks of one timer input, made by the loop of the node that receives them. Used by the node's thread only.
 *
 * <p>The first tick is due at the start, the others at whole intervals after it. Who comes late gets one tick, and the next one when it would have been due
 * anyway.
 */
final class TimerTicks {
    private final long intervalNs;
    private final ByteBuffer record =
            ByteBuffer.allocateDirect(RecordLayout.HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer readOnly = record.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    private long dueNs;
    private long sequence;

    TimerTicks(long intervalNs) {
        this.intervalNs = intervalNs;
    }

    void start(long nowNs) {
        dueNs = nowNs;
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
        long missed = (nowNs - dueNs) / intervalNs;
        dueNs += (missed + 1) * intervalNs;
        RecordLayout.putHeader(record, 0, (byte) 0, 0, incarnation);
        record.putLong(RecordLayout.SEQUENCE_OFFSET, sequence++);
        record.putLong(RecordLayout.TIMESTAMP_OFFSET, timestamp);
        RecordLayout.putLengths(record, 0, 0, 0);
        return view.wrap(readOnly, 0, null);
    }
}
