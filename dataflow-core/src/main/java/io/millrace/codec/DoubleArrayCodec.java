package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Doubles one after the other, little-endian: as many as the payload is long. {@link DoubleArrayView} reads them in place. */
public final class DoubleArrayCodec extends ArrayCodec<double[]> {
    private static final int SHIFT = 3;

    DoubleArrayCodec() {
        super(CodecNames.DOUBLE, Double.BYTES);
    }

    /** Sends some of the values, as {@link Codec#send(Output, Object)} sends all. */
    public SendResult send(Output output, double[] values, int from, int count) {
        Objects.checkFromIndexSize(from, count, values.length);
        Claim claim = claim(output, count);
        putAll(values, from, count, claim);
        return finish(output, claim);
    }

    /** Writes one value into a claim of {@link #claim} or {@link #tryClaim}. */
    public void put(Claim claim, int index, double value) {
        claim.putDouble(Objects.checkIndex(index, claim.length() >> SHIFT) << SHIFT, value);
    }

    @Override
    int countIn(double[] values) {
        return values.length;
    }

    @Override
    protected void put(double[] values, Claim claim) {
        putAll(values, 0, values.length, claim);
    }

    /** The claim has room for them all. */
    private static void putAll(double[] values, int from, int count, Claim claim) {
        ByteBuffer buffer = claim.buffer();
        int at = claim.offset();
        for (int i = 0; i < count; i++) {
            buffer.putDouble(at + (i << SHIFT), values[from + i]);
        }
    }

    @Override
    protected double[] get(Message message) {
        double[] values = new double[countOf(message)];
        ByteBuffer buffer = message.buffer();
        int at = message.offset();
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.getDouble(at + (i << SHIFT));
        }
        return values;
    }
}
