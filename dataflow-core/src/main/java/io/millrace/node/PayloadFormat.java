package io.millrace.node;

/** What the bytes of a payload are, where they are not those of a codec with an id of its own. Numbers from 256 on are ids of codecs. */
public enum PayloadFormat {
    /** Anything; what the two ends agreed on. */
    BYTES(0),
    /** Text in UTF-8. */
    UTF8(1),
    /** JSON in UTF-8. */
    JSON(2),
    /** An Arrow IPC stream. */
    ARROW_IPC(3);

    private static final PayloadFormat[] BY_CODE = values();

    private final int code;

    PayloadFormat(int code) {
        this.code = code;
    }

    /** Its number in a record. */
    public int code() {
        return code;
    }

    /** The format of that number; {@link #BYTES} for one that is not known. */
    public static PayloadFormat ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : BYTES;
    }
}
