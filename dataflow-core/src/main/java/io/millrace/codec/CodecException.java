package io.millrace.codec;

import io.millrace.node.Message;

/** A payload is not what the codec that reads it expects: another codec has written it, or its bytes are damaged. Nothing was read. */
public final class CodecException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CodecException(String message) {
        super(message);
    }

    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }

    static CodecException malformed(String codec, Message message, int at, String what) {
        return new CodecException("message " + message.sequence() + " of " + message.length() + " bytes is not " + codec
                + ": at byte " + at + ", " + what);
    }
}
