package io.millrace.samples.marine;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;

/**
 * The water below the transducer.
 *
 * @param timeMs the log's time, or {@link LogTime#UNKNOWN}
 * @param meters not negative
 */
public record Depth(long timeMs, double meters) {
    private static final int LENGTH = 16;

    /** Sends one; allocates nothing. */
    public static void write(Output output, long timeMs, double meters) {
        Claim claim = output.claim(LENGTH);
        claim.putLong(0, timeMs);
        claim.putDouble(8, meters);
        claim.commit();
    }

    public static Depth read(Message message) {
        return new Depth(message.getLong(0), message.getDouble(8));
    }
}
