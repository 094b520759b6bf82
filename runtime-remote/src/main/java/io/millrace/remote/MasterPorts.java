package io.millrace.remote;

/** The ports of masters where nothing else is said. */
final class MasterPorts {
    /** Executors and clients. */
    static final int CONTROL = 53290;

    /** Other masters. */
    static final int RAFT = 53292;

    private MasterPorts() {}
}
