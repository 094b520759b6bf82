package io.millrace.local.isolated;

import io.millrace.local.dora.ProtocolException;
import io.millrace.node.NodeInterruptedException;

/** What comes back to the JVM of a node: the first byte of its messages. */
enum Answer {
    /** To what was asked. */
    REPLY,
    /** Do this first. */
    CALL,
    REFUSED_STATE,
    REFUSED_ARGUMENT,
    REFUSED_INTERRUPTED,
    /** On the other connection: interrupt the node's thread. */
    INTERRUPT,
    /** On the other connection: the dataflow is being stopped. */
    STOPPING;

    private static final Answer[] ALL = values();

    @SuppressWarnings("EnumOrdinal") // both ends run the same classes
    byte code() {
        return (byte) ordinal();
    }

    static Answer of(int code) {
        if (code < 0 || code >= ALL.length) {
            throw new ProtocolException("expected an answer, within 0 to " + (ALL.length - 1) + ", found " + code);
        }
        return ALL[code];
    }

    static Answer refusal(RuntimeException e) {
        return e instanceof NodeInterruptedException
                ? REFUSED_INTERRUPTED
                : e instanceof IllegalArgumentException ? REFUSED_ARGUMENT : REFUSED_STATE;
    }

    RuntimeException exception(String message) {
        return switch (this) {
            case REFUSED_ARGUMENT -> new IllegalArgumentException(message);
            case REFUSED_INTERRUPTED -> new NodeInterruptedException(message);
            case REFUSED_STATE -> new IllegalStateException(message);
            default -> throw new ProtocolException("expected an answer to what was asked, found " + this);
        };
    }
}
