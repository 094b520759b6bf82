package io.millrace.remote.log;

/** A log of one member that is gone with its process: for tests, and for a master that need not survive. */
public final class MemoryLog {
    private static final String NAME = "memory";

    private MemoryLog() {}

    /** A new log, which leads itself at once. */
    public static MetadataLog open(StateMachine machine, LogListener listener) {
        return MemoryLogGroup.of(NAME).open(NAME, machine, listener);
    }
}
