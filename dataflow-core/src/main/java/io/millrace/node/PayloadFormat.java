package io.millrace.node;

/** What the bytes of a payload are. */
public enum PayloadFormat {
    /** Anything; what the two ends agreed on. */
    BYTES,
    /** Text in UTF-8. */
    UTF8,
    /** JSON in UTF-8. */
    JSON,
    /** An Arrow IPC stream. */
    ARROW_IPC
}
