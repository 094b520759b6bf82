package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Booleans one after the other, a byte of 0 or 1 each: as many as the payload is long. {@link BooleanArrayView} reads them in place. */
public final class BooleanArrayCodec extends ArrayCodec<boolean[]> {
    BooleanArrayCodec() {
        super(CodecNames.BOOLEAN, Byte.BYTES);
    }

    /** Sends some of the values, as {@link Codec#send(Output, Object)} sends all. */
    public SendResult send(Output output, boolean[] values, int from, int count) {
        Objects.checkFromIndexSize(from, count, values.length);
        Claim claim = claim(output, count);
        putAll(values, from, count, claim);
        return finish(output, claim);
    }

    /** Writes one value into a claim of {@link #claim} or {@link #tryClaim}. */
    public void put(Claim claim, int index, boolean value) {
        claim.putByte(Objects.checkIndex(index, claim.length()), (byte) (value ? 1 : 0));
    }

    @Override
    int countIn(boolean[] values) {
        return values.length;
    }

    @Override
    protected void put(boolean[] values, Claim claim) {
        putAll(values, 0, values.length, claim);
    }

    /** The claim has room for them all. */
    private static void putAll(boolean[] values, int from, int count, Claim claim) {
        ByteBuffer buffer = claim.buffer();
        int at = claim.offset();
        for (int i = 0; i < count; i++) {
            buffer.put(at + i, (byte) (values[from + i] ? 1 : 0));
        }
    }

    @Override
    protected boolean[] get(Message message) {
        boolean[] values = new boolean[message.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Bits.toBoolean(this, message, i);
        }
        return values;
    }
}
