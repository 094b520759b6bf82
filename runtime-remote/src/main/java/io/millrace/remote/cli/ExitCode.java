package io.millrace.remote.cli;

/** What the process ends with: documented, and stable for scripts. */
final class ExitCode {
    /** All is well. */
    static final int OK = 0;
    /** The dataflow failed, or did not start. */
    static final int FAILED = 1;
    /** The command or a dataflow file cannot be used as it is. */
    static final int INVALID = 2;
    /** There is no such job, node, output or machine. */
    static final int UNKNOWN = 3;
    /** The masters have said no: a name is taken, no executor can take a node, a limit is reached. */
    static final int REFUSED = 4;
    /** No leading master was reached in time. */
    static final int UNREACHABLE = 69;
    /** A fault of Millrace itself. */
    static final int INTERNAL = 70;
    /** Ended by a signal: this and its number, as shells have it; 130 after Ctrl-C. */
    static final int SIGNAL = 128;

    private ExitCode() {}
}
