package io.millrace.remote.log;

import java.util.Optional;

/** How an append came out. */
public sealed interface AppendResult {
    /**
     * The entry stands in the log for good, and this member has applied it.
     *
     * @param index its place in the log; of an append that was repeated, the place where it was applied
     * @param reply what the state machine made of it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
    record Applied(long index, byte[] reply) implements AppendResult {
        @Override
        public String toString() {
            return "Applied[index=" + index + ", reply=" + reply.length + " bytes]";
        }
    }

    /**
     * The entry has not been appended and never will be, for this member does not lead.
     *
     * @param leader the member that does, as far as this one knows
     */
    record NotLeader(Optional<String> leader) implements AppendResult {}

    /** Whether the entry will be applied is not known: ask the state, or append again with the same {@link AppendId}. */
    record Unknown(String reason) implements AppendResult {}

    /** The entry has not been appended and never will be: too much is pending, the disk is full, the log is closed. */
    record Refused(String reason) implements AppendResult {}
}
