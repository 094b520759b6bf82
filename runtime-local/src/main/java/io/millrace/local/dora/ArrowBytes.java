package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Plain bytes as dora has them: an Arrow IPC stream of one batch with one column {@code data} of unsigned bytes. Written and recognised by hand, so that nobody needs
 * Arrow's library to exchange bytes, and without copying them. Any thread.
 *
 * <pre>
 *     0  0xffffffff, 128, schema: one field "data", Int(8, unsigned), nullable
 *   136  0xffffffff, 136, record batch: N rows, no nulls, buffers (0, 0) and (0, N), body of N bytes up to a multiple of 8
 *   280  N bytes, filled up with zeros to a multiple of 8
 *        0xffffffff, 0: the end
 * </pre>
 */
public final class ArrowBytes {
    /** In front of the bytes. */
    public static final int PREFIX_BYTES = 280;

    /** What {@link #unwrap} says of a stream of anything else. */
    public static final long NOT_PLAIN = -1;

    private static final int END_BYTES = 8;
    private static final int SCHEMA_BYTES = 128;
    private static final int BATCH_AT = 136;
    private static final int BATCH_BYTES = 136;
    // Within the batch's frame, whose description begins 8 bytes behind it.
    private static final int BODY_LENGTH_AT = BATCH_AT + 8 + 24;
    private static final int ROWS_AT = BATCH_AT + 8 + 56;
    private static final int NODE_ROWS_AT = BATCH_AT + 8 + 80;
    private static final int BUFFER_LENGTH_AT = BATCH_AT + 8 + 128;

    private static final byte[] TEMPLATE = template();
    private static final ByteBuffer[] SUFFIXES = suffixes();

    private ArrowBytes() {}

    /**
     * The stream that holds these bytes, which stay where they are: between a prefix that is made and a suffix that is shared. The position is not moved.
     *
     * @throws FrameTooLargeException if no frame can hold it
     */
    public static Payload wrap(ByteBuffer bytes) {
        int length = bytes.remaining();
        return Payload.of(prefix(length), bytes, suffix(length));
    }

    /** How long the stream of {@code length} bytes is. */
    public static long streamLength(int length) {
        return PREFIX_BYTES + padded(length) + END_BYTES;
    }

    /** What comes before {@code length} bytes: {@link #PREFIX_BYTES}. */
    public static ByteBuffer prefix(int length) {
        ByteBuffer prefix = ByteBuffer.wrap(TEMPLATE.clone()).order(ByteOrder.LITTLE_ENDIAN);
        return prefix.putLong(BODY_LENGTH_AT, padded(length))
                .putLong(ROWS_AT, length)
                .putLong(NODE_ROWS_AT, length)
                .putLong(BUFFER_LENGTH_AT, length);
    }

    /** What comes behind {@code length} bytes: zeros up to a multiple of 8, and the end of the stream. */
    public static ByteBuffer suffix(int length) {
        return SUFFIXES[length & 7].duplicate();
    }

    private static long padded(int length) {
        return (length + 7L) & ~7L;
    }

    /**
     * Looks for plain bytes in a stream: one batch with one column of unsigned bytes, none missing, not compressed. Believes nothing that it reads, and throws nothing. The
     * position is not moved.
     *
     * @return {@link #NOT_PLAIN}, or where the bytes begin, counted from the buffer's position, and how many they are: see {@link #offset} and {@link #length}
     */
    public static long unwrap(ByteBuffer stream) {
        return new ArrowStream(stream).plainBytes();
    }

    /** Of what {@link #unwrap} has returned. */
    public static int offset(long found) {
        return (int) (found >>> 32);
    }

    /** Of what {@link #unwrap} has returned. */
    public static int length(long found) {
        return (int) found;
    }

    static long found(int offset, int length) {
        return (long) offset << 32 | length;
    }

    private static ByteBuffer[] suffixes() {
        ByteBuffer[] suffixes = new ByteBuffer[8];
        for (int over = 0; over < suffixes.length; over++) {
            int padding = -over & 7;
            ByteBuffer suffix = ByteBuffer.allocateDirect(padding + END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            suffixes[over] = suffix.putInt(padding, -1).asReadOnlyBuffer();
        }
        return suffixes;
    }

    // Flatbuffers by hand: a table begins with the distance back to its vtable, which says at which of its bytes each
    // field is (0 for none); offsets count forward from where they stand. The numbers in comments are places in the
    // description.
    private static byte[] template() {
        ByteBuffer out = ByteBuffer.allocate(PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(-1).putInt(SCHEMA_BYTES);
        message(out, ArrowStream.SCHEMA, 44);
        shorts(out, 8, 8, 0, 4); // 36: vtable of Schema: endianness (little by default), fields
        out.putInt(8).putInt(4); // 44: Schema
        out.putInt(1).putInt(20); // 52: its fields
        shorts(
                out, 16, 18, 4, 16, 17, 8, 0,
                12); // 60: vtable of Field: name, nullable, type's kind, type, dictionary, children
        out.putInt(16).putInt(16).putInt(32).putInt(36); // 76: Field
        out.put((byte) 1).put((byte) ArrowStream.INT).putShort((short) 0);
        out.putInt(4).put(new byte[] {'d', 'a', 't', 'a', 0, 0, 0, 0}); // 96: its name
        shorts(out, 8, 8, 4, 0); // 108: vtable of Int: width, signed (not by default)
        out.putInt(8).putInt(8); // 116: Int
        out.putInt(0); // 124: no children

        out.putInt(-1).putInt(BATCH_BYTES);
        message(out, ArrowStream.RECORD_BATCH, 52);
        shorts(out, 10, 20, 4, 12, 16, 0, 0, 0); // 36: vtable of RecordBatch: rows, nodes, buffers
        out.putInt(16).putLong(0).putInt(12).putInt(32); // 52: RecordBatch
        out.putInt(0).putInt(1).putLong(0).putLong(0); // 76: one node: rows, nulls
        out.putInt(0).putInt(2).putLong(0).putLong(0).putLong(0).putLong(0); // 100: two buffers: offset, length
        return out.array();
    }

    static void message(ByteBuffer out, int kind, int headerAt) {
        out.putInt(16); // 0: where Message is
        shorts(out, 12, 20, 16, 18, 4, 8); // 4: vtable of Message: version, header's kind, header, body's length
        out.putInt(12).putInt(headerAt - 20).putLong(0).putShort((short) ArrowStream.VERSION_5); // 16: Message
        out.put((byte) kind).put((byte) 0);
    }

    static void shorts(ByteBuffer out, int... values) {
        for (int value : values) {
            out.putShort((short) value);
        }
    }
}
