package io.millrace.local.dora;

/** What came from the other end is not dora's protocol: the message says where, what was expected and what was found. The connection is of no use any more. */
public class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ProtocolException(String message) {
        super(message);
    }
}
