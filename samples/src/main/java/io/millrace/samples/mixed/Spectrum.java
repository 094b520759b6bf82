package io.millrace.samples.mixed;

import io.millrace.codec.DoubleArrayView;
import io.millrace.node.Message;
import io.millrace.node.Parameters;

/**
 * Where the power of a block lies, as {@code spectrum.py} sends it.
 *
 * @param number of the block in its signal, from 0
 * @param startMs the log's time at the block's first sample
 * @param resolutionHz from one frequency to the next, of which the first is 0
 * @param mean of the block's samples
 * @param variance of what remains of the block without its trend: the sum of all densities, times the resolution
 * @param density in squares of the signal's unit per hertz
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared or changed
record Spectrum(long number, long startMs, double resolutionHz, double mean, double variance, double[] density) {

    static Spectrum read(Message message) {
        Parameters about = message.parameters();
        return new Spectrum(
                about.number("number").orElseThrow(),
                about.number("start_ms").orElseThrow(),
                about.decimal("resolution_hz").orElseThrow(),
                about.decimal("mean").orElseThrow(),
                about.decimal("variance").orElseThrow(),
                new DoubleArrayView().decode(message).toArray());
    }
}
