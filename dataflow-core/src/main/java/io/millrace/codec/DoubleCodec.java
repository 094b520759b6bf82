package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;

/** One double, little-endian. Its own {@code send} and {@link #readDouble} neither box nor allocate. */
public final class DoubleCodec extends Codec<Double> {
    DoubleCodec() {
        super("a double", CodecNames.DOUBLE);
    }

    /** As {@link Codec#send(Output, Object)}, without a box. */
    public SendResult send(Output output, double value) {
        Claim claim = begin(output, Double.BYTES);
        claim.putDouble(0, value);
        return finish(output, claim);
    }

    /** As {@link Codec#read}, without a box. */
    public double readDouble(Message message) {
        check(message);
        return valueOf(message);
    }

    @Override
    public int length(Double value) {
        return Double.BYTES;
    }

    @Override
    protected void put(Double value, Claim claim) {
        claim.putDouble(0, value);
    }

    @Override
    protected Double get(Message message) {
        return valueOf(message);
    }

    private double valueOf(Message message) {
        checkLength(message, Double.BYTES);
        return message.getDouble(0);
    }
}
