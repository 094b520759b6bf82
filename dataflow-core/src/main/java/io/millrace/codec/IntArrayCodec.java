package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Ints one after the other, little-endian: as many as the payload is long. {@link IntArrayView} reads them in place. */
public final class IntArrayCodec extends ArrayCodec<int[]> {
    private static final int SHIFT = 2;

    IntArrayCodec() {
        super(CodecNames.INT, Integer.BYTES);
    }

    /** Sends some of the values, as {@link Codec#send(Output, Object)} sends all. */
    public SendResult send(Output output, int[] values, int from, int count) {
        Objects.checkFromIndexSize(from, count, values.length);
        Claim claim = claim(output, count);
        putAll(values, from, count, claim);
        return finish(output, claim);
    }

    /** Writes one value into a claim of {@link #claim} or {@link #tryClaim}. */
    public void put(Claim claim, int index, int value) {
        claim.putInt(Objects.checkIndex(index, claim.length() >> SHIFT) << SHIFT, value);
    }

    @Override
    int countIn(int[] values) {
        return values.length;
    }

    @Override
    protected void put(int[] values, Claim claim) {
        putAll(values, 0, values.length, claim);
    }

    /** The claim has room for them all. */
    private static void putAll(int[] values, int from, int count, Claim claim) {
        ByteBuffer buffer = claim.buffer();
        int at = claim.offset();
        for (int i = 0; i < count; i++) {
            buffer.putInt(at + (i << SHIFT), values[from + i]);
        }
    }

    @Override
    protected int[] get(Message message) {
        int[] values = new int[countOf(message)];
        ByteBuffer buffer = message.buffer();
        int at = message.offset();
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.getInt(at + (i << SHIFT));
        }
        return values;
    }
}
