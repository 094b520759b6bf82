package io.millrace.local.dora;

/** What came is dora's protocol, but more than a message of ours carries: the message says which limit that is. */
public final class NotCarriedException extends ProtocolException {
    private static final long serialVersionUID = 1;

    NotCarriedException(String message) {
        super(message);
    }

    NotCarriedException on(String output) {
        return new NotCarriedException("on output '" + output + "', " + getMessage());
    }
}
