package io.millrace.local.edge;

import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Stands for the reader in another JVM: tells what that has taken, and is closed when that has closed, or is gone. */
final class DistantReader extends EdgeReader {
    private final EdgeWriter writer;
    private final SentRecords records;
    private final @Nullable Slab[] inHand;

    DistantReader(ByteBuffer region, EdgeWriter writer, @Nullable WakeSignal writerSignal, SentRecords records) {
        this(region, writer, writerSignal, records, new @Nullable Slab[1]);
    }

    private DistantReader(
            ByteBuffer region,
            EdgeWriter writer,
            @Nullable WakeSignal writerSignal,
            SentRecords records,
            @Nullable Slab[] inHand) {
        super(region, Region.CHECKED, inHand, writer, writerSignal);
        this.writer = writer;
        this.records = records;
        this.inHand = inHand;
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

    /** What could not be sent to that reader. The producer's thread. */
    @Override
    boolean take() {
        Slab body = records.takeStranded();
        if (body == null) {
            return false;
        }
        inHand[0] = body;
        return hold(records.strandedOffset(), 0, 1);
    }

    @Override
    void giveBack() {
        // Nobody writes there any more.
    }

    @Override
    boolean isWaiting() {
        return false;
    }
}
