package io.millrace.samples.mixed;

import io.millrace.codec.DoubleArrayView;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import java.util.Map;

/**
 * A part of a signal, sampled at equal distances.
 *
 * @param number of the block in its signal, from 0
 * @param startMs the log's time at the first sample
 * @param intervalSeconds from one sample to the next
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared or changed
record Block(long number, long startMs, double intervalSeconds, double[] samples) {

    void send(Output output) {
        Parameters about = Parameters.of(Map.of(
                "number", number,
                "start_ms", startMs,
                "interval_s", intervalSeconds));
        Claim claim = output.claim(samples.length * Double.BYTES, about);
        for (int i = 0; i < samples.length; i++) {
            claim.putDouble(i * Double.BYTES, samples[i]);
        }
        claim.commit();
    }

    static Block read(Message message) {
        Parameters about = message.parameters();
        return new Block(
                about.number("number").orElseThrow(),
                about.number("start_ms").orElseThrow(),
                about.decimal("interval_s").orElseThrow(),
                new DoubleArrayView().decode(message).toArray());
    }
}
