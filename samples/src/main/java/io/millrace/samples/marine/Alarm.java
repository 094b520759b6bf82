package io.millrace.samples.marine;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;

/**
 * The water has become shallow, or deep enough again.
 *
 * @param timeMs the log's time, or {@link LogTime#UNKNOWN}
 * @param meters the depth that was the reason
 * @param limitMeters the depth of which it was on the wrong side, or again on the right one
 * @param raised false when the alarm is cleared
 */
public record Alarm(long timeMs, double meters, double limitMeters, boolean raised) {
    private static final int LENGTH = 25;

    /** Sends one; allocates nothing. */
    public static void write(Output output, long timeMs, double meters, double limitMeters, boolean raised) {
        Claim claim = output.claim(LENGTH);
        claim.putLong(0, timeMs);
        claim.putDouble(8, meters);
        claim.putDouble(16, limitMeters);
        claim.putByte(24, (byte) (raised ? 1 : 0));
        claim.commit();
    }

    public static Alarm read(Message message) {
        return new Alarm(message.getLong(0), message.getDouble(8), message.getDouble(16), message.getByte(24) != 0);
    }
}
