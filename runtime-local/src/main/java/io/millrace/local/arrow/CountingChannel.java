package io.millrace.local.arrow;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Keeps nothing of what is written but its length. */
final class CountingChannel implements WritableByteChannel {
    private long count;

    long count() {
        return count;
    }

    @Override
    public int write(ByteBuffer source) {
        int written = source.remaining();
        source.position(source.limit());
        count += written;
        return written;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
