package io.millrace.remote.link;

/** The peer has sent what no peer of ours sends: its connection is closed, with this as the one line about it. */
final class ProtocolViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProtocolViolation(String what) {
        super(what, null, false, false);
    }
}
