package io.millrace.local.dora;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A frame on its way out: filled by {@link RequestCodec}, {@link ReplyCodec} or {@link EventBatch}, then written to a channel in as many turns as that takes. Memory is used
 * again for the next frame. Used by one thread.
 *
 * <p>Payloads up to {@link #COPIED_BYTES} are copied into the frame; larger ones are written from where they are, and must stay there until the frame is written.
 */
public final class FrameWriter {
    /** The largest payload that is copied. */
    public static final int COPIED_BYTES = 16 << 10;

    // Room for the frame's length and for the head of a list of events, which is known last.
    static final int BODY_AT = 24;

    private static final int NO_PIECES = 0;

    private final PostcardWriter postcard = new PostcardWriter();
    private final List<ByteBuffer> payloads = new ArrayList<>();
    private final List<Integer> payloadsAt = new ArrayList<>();
    private long payloadBytes;
    private ByteBuffer[] pieces = new ByteBuffer[1];
    private int pieceCount = NO_PIECES;
    private int written = NO_PIECES;
    private long frameBytes;

    /** Forgets what was there. */
    PostcardWriter begin() {
        clear();
        postcard.position(BODY_AT);
        return postcard;
    }

    PostcardWriter postcard() {
        return postcard;
    }

    /** What has been put into the frame since {@link #begin}. */
    long bodyBytes() {
        return postcard.position() - BODY_AT + payloadBytes;
    }

    /** Its length, then its bytes or a reference to them. */
    void payload(Payload payload) {
        postcard.varint(payload.length());
        if (payload.length() <= COPIED_BYTES) {
            payload.pieces().forEach(postcard::raw);
        } else {
            payload.pieces().forEach(this::refer);
        }
    }

    private void refer(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            payloads.add(bytes.duplicate());
            payloadsAt.add(postcard.position());
            payloadBytes += bytes.remaining();
        }
    }

    int payloadCount() {
        return payloads.size();
    }

    /** Takes back what came after a place. */
    void backTo(int position, int payloadCount) {
        postcard.position(position);
        while (payloads.size() > payloadCount) {
            int last = payloads.size() - 1;
            payloadBytes -= payloads.remove(last).remaining();
            payloadsAt.remove(last);
        }
    }

    /** To be called after the last field. */
    void end() {
        end(BODY_AT);
    }

    /** @param bodyAt where the body begins, {@link #BODY_AT} or earlier */
    void end(int bodyAt) {
        long length = postcard.position() - bodyAt + payloadBytes;
        if (length > FrameReader.MAX_BODY_BYTES) {
            clear();
            throw new FrameTooLargeException(length);
        }
        int frameAt = bodyAt - FrameReader.HEADER_BYTES;
        postcard.patch(frameAt, length);
        frameBytes = FrameReader.HEADER_BYTES + length;
        layOut(frameAt);
    }

    private void layOut(int frameAt) {
        if (pieces.length < 2 * payloads.size() + 1) {
            pieces = new ByteBuffer[2 * payloads.size() + 1];
        }
        int from = frameAt;
        for (int i = 0; i < payloads.size(); i++) {
            int at = payloadsAt.get(i);
            if (at > from) {
                pieces[pieceCount++] = postcard.view(from, at);
            }
            pieces[pieceCount++] = payloads.get(i);
            from = at;
        }
        if (postcard.position() > from) {
            pieces[pieceCount++] = postcard.view(from, postcard.position());
        }
    }

    private void clear() {
        payloads.clear();
        payloadsAt.clear();
        payloadBytes = 0;
        java.util.Arrays.fill(pieces, 0, pieceCount, null);
        pieceCount = NO_PIECES;
        written = NO_PIECES;
        frameBytes = 0;
    }

    /** The bytes of the whole frame, header included; 0 if there is none. */
    public long frameBytes() {
        return frameBytes;
    }

    /** Whether nothing of a frame is left to be written. */
    public boolean isWritten() {
        return written == pieceCount;
    }

    /**
     * Writes once to the channel, header and payloads together.
     *
     * @return {@link #isWritten()}; if false, call it again when the channel takes more
     */
    public boolean writeTo(GatheringByteChannel channel) throws IOException {
        if (written < pieceCount) {
            long count = channel.write(pieces, written, pieceCount - written);
            if (count < 0) {
                throw new IOException("the connection is closed");
            }
        }
        while (written < pieceCount && !pieces[written].hasRemaining()) {
            written++;
        }
        if (isWritten()) {
            forgetPayloads();
        }
        return isWritten();
    }

    // What was written is no longer ours to hold.
    private void forgetPayloads() {
        payloads.clear();
        payloadsAt.clear();
        java.util.Arrays.fill(pieces, 0, pieceCount, null);
        pieceCount = NO_PIECES;
        written = NO_PIECES;
    }

    /** A copy of what is left to be written. */
    public byte[] toByteArray() {
        int length = 0;
        for (int i = written; i < pieceCount; i++) {
            length += pieces[i].remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (int i = written; i < pieceCount; i++) {
            all.put(pieces[i].duplicate());
        }
        return all.array();
    }
}
