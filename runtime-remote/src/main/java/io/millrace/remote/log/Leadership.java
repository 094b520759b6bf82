package io.millrace.remote.log;

import java.util.Optional;

/**
 * Who leads, as far as one member knows.
 *
 * @param term grows with every change of the leader; no two members lead in one term
 * @param leader the leading member, empty while none is known
 * @param own whether this member leads and has applied every entry of the leaders before it
 */
public record Leadership(long term, Optional<String> leader, boolean own) {
    /** What a member knows that has just been opened. */
    public static final Leadership NONE = new Leadership(0, Optional.empty(), false);
}
