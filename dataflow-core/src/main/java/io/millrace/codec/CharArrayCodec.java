package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Chars one after the other, units of UTF-16, little-endian: as many as the payload is long. {@link CharArrayView} reads them in place. */
public final class CharArrayCodec extends ArrayCodec<char[]> {
    private static final int SHIFT = 1;

    CharArrayCodec() {
        super(CodecNames.CHAR, Character.BYTES);
    }

    /** Sends some of the values, as {@link Codec#send(Output, Object)} sends all. */
    public SendResult send(Output output, char[] values, int from, int count) {
        Objects.checkFromIndexSize(from, count, values.length);
        Claim claim = claim(output, count);
        putAll(values, from, count, claim);
        return finish(output, claim);
    }

    /** Writes one value into a claim of {@link #claim} or {@link #tryClaim}. */
    public void put(Claim claim, int index, char value) {
        claim.putShort(Objects.checkIndex(index, claim.length() >> SHIFT) << SHIFT, (short) value);
    }

    @Override
    int countIn(char[] values) {
        return values.length;
    }

    @Override
    protected void put(char[] values, Claim claim) {
        putAll(values, 0, values.length, claim);
    }

    /** The claim has room for them all. */
    private static void putAll(char[] values, int from, int count, Claim claim) {
        ByteBuffer buffer = claim.buffer();
        int at = claim.offset();
        for (int i = 0; i < count; i++) {
            buffer.putChar(at + (i << SHIFT), values[from + i]);
        }
    }

    @Override
    protected char[] get(Message message) {
        char[] values = new char[countOf(message)];
        ByteBuffer buffer = message.buffer();
        int at = message.offset();
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.getChar(at + (i << SHIFT));
        }
        return values;
    }
}
