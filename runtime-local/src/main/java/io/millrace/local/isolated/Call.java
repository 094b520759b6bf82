package io.millrace.local.isolated;

import io.millrace.local.dora.ProtocolException;

/** What the JVM of a node is called for. */
enum Call {
    OPEN,
    RUN,
    INPUT,
    BATCH,
    INPUT_CLOSED,
    INPUT_RECOVERED,
    ALL_INPUTS_CLOSED,
    NODE_FAILED,
    NODE_RESTARTED,
    STOP,
    CLOSE;

    private static final Call[] ALL = values();

    @SuppressWarnings("EnumOrdinal") // both ends run the same classes
    byte code() {
        return (byte) ordinal();
    }

    static Call of(int code) {
        if (code < 0 || code >= ALL.length) {
            throw new ProtocolException("expected a call, within 0 to " + (ALL.length - 1) + ", found " + code);
        }
        return ALL[code];
    }
}
