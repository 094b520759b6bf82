package io.millrace.remote.log;

import java.util.concurrent.CompletionStage;

/**
 * One member of a replicated log: a list of entries that a majority of members hold before anyone learns that one was appended, and
 * that every member gives to its {@link StateMachine} in the same order. May be used from any thread.
 *
 * <p>Entries are appended through the leading member alone. A log of one member leads itself.
 */
public interface MetadataLog extends AutoCloseable {
    /** The longest entry. */
    int MAX_ENTRY_BYTES = 1 << 20;

    /** This member's name. */
    String name();

    /**
     * Appends an entry; does not block. Entries appended one after the other by one thread are applied in that order, apart from those
     * that are not applied at all.
     *
     * <p>The log never appends by itself a second time, so an entry is applied once at the most.
     *
     * @param entry not to be changed afterwards
     * @return completes on this member's thread, never exceptionally, and after a while also where no majority can be reached
     * @throws IllegalArgumentException if the entry is longer than {@link #MAX_ENTRY_BYTES}
     */
    CompletionStage<AppendResult> append(byte[] entry);

    /**
     * As {@link #append(byte[])}, for an entry that may have to be repeated: of several appends with one id, through whichever members,
     * only the first that reaches the log is applied, and the others get its reply. That holds until {@link AppliedOnce#WINDOW} further
     * entries with an id have been applied, or {@link AppliedOnce#WINDOW_BYTES} of their replies.
     */
    CompletionStage<AppendResult> append(AppendId id, byte[] entry);

    /** What this member knows of the leader; does not block. Its listener may be about to hear of it. */
    Leadership leadership();

    /** Leaves the group, handing over the leadership where that is quick; takes some seconds at the most; idempotent. */
    @Override
    void close();
}
