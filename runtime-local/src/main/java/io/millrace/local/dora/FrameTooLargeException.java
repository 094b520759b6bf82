package io.millrace.local.dora;

/** What is to be sent does not fit into a frame of the protocol. Nothing was sent, and the connection can go on with something smaller. */
public final class FrameTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long bodyBytes;

    FrameTooLargeException(long bodyBytes) {
        super("a frame of " + bodyBytes + " bytes is larger than the " + FrameReader.MAX_BODY_BYTES
                + " (64 MiB) that dora's protocol allows: send it in parts");
        this.bodyBytes = bodyBytes;
    }

    /** How large the frame would have been. */
    public long bodyBytes() {
        return bodyBytes;
    }
}
