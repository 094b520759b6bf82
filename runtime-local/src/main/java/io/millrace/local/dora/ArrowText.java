package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A text as dora has it: an Arrow IPC stream of one batch with one column {@code data} of one string. Written by hand as {@link ArrowBytes} is, and around the text, which is
 * not copied. Any thread.
 *
 * <pre>
 *     0  0xffffffff, 128, schema: one field "data", Utf8, nullable
 *   136  0xffffffff, 152, record batch: 1 row, no nulls, buffers (0, 0), (0, 8) and (8, N), body of 8 + N bytes up to a multiple of 8
 *   296  where the text begins and ends: 0, N
 *   304  N bytes, filled up with zeros to a multiple of 8
 *        0xffffffff, 0: the end
 * </pre>
 */
public final class ArrowText {
    /** In front of the text. */
    public static final int PREFIX_BYTES = 304;

    private static final int UTF8 = 5;
    private static final int SCHEMA_BYTES = 128;
    private static final int BATCH_AT = 136;
    private static final int BATCH_BYTES = 152;
    private static final int OFFSETS_BYTES = 8;
    // Within the batch's frame, whose description begins 8 bytes behind it.
    private static final int BODY_LENGTH_AT = BATCH_AT + 8 + 24;
    private static final int TEXT_LENGTH_AT = BATCH_AT + 8 + 144;
    private static final int END_AT = PREFIX_BYTES - Integer.BYTES;

    private static final byte[] TEMPLATE = template();

    private ArrowText() {}

    /**
     * The stream that holds a text in UTF-8, which stays where it is. The position is not moved.
     *
     * @throws FrameTooLargeException if no frame can hold it
     */
    public static Payload wrap(ByteBuffer utf8) {
        int length = utf8.remaining();
        ByteBuffer prefix = ByteBuffer.wrap(TEMPLATE.clone()).order(ByteOrder.LITTLE_ENDIAN);
        prefix.putLong(BODY_LENGTH_AT, OFFSETS_BYTES + (length + 7L & ~7L))
                .putLong(TEXT_LENGTH_AT, length)
                .putInt(END_AT, length);
        return Payload.of(prefix, utf8, ArrowBytes.suffix(length));
    }

    // As in ArrowBytes: tables begin with the distance back to their vtable; the numbers in comments are places in the
    // description.
    private static byte[] template() {
        ByteBuffer out = ByteBuffer.allocate(PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(-1).putInt(SCHEMA_BYTES);
        ArrowBytes.message(out, ArrowStream.SCHEMA, 44);
        ArrowBytes.shorts(out, 8, 8, 0, 4); // 36: vtable of Schema: endianness (little by default), fields
        out.putInt(8).putInt(4); // 44: Schema
        out.putInt(1).putInt(20); // 52: its fields
        // 60: vtable of Field: name, nullable, type's kind, type, dictionary, children
        ArrowBytes.shorts(out, 16, 18, 4, 16, 17, 8, 0, 12);
        out.putInt(16).putInt(16).putInt(28).putInt(36); // 76: Field
        out.put((byte) 1).put((byte) UTF8).putShort((short) 0);
        out.putInt(4).put(new byte[] {'d', 'a', 't', 'a', 0, 0, 0, 0}); // 96: its name
        ArrowBytes.shorts(out, 4, 4); // 108: vtable of Utf8, which has no fields
        out.putInt(4).putLong(0); // 112: Utf8
        out.putInt(0); // 124: no children

        out.putInt(-1).putInt(BATCH_BYTES);
        ArrowBytes.message(out, ArrowStream.RECORD_BATCH, 52);
        ArrowBytes.shorts(out, 10, 20, 4, 12, 16, 0, 0, 0); // 36: vtable of RecordBatch: rows, nodes, buffers
        out.putInt(16).putLong(1).putInt(12).putInt(32); // 52: RecordBatch
        out.putInt(0).putInt(1).putLong(1).putLong(0); // 76: one node: rows, nulls
        out.putInt(0).putInt(3); // 100: three buffers: offset, length
        out.putLong(0)
                .putLong(0)
                .putLong(0)
                .putLong(OFFSETS_BYTES)
                .putLong(OFFSETS_BYTES)
                .putLong(0);
        return out.array();
    }
}
