package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Records whose every byte follows from their sequence, so that one that was torn, moved or overwritten shows. */
final class Records {
    private Records() {}

    static int length(int bodyLength) {
        return RecordLayout.HEADER_LENGTH + bodyLength;
    }

    static void write(ByteBuffer buffer, int offset, long sequence, int bodyLength) {
        putHeader(buffer, offset, sequence, bodyLength, (byte) 0);
        fill(buffer, offset + RecordLayout.HEADER_LENGTH, sequence, bodyLength);
    }

    static void writeReference(ByteBuffer buffer, int offset, long sequence, int bodyLength) {
        putHeader(buffer, offset, sequence, bodyLength, RecordLayout.FLAG_REFERENCE);
    }

    /** A body by reference, with one reference. */
    static Slab body(long sequence, int bodyLength) {
        ByteBuffer body = ByteBuffer.allocate(bodyLength).order(ByteOrder.LITTLE_ENDIAN);
        fill(body, 0, sequence, bodyLength);
        return Slab.unpooled(body);
    }

    static long sequence(EdgeReader reader) {
        return reader.buffer().getLong(reader.recordOffset() + RecordLayout.SEQUENCE_OFFSET);
    }

    static int bodyLength(EdgeReader reader) {
        return reader.buffer().getInt(reader.recordOffset() + RecordLayout.PAYLOAD_LENGTH_OFFSET);
    }

    /** The message in hand is the one of this sequence and length, byte for byte. */
    static void check(EdgeReader reader, long sequence, int bodyLength, boolean reference) {
        ByteBuffer buffer = reader.buffer();
        int offset = reader.recordOffset();
        assertThat(offset % 8).as("alignment").isZero();
        assertThat(sequence(reader)).as("sequence").isEqualTo(sequence);
        assertThat(bodyLength(reader)).as("body length of message %s", sequence).isEqualTo(bodyLength);
        assertThat(RecordLayout.isReference(buffer, offset)).as("by reference").isEqualTo(reference);
        ByteBuffer body = reader.body();
        assertThat(body != null).as("carries a reference").isEqualTo(reference);
        ByteBuffer bytes = body == null ? buffer : body;
        int begin = body == null ? offset + RecordLayout.HEADER_LENGTH : 0;
        assertThat(firstDifference(bytes, begin, sequence, bodyLength))
                .as("first byte of message %s that differs", sequence)
                .isEqualTo(-1);
    }

    /** The message in hand is whole, whichever it is. */
    static void checkWhole(EdgeReader reader) {
        check(reader, sequence(reader), bodyLength(reader), reader.body() != null);
    }

    private static void putHeader(ByteBuffer buffer, int offset, long sequence, int bodyLength, byte flags) {
        RecordLayout.putHeader(buffer, offset, flags, 0, 1);
        buffer.putLong(offset + RecordLayout.SEQUENCE_OFFSET, sequence);
        buffer.putLong(offset + RecordLayout.TIMESTAMP_OFFSET, ~sequence);
        RecordLayout.putLengths(buffer, offset, 0, bodyLength);
    }

    private static void fill(ByteBuffer buffer, int begin, long sequence, int length) {
        int seed = seed(sequence);
        for (int i = 0; i < length; i++) {
            buffer.put(begin + i, (byte) (seed + i * 31));
        }
    }

    private static int firstDifference(ByteBuffer buffer, int begin, long sequence, int length) {
        int seed = seed(sequence);
        for (int i = 0; i < length; i++) {
            if (buffer.get(begin + i) != (byte) (seed + i * 31)) {
                return i;
            }
        }
        return -1;
    }

    private static int seed(long sequence) {
        return Long.hashCode(sequence * 0x9E37_79B9_7F4A_7C15L);
    }
}
