package io.millrace.samples.marine;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;

/**
 * How the boat moves over ground.
 *
 * @param timeMs the log's time, or {@link LogTime#UNKNOWN}
 * @param degrees towards true north, 0 to 360; NaN where it is not known
 * @param knots its speed
 */
public record Course(long timeMs, double degrees, double knots) {
    private static final int LENGTH = 24;

    /** Sends one; allocates nothing. */
    public static void write(Output output, long timeMs, double degrees, double knots) {
        Claim claim = output.claim(LENGTH);
        claim.putLong(0, timeMs);
        claim.putDouble(8, degrees);
        claim.putDouble(16, knots);
        claim.commit();
    }

    public static Course read(Message message) {
        return new Course(message.getLong(0), message.getDouble(8), message.getDouble(16));
    }
}
