package io.millrace.remote.log;

/** Opens this process's member of a log: what a master is given, so that it need not know which kind of log it runs on. */
@FunctionalInterface
public interface MetadataLogs {
    /**
     * Opens the member: restores the machine from what the member has stored, and joins the others. Returns without waiting for them.
     * The machine may be called before this returns; the listener is, on the member's thread, from then on.
     *
     * @throws LogUnavailableException if it cannot be opened: a folder in use, or of another cluster, an address that is taken
     */
    MetadataLog open(StateMachine machine, LogListener listener);
}
