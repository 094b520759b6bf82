package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;

/** One int, little-endian. Its own {@code send} and {@link #readInt} neither box nor allocate. */
public final class IntCodec extends Codec<Integer> {
    IntCodec() {
        super("an int", CodecNames.INT);
    }

    /** As {@link Codec#send(Output, Object)}, without a box. */
    public SendResult send(Output output, int value) {
        Claim claim = begin(output, Integer.BYTES);
        claim.putInt(0, value);
        return finish(output, claim);
    }

    /** As {@link Codec#read}, without a box. */
    public int readInt(Message message) {
        check(message);
        return valueOf(message);
    }

    @Override
    public int length(Integer value) {
        return Integer.BYTES;
    }

    @Override
    protected void put(Integer value, Claim claim) {
        claim.putInt(0, value);
    }

    @Override
    protected Integer get(Message message) {
        return valueOf(message);
    }

    private int valueOf(Message message) {
        checkLength(message, Integer.BYTES);
        return message.getInt(0);
    }
}
