package io.millrace.local.dora;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of a message on the wire, in one piece or several, none of which is copied to be here: it is valid as long as its buffers are. Equal to another with
 * the same bytes. Used by one thread.
 */
public final class Payload {
    private final List<ByteBuffer> pieces;
    private final int length;

    private Payload(List<ByteBuffer> pieces, int length) {
        this.pieces = pieces;
        this.length = length;
    }

    /**
     * The remaining bytes of these, one behind the other. Their positions are not moved, and must not be moved by others.
     *
     * @throws FrameTooLargeException if together they are more than a frame can hold
     */
    public static Payload of(ByteBuffer... pieces) {
        long length = 0;
        for (ByteBuffer piece : pieces) {
            length += piece.remaining();
        }
        if (length > FrameReader.MAX_BODY_BYTES) {
            throw new FrameTooLargeException(length);
        }
        return new Payload(List.of(pieces), (int) length);
    }

    public int length() {
        return length;
    }

    /** In order; together they are {@link #length()} bytes. */
    public List<ByteBuffer> pieces() {
        return pieces;
    }

    /** All bytes in one buffer: what a decoder made is one already, else they are copied together. Positions are the reader's own. */
    public ByteBuffer whole() {
        if (pieces.size() == 1) {
            return pieces.get(0).duplicate();
        }
        ByteBuffer whole = ByteBuffer.allocate(length);
        pieces.forEach(piece -> whole.put(piece.duplicate()));
        return whole.flip();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload that && length == that.length && whole().equals(that.whole());
    }

    @Override
    public int hashCode() {
        return whole().hashCode();
    }

    @Override
    public String toString() {
        return length + " bytes";
    }
}
