package io.millrace.remote.link;

import io.millrace.layout.Padding;
import io.millrace.local.pool.Slab;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a link says to the other, as one stream of frames that outlives connections. Positions count its bytes from the begin on.
 *
 * <pre>
 *         acknowledged          written to the connection        appended
 *   ---------------|----------------------------|--------------------|
 *    forgotten     |  kept, sent again after    |  kept, to be sent  |
 *                  |  the connection is lost    |                    |
 * </pre>
 *
 * Frames stand in chunks: a record is copied once, from its ring into a chunk, and written from there, as often as it takes. The body of a record by reference is not copied: the
 * stream has references to its slab. Who appends looks at {@link #unacknowledged()} first; that bounds it.
 *
 * <p>Used on the link's event loop. No allocation per message: chunks and segments are used again.
 */
class SendStream extends Padding {
    static final int CHUNK_BYTES = 64 * 1024;

    private static final int SPARE_CHUNKS = 8;

    private final ByteBufAllocator allocator;
    private final @Nullable Chunk[] spares = new Chunk[SPARE_CHUNKS];
    private int spareCount;
    private @Nullable Chunk current;

    // A circle of segments; the indexes only grow.
    private Segment[] segments = newSegments(16, null);
    private int first; // kept
    private int next; // to be written
    private int end;
    private int nextOffset; // bytes of the next one that are written

    private long position;
    private long acknowledged;
    private long written;
    private long sentOnce; // as far as any connection has been written to

    /** A buffer for frames, and how it is looked at. */
    private static final class Chunk {
        final ByteBuf buffer;
        final ByteBuffer bytes;
        int length; // appended
        int segments; // that are kept

        Chunk(ByteBuf buffer) {
            this.buffer = buffer;
            this.bytes = buffer.nioBuffer(0, CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** A piece of the stream that stands in one chunk, or in one slab. */
    private static final class Segment {
        @Nullable Chunk chunk;

        @Nullable Slab slab;

        @Nullable ByteBuf body;

        int from;
        int to;
        long begin;

        long end() {
            return begin + to - from;
        }

        ByteBuf buffer() {
            return body != null ? body : Objects.requireNonNull(chunk).buffer;
        }
    }

    SendStream(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Appended so far. */
    long position() {
        return position;
    }

    /** Appended and not known to have arrived. */
    long unacknowledged() {
        return position - acknowledged;
    }

    boolean hasUnwritten() {
        return written < position;
    }

    /** Room for a frame of up to {@link #CHUNK_BYTES}; it is written from {@link #at()} on and ended by {@link #append}. */
    ByteBuffer reserve(int length) {
        Chunk chunk = current;
        if (chunk == null || chunk.length + length > CHUNK_BYTES) {
            chunk = takeChunk();
        }
        return chunk.bytes;
    }

    /** Where in the reserved buffer the frame begins. */
    int at() {
        return Objects.requireNonNull(current).length;
    }

    /** The frame stands there. */
    void append(int length) {
        Chunk chunk = Objects.requireNonNull(current);
        Segment last = segments[(end - 1) & (segments.length - 1)];
        if (first == end || last.chunk != chunk || last.slab != null) {
            last = addSegment();
            last.chunk = chunk;
            last.from = chunk.length;
            chunk.segments++;
        }
        chunk.length += length;
        last.to = chunk.length;
        position += length;
    }

    /** Bytes of a slab, which are kept by a reference of their own. */
    void append(Slab slab, int offset, int length) {
        Segment segment = addSegment();
        slab.retain();
        segment.slab = slab;
        segment.body = Unpooled.wrappedBuffer(slab.view().slice(offset, length));
        segment.from = 0;
        segment.to = length;
        position += length;
    }

    /** Writes what was appended since; the caller flushes. Returns whether there was anything. */
    @SuppressWarnings("FutureReturnValueIgnored") // a write that fails shows as the end of its channel
    boolean writeTo(ChannelHandlerContext context) {
        boolean any = false;
        while (next != end) {
            Segment segment = segmentAt(next);
            int from = segment.from + nextOffset;
            if (from < segment.to) {
                context.write(segment.buffer().retainedSlice(from, segment.to - from), context.voidPromise());
                nextOffset = segment.to - segment.from;
                any = true;
            }
            if (next == end - 1) {
                break; // it may still grow
            }
            next++;
            nextOffset = 0;
        }
        written = position;
        sentOnce = Math.max(sentOnce, written);
        return any;
    }

    /** All before the position has arrived. */
    void acknowledge(long arrived) {
        if (arrived > sentOnce) {
            throw new ProtocolViolation("an acknowledgement of " + arrived + " bytes, sent were " + sentOnce);
        }
        if (arrived <= acknowledged) {
            return;
        }
        acknowledged = arrived;
        while (first != end && segmentAt(first).end() <= arrived && !isGrowing(first)) {
            if (next == first) {
                next++;
                nextOffset = 0;
            }
            forget(segmentAt(first));
            first++;
        }
    }

    private boolean isGrowing(int index) {
        Segment segment = segmentAt(index);
        return index == end - 1 && segment.chunk == current && segment.slab == null;
    }

    /**
     * A new connection goes on where the peer says it is.
     *
     * @param onAgain told the channel of each message that will be sent once more
     * @return where it goes on: there, or where more is known to have arrived
     * @throws ProtocolViolation if no frame begins there
     */
    long resume(long received, IntConsumer onAgain) {
        if (received > sentOnce) {
            throw new ProtocolViolation("a peer that has " + received + " bytes of the stream, sent were " + sentOnce);
        }
        long from = Math.max(received, acknowledged);
        next = first;
        nextOffset = 0;
        long frame = first == end ? position : segmentAt(first).begin;
        for (int i = first; i != end; i++) {
            Segment segment = segmentAt(i);
            frame = segment.slab == null ? walk(segment, frame, from, onAgain) : Math.max(frame, segment.end());
            if (segment.end() <= from) {
                next = i + 1;
            } else if (segment.begin < from) {
                nextOffset = (int) (from - segment.begin);
            }
        }
        if (next == end && first != end) { // the last one may still grow
            next = end - 1;
            nextOffset = segmentAt(next).to - segmentAt(next).from;
        }
        written = from;
        return from;
    }

    /** @return where the first frame behind the segment begins */
    private long walk(Segment segment, long firstFrame, long from, IntConsumer onAgain) {
        ByteBuffer bytes = Objects.requireNonNull(segment.chunk).bytes;
        long frame = firstFrame;
        while (frame < segment.end()) {
            int at = segment.from + (int) (frame - segment.begin);
            int length = bytes.getInt(at);
            if (frame < from && frame + length > from) {
                throw new ProtocolViolation("a peer that has received a part of a frame");
            }
            int messages = frame >= from && frame < sentOnce ? Frames.messages(bytes, at) : 0;
            for (int i = 0; i < messages; i++) {
                onAgain.accept(bytes.getInt(at + Frames.CHANNEL_OFFSET));
            }
            frame += length;
        }
        return frame;
    }

    /** How many messages of the channel are not known to have arrived whole. Looks at all that is kept. */
    int unacknowledged(int channel) {
        int messages = 0;
        long frame = first == end ? position : segmentAt(first).begin;
        for (int i = first; i != end; i++) {
            Segment segment = segmentAt(i);
            while (segment.slab == null && frame < segment.end()) {
                ByteBuffer bytes = Objects.requireNonNull(segment.chunk).bytes;
                int at = segment.from + (int) (frame - segment.begin);
                int type = Frames.type(bytes, at);
                frame += bytes.getInt(at);
                if (frame > acknowledged && bytes.getInt(at + Frames.CHANNEL_OFFSET) == channel) {
                    boolean isRestOfBody = type == Frames.FRAGMENT && messages == 0;
                    messages += isRestOfBody ? 1 : Frames.messages(bytes, at);
                }
            }
            frame = Math.max(frame, segment.end());
        }
        return messages;
    }

    /** Forgets everything. */
    void close() {
        while (first != end) {
            forget(segmentAt(first));
            first++;
        }
        if (current != null) {
            current.buffer.release();
            current = null;
        }
        while (spareCount > 0) {
            Objects.requireNonNull(spares[--spareCount]).buffer.release();
            spares[spareCount] = null;
        }
    }

    private void forget(Segment segment) {
        Slab slab = segment.slab;
        if (slab != null) {
            segment.slab = null;
            Objects.requireNonNull(segment.body).release();
            segment.body = null;
            slab.release();
        } else {
            Chunk chunk = Objects.requireNonNull(segment.chunk);
            chunk.segments--;
            retire(chunk);
        }
        segment.chunk = null;
    }

    private void retire(Chunk chunk) {
        if (chunk == current || chunk.segments > 0) {
            return;
        }
        // A connection that is going down may still have slices of it.
        if (spareCount < SPARE_CHUNKS && chunk.buffer.refCnt() == 1) {
            spares[spareCount++] = chunk;
        } else {
            chunk.buffer.release();
        }
    }

    private Chunk takeChunk() {
        Chunk full = current;
        Chunk chunk;
        if (spareCount > 0) {
            chunk = Objects.requireNonNull(spares[--spareCount]);
            spares[spareCount] = null;
            chunk.length = 0;
        } else {
            chunk = new Chunk(allocator.directBuffer(CHUNK_BYTES, CHUNK_BYTES).writerIndex(CHUNK_BYTES));
        }
        current = chunk;
        if (full != null) {
            retire(full); // where all of it has arrived
        }
        return chunk;
    }

    private Segment addSegment() {
        if (end - first == segments.length) {
            Segment[] larger = newSegments(2 * segments.length, this);
            segments = larger;
        }
        Segment segment = segmentAt(end);
        segment.begin = position;
        segment.chunk = null;
        end++;
        return segment;
    }

    private static Segment[] newSegments(int length, @Nullable SendStream old) {
        Segment[] all = new Segment[length];
        int kept = 0;
        if (old != null) {
            for (int i = old.first; i != old.end; i++) {
                all[i & (length - 1)] = old.segmentAt(i);
                kept++;
            }
            for (int i = old.end; kept < length; i++, kept++) {
                all[i & (length - 1)] = new Segment();
            }
            return all;
        }
        for (int i = 0; i < length; i++) {
            all[i] = new Segment();
        }
        return all;
    }

    private Segment segmentAt(int index) {
        return segments[index & (segments.length - 1)];
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends SendStream {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(ByteBufAllocator allocator) {
            super(allocator);
        }
    }
}
