package io.millrace.local.dora;

import java.util.UUID;

/** Names a clock in timestamps: 16 bytes as they stand on the wire, not all of them 0. */
public record ClockId(long first, long last) {
    public ClockId {
        if ((first | last) == 0) {
            throw new IllegalArgumentException("a clock's id is not 0");
        }
    }

    /** A new one that nobody else has. */
    public static ClockId random() {
        UUID uuid = UUID.randomUUID();
        return new ClockId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
