package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;

/** One float, little-endian. Its own {@code send} and {@link #readFloat} neither box nor allocate. */
public final class FloatCodec extends Codec<Float> {
    FloatCodec() {
        super("a float", CodecNames.FLOAT);
    }

    /** As {@link Codec#send(Output, Object)}, without a box. */
    public SendResult send(Output output, float value) {
        Claim claim = begin(output, Float.BYTES);
        claim.putFloat(0, value);
        return finish(output, claim);
    }

    /** As {@link Codec#read}, without a box. */
    public float readFloat(Message message) {
        check(message);
        return valueOf(message);
    }

    @Override
    public int length(Float value) {
        return Float.BYTES;
    }

    @Override
    protected void put(Float value, Claim claim) {
        claim.putFloat(0, value);
    }

    @Override
    protected Float get(Message message) {
        return valueOf(message);
    }

    private float valueOf(Message message) {
        checkLength(message, Float.BYTES);
        return message.getFloat(0);
    }
}
