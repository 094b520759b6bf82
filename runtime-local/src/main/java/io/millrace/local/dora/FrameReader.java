package io.millrace.local.dora;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what comes over a connection into frames, in whatever pieces it comes: the length in 8 bytes, little-endian, then as many bytes of body. Does not block where
 * the channel does not. Used by one thread.
 *
 * <p>Memory grows with the bytes that have come, never with what a length promises; it shrinks again when large frames stay away.
 */
public final class FrameReader {
    /** The largest body that the protocol allows: 64 MiB. */
    public static final int MAX_BODY_BYTES = 64 << 20;

    static final int HEADER_BYTES = Long.BYTES;

    private static final int INITIAL_BYTES = 64 << 10;
    private static final int GROWTH = 4;
    private static final int LARGE_BYTES = 1 << 20;
    private static final int SMALL_FRAMES_BEFORE_SHRINKING = 1024;

    private int mostBodyBytes;
    // From begin to end: what has come and was not handed out.
    private ByteBuffer memory = allocate(INITIAL_BYTES);
    private int begin;
    private int end;
    private int smallFrames;

    public FrameReader() {
        this(MAX_BODY_BYTES);
    }

    /** @param mostBodyBytes longer frames are refused; at most {@link #MAX_BODY_BYTES} */
    public FrameReader(int mostBodyBytes) {
        if (mostBodyBytes < 1 || mostBodyBytes > MAX_BODY_BYTES) {
            throw new IllegalArgumentException(
                    "a frame's limit is within 1 to " + MAX_BODY_BYTES + ", found " + mostBodyBytes);
        }
        this.mostBodyBytes = mostBodyBytes;
    }

    /** From the next frame on they may be as long as the protocol allows: who sends them is known. */
    public void trust() {
        mostBodyBytes = MAX_BODY_BYTES;
    }

    /**
     * Reads once from the channel. To be called when {@link #next} has returned null, and only when what it returned before is no longer needed.
     *
     * @return how many bytes have come, -1 at the end of the connection
     */
    public int readFrom(ReadableByteChannel channel) throws IOException {
        makeRoom();
        memory.limit(memory.capacity()).position(end);
        int count = channel.read(memory);
        end += Math.max(0, count);
        return count;
    }

    /**
     * The body of the next frame that is complete, little-endian, valid until the next {@link #readFrom}; null if more must be read first.
     *
     * @throws ProtocolException if a length is one that no node of dora would send
     */
    public @Nullable ByteBuffer next() {
        if (end - begin < HEADER_BYTES) {
            return null;
        }
        int length = bodyLength();
        if (end - begin - HEADER_BYTES < length) {
            return null;
        }
        ByteBuffer body = memory.limit(memory.capacity())
                .slice(begin + HEADER_BYTES, length)
                .order(ByteOrder.LITTLE_ENDIAN);
        begin += HEADER_BYTES + length;
        smallFrames = length < LARGE_BYTES / GROWTH ? smallFrames + 1 : 0;
        return body;
    }

    /** Whether the connection ends here in the middle of a frame. */
    public boolean hasPartOfFrame() {
        return end > begin;
    }

    int memoryBytes() {
        return memory.capacity();
    }

    private int bodyLength() {
        long length = memory.getLong(begin);
        if (length < 0 || length > mostBodyBytes) {
            throw new ProtocolException("expected the length of a frame, at most " + mostBodyBytes + " bytes, found "
                    + Long.toUnsignedString(length) + " (0x" + Long.toHexString(length)
                    + "): what connected here does not speak the protocol of dora 1.x");
        }
        return (int) length;
    }

    private void makeRoom() {
        if (begin == end) {
            begin = 0;
            end = 0;
            shrink();
            return;
        }
        int needed = end - begin < HEADER_BYTES ? HEADER_BYTES : HEADER_BYTES + bodyLength();
        if (needed > memory.capacity() && end - begin > memory.capacity() / 2) {
            // Full, or nearly so: then what came so far is reason enough for more.
            moveTo(allocate((int) Math.min(needed, (long) GROWTH * memory.capacity())));
        } else if (begin > 0 && needed > memory.capacity() - begin) {
            moveTo(memory);
        }
    }

    private void moveTo(ByteBuffer target) {
        ByteBuffer left = memory.limit(memory.capacity()).slice(begin, end - begin);
        target.limit(target.capacity()).position(0);
        target.put(left);
        memory = target;
        end -= begin;
        begin = 0;
    }

    private void shrink() {
        if (memory.capacity() > LARGE_BYTES && smallFrames >= SMALL_FRAMES_BEFORE_SHRINKING) {
            memory = allocate(INITIAL_BYTES);
        }
    }

    // Direct, for a channel would copy through such memory anyway.
    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
