package io.millrace.local.isolated;

import io.millrace.local.dora.ProtocolException;

/** What the JVM of a node asks for: the first byte of its messages. Each but those that say otherwise is answered. */
enum Ask {
    /** What was called is done, or it has just begun: answered by the next call, or at the node's end. */
    DONE,
    /** The next event. */
    NEXT,
    SLEEP,
    /** Room for a message, kept until it is committed or aborted. */
    CLAIM,
    /** A piece of a claimed message. */
    WRITE,
    /** The last piece; from a node with its own loop it is not answered. */
    COMMIT,
    ABORT,
    /** Claim and commit in one. */
    PUT,
    SEND,
    /** The message in hand is sent on as it is. */
    FORWARD,
    /** A piece of what is then sent. */
    STAGE,
    HAS_ROOM,
    IS_CLOSED,
    CLOSE,
    CHECKPOINT,
    /** The next piece of a message that was too large for one. */
    MORE,
    /** The next message of a batch. */
    BATCH_NEXT,
    /** The first on the other connection, which is for log records; not answered. */
    RECORDS,
    /** A log record; not answered. */
    LOG;

    private static final Ask[] ALL = values();

    @SuppressWarnings("EnumOrdinal") // both ends run the same classes
    byte code() {
        return (byte) ordinal();
    }

    static Ask of(int code) {
        if (code < 0 || code >= ALL.length) {
            throw new ProtocolException(
                    "expected what is asked for, within 0 to " + (ALL.length - 1) + ", found " + code);
        }
        return ALL[code];
    }
}
