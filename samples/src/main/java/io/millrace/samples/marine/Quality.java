package io.millrace.samples.marine;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;

/**
 * How good the log was: said once, at its end.
 *
 * @param sentences lines and parts of lines that are sentences, intact or damaged
 * @param badChecksums those of them whose checksum is wrong or missing
 * @param noiseLines lines without any sentence
 * @param voidPositions intact positions that say that they are not valid
 * @param firstMs the first time in the log, or {@link LogTime#UNKNOWN}
 * @param lastMs the last time in the log, or {@link LogTime#UNKNOWN}
 * @param complete false if the log ended before its end because a node failed
 */
public record Quality(
        long sentences,
        long badChecksums,
        long noiseLines,
        long voidPositions,
        long firstMs,
        long lastMs,
        boolean complete) {
    private static final int LENGTH = 49;

    /** Sends one; allocates nothing. */
    public static void write(
            Output output,
            long sentences,
            long badChecksums,
            long noiseLines,
            long voidPositions,
            long firstMs,
            long lastMs,
            boolean complete) {
        Claim claim = output.claim(LENGTH);
        claim.putLong(0, sentences);
        claim.putLong(8, badChecksums);
        claim.putLong(16, noiseLines);
        claim.putLong(24, voidPositions);
        claim.putLong(32, firstMs);
        claim.putLong(40, lastMs);
        claim.putByte(48, (byte) (complete ? 1 : 0));
        claim.commit();
    }

    public static Quality read(Message message) {
        return new Quality(
                message.getLong(0),
                message.getLong(8),
                message.getLong(16),
                message.getLong(24),
                message.getLong(32),
                message.getLong(40),
                message.getByte(48) != 0);
    }
}
