package io.millrace.samples.marine;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;

/**
 * Where the boat is, by a valid position of the log.
 *
 * @param timeMs the log's time, or {@link LogTime#UNKNOWN}
 * @param latitude degrees, north positive
 * @param longitude degrees, east positive
 */
public record Position(long timeMs, double latitude, double longitude) {
    private static final int LENGTH = 24;

    /** Sends one; allocates nothing. */
    public static void write(Output output, long timeMs, double latitude, double longitude) {
        Claim claim = output.claim(LENGTH);
        claim.putLong(0, timeMs);
        claim.putDouble(8, latitude);
        claim.putDouble(16, longitude);
        claim.commit();
    }

    public static Position read(Message message) {
        return new Position(message.getLong(0), message.getDouble(8), message.getDouble(16));
    }
}
