package io.millrace.local.edge;

import io.millrace.layout.Padding;
import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a one-to-one ring, ours or Agrona's, in place. See {@link OneToOneRing}. */
class OneToOneReader extends EdgeReader {
    static final int NO_HEAD = -1;

    private final int capacity;
    private final int headOffset;
    private final int bodyMask;

    private long position; // of the next frame; bytes, ever growing
    private long taken; // messages, with those that an abandoning writer has given up
    private boolean isRoomDeferred;

    /** @param headOffset where the position up to which everything is done with is told, for a ring that counts bytes; or {@link #NO_HEAD} */
    OneToOneReader(
            ByteBuffer region,
            int capacity,
            int headOffset,
            @Nullable Slab[] bodies,
            EdgeWriter writer,
            @Nullable WakeSignal writerSignal) {
        super(region, Region.addressOf(region), bodies, writer, writerSignal);
        this.capacity = capacity;
        this.headOffset = headOffset;
        this.bodyMask = bodies.length - 1;
    }

    @Override
    boolean take() {
        while (true) {
            int begin = indexOf(position);
            long head = headAt(begin);
            if (lengthOf(head) <= 0) {
                return false;
            }
            if (isPadding(head)) {
                // Published after the frame that follows it by ours, before it by a writer of Agrona's own.
                position += lengthOf(head);
                begin = 0;
                head = headAt(0);
                if (lengthOf(head) <= 0) {
                    return false;
                }
            }
            position += RecordLayout.align8(lengthOf(head));
            taken++;
            int offset = Region.RING + begin + OneToOneRing.FRAME_HEADER_LENGTH;
            if (OneToOneRing.isBrief(head)) {
                beginBrief(OneToOneRing.formatOf(head), lengthOf(head) - OneToOneRing.FRAME_HEADER_LENGTH);
            } else {
                beginWhole(offset);
            }
            if (hold(offset, (int) taken & bodyMask, taken)) {
                if (!isRoomDeferred) {
                    giveRoom(receivedSoFar());
                }
                return true;
            }
        }
    }

    private void giveRoom(long messages) {
        // Partner: hasRoomInRing() of the writers. The message before is done with, so its memory goes back with this.
        Region.putLongRelease(region, address, Region.READER_POSITION, messages);
        // Partner: LosslessWriter.wakeAt().
        if (hasWriterSignal() && messages >= Region.getLongOpaque(region, address, Region.WAKE_AT)) {
            signalRoom();
        }
    }

    @Override
    public void deferRoom(boolean isDeferred) {
        isRoomDeferred = isDeferred;
        if (!isDeferred) {
            giveRoom(receivedSoFar());
        }
    }

    @Override
    public void releaseRoom(long messages) {
        if (isRoomDeferred) {
            giveRoom(Math.min(messages, receivedSoFar()));
        }
    }

    @Override
    public long roomGiven() {
        return (long) Region.LONGS.getOpaque(region, Region.READER_POSITION);
    }

    @Override
    void giveBack() {
        if (headOffset != NO_HEAD) {
            // For Agrona's own classes, to which this is how much room there is.
            Region.putLongRelease(region, address, headOffset, position);
        }
    }

    @Override
    boolean isWaiting() {
        long head = headAt(indexOf(position));
        return lengthOf(head) > 0 && (!isPadding(head) || lengthOf(headAt(0)) > 0);
    }

    private int indexOf(long framePosition) {
        return (int) framePosition & (capacity - 1);
    }

    /** Length and type of a frame in one look: of the one that is told by its length, the type was written before. */
    private long headAt(int begin) {
        // Partner: publishFrame() of the writers.
        return Region.getLongAcquire(region, address, Region.RING + begin);
    }

    private static int lengthOf(long head) {
        return (int) head;
    }

    private static boolean isPadding(long head) {
        return OneToOneRing.typeOf(head) == OneToOneRing.PADDING;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends OneToOneReader {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(
                ByteBuffer region,
                int capacity,
                int headOffset,
                @Nullable Slab[] bodies,
                EdgeWriter writer,
                @Nullable WakeSignal writerSignal) {
            super(region, capacity, headOffset, bodies, writer, writerSignal);
        }
    }
}
