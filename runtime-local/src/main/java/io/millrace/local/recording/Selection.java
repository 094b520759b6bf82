package io.millrace.local.recording;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which messages of a recording are wanted.
 *
 * @param outputs their full names; empty for all
 * @param from those recorded before are passed over
 * @param to the recording is read until the first that was recorded after
 * @param limit so many at the most
 */
public record Selection(Set<String> outputs, Optional<Instant> from, Optional<Instant> to, long limit) {
    /** All of them. */
    public static final Selection ALL = new Selection(Set.of(), Optional.empty(), Optional.empty(), Long.MAX_VALUE);

    public Selection {
        outputs = Set.copyOf(outputs);
        if (limit < 0) {
            throw new IllegalArgumentException("the limit must not be negative, found " + limit);
        }
    }

    /** Of these outputs only. */
    public Selection withOutputs(Set<String> names) {
        return new Selection(names, from, to, limit);
    }

    /** So many at the most. */
    public Selection withLimit(long count) {
        return new Selection(outputs, from, to, count);
    }
}
