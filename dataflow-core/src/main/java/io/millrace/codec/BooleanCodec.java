package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;

/** One boolean: a byte of 0 or 1. Its own {@code send} and {@link #readBoolean} neither box nor allocate. */
public final class BooleanCodec extends Codec<Boolean> {
    BooleanCodec() {
        super("a boolean", CodecNames.BOOLEAN);
    }

    /** As {@link Codec#send(Output, Object)}, without a box. */
    public SendResult send(Output output, boolean value) {
        Claim claim = begin(output, Byte.BYTES);
        claim.putByte(0, (byte) (value ? 1 : 0));
        return finish(output, claim);
    }

    /** As {@link Codec#read}, without a box. */
    public boolean readBoolean(Message message) {
        check(message);
        return valueOf(message);
    }

    @Override
    public int length(Boolean value) {
        return Byte.BYTES;
    }

    @Override
    protected void put(Boolean value, Claim claim) {
        claim.putByte(0, (byte) (value ? 1 : 0));
    }

    @Override
    protected Boolean get(Message message) {
        return valueOf(message);
    }

    private boolean valueOf(Message message) {
        checkLength(message, Byte.BYTES);
        return Bits.toBoolean(this, message, 0);
    }
}
