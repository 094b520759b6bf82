package io.millrace.samples.marine;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;

/**
 * Where the boat is, how far it came and how fast it is.
 *
 * @param timeMs the log's time, or {@link LogTime#UNKNOWN}
 * @param latitude degrees, north positive
 * @param longitude degrees, east positive
 * @param distanceMeters from the first position to this one
 * @param speedKnots over ground at that time; NaN where it is not known
 */
public record Track(long timeMs, double latitude, double longitude, double distanceMeters, double speedKnots) {
    private static final int LENGTH = 40;

    /** Sends one; allocates nothing. */
    public static void write(
            Output output, long timeMs, double latitude, double longitude, double distanceMeters, double speedKnots) {
        Claim claim = output.claim(LENGTH);
        claim.putLong(0, timeMs);
        claim.putDouble(8, latitude);
        claim.putDouble(16, longitude);
        claim.putDouble(24, distanceMeters);
        claim.putDouble(32, speedKnots);
        claim.commit();
    }

    public static Track read(Message message) {
        return new Track(
                message.getLong(0),
                message.getDouble(8),
                message.getDouble(16),
                message.getDouble(24),
                message.getDouble(32));
    }
}
