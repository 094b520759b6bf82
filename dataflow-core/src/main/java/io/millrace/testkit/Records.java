package io.millrace.testkit;

import io.millrace.layout.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Records in memory of their own, one each. */
final class Records {
    /** What is in memory that is nobody's: easy to recognise, and no sensible number. */
    private static final byte SCRIBBLE = (byte) 0xDB;

    private Records() {}

    /** Room for a record, with its parameters and lengths in place and its payload scribbled over. */
    static ByteBuffer allocate(byte[] parameterBlock, int payloadLength) {
        int bodyLength = RecordLayout.bodyLength(parameterBlock.length, payloadLength);
        ByteBuffer record = ByteBuffer.allocate(Math.addExact(RecordLayout.HEADER_LENGTH, bodyLength))
                .order(ByteOrder.LITTLE_ENDIAN);
        scribble(record);
        RecordLayout.putLengths(record, 0, parameterBlock.length, payloadLength);
        record.put(RecordLayout.HEADER_LENGTH, parameterBlock);
        return record;
    }

    /** Completes the header. */
    static void stamp(ByteBuffer record, int format, int incarnation, long sequence, long timestamp) {
        RecordLayout.putHeader(record, 0, (byte) 0, format, incarnation);
        record.putLong(RecordLayout.SEQUENCE_OFFSET, sequence);
        record.putLong(RecordLayout.TIMESTAMP_OFFSET, timestamp);
    }

    static void scribble(ByteBuffer record) {
        for (int i = 0; i < record.capacity(); i++) {
            record.put(i, SCRIBBLE);
        }
    }

    static ByteBuffer readOnly(ByteBuffer record) {
        return record.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer copy(ByteBuffer record) {
        ByteBuffer copy = ByteBuffer.allocate(record.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(0, record, 0, record.capacity());
        return copy;
    }
}
