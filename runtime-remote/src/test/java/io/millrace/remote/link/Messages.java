package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Messages whose every byte follows from their sequence, so that one that was torn, moved or mixed up shows. */
final class Messages {
    private static final int PATTERN = 1 << 16;
    private static final byte[] BYTES = new byte[PATTERN + 256];

    static {
        for (int i = 0; i < BYTES.length; i++) {
            BYTES[i] = (byte) (i * 31 + (i >>> 8));
        }
    }

    private Messages() {}

    /** Sends one if there is room; by reference if it is too long for the ring. */
    static boolean trySend(EdgeWriter writer, long sequence, int bodyLength) {
        boolean isInline = RecordLayout.HEADER_LENGTH + bodyLength <= writer.maxRecordLength();
        int offset = writer.tryClaim(RecordLayout.HEADER_LENGTH + (isInline ? bodyLength : 0));
        if (offset == EdgeWriter.FULL) {
            return false;
        }
        assertThat(offset).as("a place in the ring").isNotNegative();
        ByteBuffer out = writer.buffer();
        byte flags = isInline ? 0 : RecordLayout.FLAG_REFERENCE;
        RecordLayout.putHeader(out, offset, flags, 7, 1);
        out.putLong(offset + RecordLayout.SEQUENCE_OFFSET, sequence);
        out.putLong(offset + RecordLayout.TIMESTAMP_OFFSET, ~sequence);
        RecordLayout.putLengths(out, offset, 0, bodyLength);
        if (isInline) {
            fill(out, offset + RecordLayout.HEADER_LENGTH, sequence, bodyLength);
            writer.commit(null);
        } else {
            ByteBuffer body = ByteBuffer.allocateDirect(bodyLength).order(ByteOrder.LITTLE_ENDIAN);
            fill(body, 0, sequence, bodyLength);
            writer.commit(Slab.unpooled(body));
        }
        return true;
    }

    static long sequence(EdgeReader reader) {
        return reader.buffer().getLong(reader.recordOffset() + RecordLayout.SEQUENCE_OFFSET);
    }

    /** The message in hand is whole. */
    static void check(EdgeReader reader) {
        ByteBuffer in = reader.buffer();
        int at = reader.recordOffset();
        long sequence = sequence(reader);
        int length = in.getInt(at + RecordLayout.PAYLOAD_LENGTH_OFFSET);
        ByteBuffer body = reader.body();
        assertThat(in.getLong(at + RecordLayout.TIMESTAMP_OFFSET)).isEqualTo(~sequence);
        assertThat(in.getShort(at + RecordLayout.FORMAT_OFFSET)).isEqualTo((short) 7);
        assertThat(RecordLayout.isReference(in, at)).isEqualTo(body != null);
        ByteBuffer bytes = body == null ? in : body;
        int begin = body == null ? at + RecordLayout.HEADER_LENGTH : 0;
        int shift = shift(sequence);
        for (int done = 0; done < length; ) {
            int count = Math.min(PATTERN, length - done);
            int difference = bytes.slice(begin + done, count).mismatch(ByteBuffer.wrap(BYTES, shift, count));
            assertThat(difference)
                    .as("first byte of message %s that differs, from %s on", sequence, done)
                    .isEqualTo(-1);
            done += count;
        }
    }

    private static void fill(ByteBuffer target, int begin, long sequence, int length) {
        int shift = shift(sequence);
        for (int done = 0; done < length; ) {
            int count = Math.min(PATTERN, length - done);
            target.put(begin + done, BYTES, shift, count);
            done += count;
        }
    }

    private static int shift(long sequence) {
        return (int) (sequence & 0xFF);
    }
}
