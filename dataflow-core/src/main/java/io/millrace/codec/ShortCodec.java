package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;

/** One short, little-endian. Its own {@code send} and {@link #readShort} neither box nor allocate. */
public final class ShortCodec extends Codec<Short> {
    ShortCodec() {
        super("a short", CodecNames.SHORT);
    }

    /** As {@link Codec#send(Output, Object)}, without a box. */
    public SendResult send(Output output, short value) {
        Claim claim = begin(output, Short.BYTES);
        claim.putShort(0, value);
        return finish(output, claim);
    }

    /** As {@link Codec#read}, without a box. */
    public short readShort(Message message) {
        check(message);
        return valueOf(message);
    }

    @Override
    public int length(Short value) {
        return Short.BYTES;
    }

    @Override
    protected void put(Short value, Claim claim) {
        claim.putShort(0, value);
    }

    @Override
    protected Short get(Message message) {
        return valueOf(message);
    }

    private short valueOf(Message message) {
        checkLength(message, Short.BYTES);
        return message.getShort(0);
    }
}
