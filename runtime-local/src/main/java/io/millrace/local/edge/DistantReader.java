package io.millrace.local.edge;

import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Stands for the reader in another JVM: tells what that has taken, and is closed when that has closed, or is gone. */
final class DistantReader extends EdgeReader {
    private final EdgeWriter writer;

    DistantReader(ByteBuffer region, EdgeWriter writer, @Nullable WakeSignal writerSignal) {
        super(region, new @Nullable Slab[0], writer, writerSignal);
        this.writer = writer;
    }

    @Override
    public long received() {
        long taken = (long) Region.LONGS.getOpaque(region, MappedLayout.RECEIVED);
        return Math.max(0, Math.min(taken, writer.sent()));
    }

    /** What was not taken is counted where it was to be. */
    @Override
    public long discarded() {
        return 0;
    }

    @Override
    boolean take() {
        return false;
    }

    @Override
    void giveBack() {
        // Nothing is ever in hand.
    }

    @Override
    boolean isWaiting() {
        return false;
    }
}
