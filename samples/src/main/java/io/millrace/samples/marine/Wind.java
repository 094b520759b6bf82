package io.millrace.samples.marine;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;

/**
 * The wind as it is felt on board, and as it blows over ground.
 *
 * @param timeMs the log's time, or {@link LogTime#UNKNOWN}
 * @param apparentDegrees where it comes from on board: 0 to 360, clockwise from the bow
 * @param apparentKnots its speed on board
 * @param trueDegrees where it comes from, clockwise from the bow; NaN where it is not known
 * @param trueKnots its speed over ground; NaN where it is not known
 */
public record Wind(long timeMs, double apparentDegrees, double apparentKnots, double trueDegrees, double trueKnots) {
    private static final int LENGTH = 40;

    /** Sends one; allocates nothing. */
    public static void write(
            Output output,
            long timeMs,
            double apparentDegrees,
            double apparentKnots,
            double trueDegrees,
            double trueKnots) {
        Claim claim = output.claim(LENGTH);
        claim.putLong(0, timeMs);
        claim.putDouble(8, apparentDegrees);
        claim.putDouble(16, apparentKnots);
        claim.putDouble(24, trueDegrees);
        claim.putDouble(32, trueKnots);
        claim.commit();
    }

    public static Wind read(Message message) {
        return new Wind(
                message.getLong(0),
                message.getDouble(8),
                message.getDouble(16),
                message.getDouble(24),
                message.getDouble(32));
    }
}
