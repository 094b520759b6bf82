package io.millrace.local.dora;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.Random;

/** Takes and gives as many bytes as chance will have it, as a socket does that must not block. */
final class PipedChannel implements GatheringByteChannel, ReadableByteChannel {
    private final Random random;
    private byte[] held = {};
    private int from;

    PipedChannel(long seed) {
        random = new Random(seed);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        int room = random.nextInt(4) == 0 ? random.nextInt(30) : random.nextInt(100_000);
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        taken.write(held, from, held.length - from);
        long written = 0;
        for (int i = offset; i < offset + length; i++) {
            while (sources[i].hasRemaining() && written < room) {
                taken.write(sources[i].get());
                written++;
            }
        }
        held = taken.toByteArray();
        from = 0;
        return written;
    }

    @Override
    public long write(ByteBuffer[] sources) {
        return write(sources, 0, sources.length);
    }

    @Override
    public int write(ByteBuffer source) {
        return (int) write(new ByteBuffer[] {source});
    }

    @Override
    public int read(ByteBuffer target) {
        int left = Math.min(held.length - from, target.remaining());
        int count = left == 0 ? 0 : random.nextInt(4) == 0 ? 1 + random.nextInt(Math.min(left, 9)) : left;
        target.put(held, from, count);
        from += count;
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
