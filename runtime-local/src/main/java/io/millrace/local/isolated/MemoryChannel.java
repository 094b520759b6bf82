package io.millrace.local.isolated;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;

/** The two pipes of one end as a channel, which does not block: what is not there is not read, what has no room is not written. Used by one thread. */
final class MemoryChannel implements ReadableByteChannel, GatheringByteChannel {
    private final MemoryPipe.Reader in;
    private final MemoryPipe.Writer out;
    private final Spin spin = new Spin();

    MemoryChannel(NodeMemory memory, MemoryPipe.Waker waker) {
        in = memory.reader(waker);
        out = memory.writer(waker);
    }

    /** Whether to sleep until the other end wakes this one, as there is nothing to read; looks for a moment before. */
    boolean sleepsToRead() {
        return !spin.await(in) && in.sleeps();
    }

    /** Whether to sleep until the other end wakes this one, as there is no room. */
    boolean sleepsToWrite() {
        return !spin.await(out) && out.sleeps();
    }

    /** After a sleep. */
    void awake() {
        in.awake();
        out.awake();
    }

    boolean isReadable() {
        return in.isReady();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return in.read(target);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return out.write(source);
    }

    @Override
    public long write(ByteBuffer[] sources, int from, int count) throws IOException {
        long total = 0;
        for (int i = from; i < from + count; i++) {
            total += out.write(sources[i]);
            if (sources[i].hasRemaining()) {
                break;
            }
        }
        return total;
    }

    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // Memory lives as long as it is mapped.
    }
}
