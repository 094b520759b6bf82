package io.millrace.local.recording;

import io.millrace.layout.HybridClock;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: the order of the recording, kept by sources that each run on a thread of their own. Any thread; only the one whose turn it is reads on, or changes
 * what is current.
 *
 * <p>A source that leaves is passed over from then on. Whether its turn comes before or after that, one of the two sees the other, for both do it under the lock.
 */
final class ReplaySchedule {
    /** No source's turn: nothing is left, or reading on has failed. */
    static final int OVER = -1;

    /** Some 146 years, after which times can still be compared. */
    private static final double LONGEST_NS = 0x1p62;

    private final RecordingReader reader;
    private final Map<String, Integer> ownerOfOutput;
    private final double speed;

    /** How many sources are still there: looked at while reading on, which may take long and is of no use when there are none. */
    private final AtomicInteger present;

    // Guarded by this.
    private final boolean[] isHere;
    private boolean isBegun;
    private int awaited;
    private long beginNs;
    private long firstTimestampNs;

    // Written under the lock by the one whose turn it is.
    private @Nullable RecordedMessage current;
    private volatile long dueNs;
    private volatile int turn = OVER;
    private volatile long sent;
    private volatile long missing;
    private volatile boolean isCut;

    ReplaySchedule(RecordingReader reader, Map<String, Integer> ownerOfOutput, int owners, double speed) {
        this.reader = reader;
        this.ownerOfOutput = ownerOfOutput;
        this.speed = speed;
        this.isHere = new boolean[owners];
        this.awaited = owners;
        this.present = new AtomicInteger(owners);
        java.util.Arrays.fill(isHere, true);
    }

    /** A source is there. The clock of the first one's begin is that of all. */
    synchronized void enter(int owner, long nowNs) {
        if (awaited-- <= 0 || !isHere[owner]) {
            throw new IllegalStateException("a replay is started once: make another of the recording");
        }
        if (!isBegun) {
            isBegun = true;
            beginNs = nowNs;
            readOn(true);
        }
    }

    /** The source whose turn it is, or {@link #OVER}. */
    int turn() {
        return turn;
    }

    /** When the current message is due, by the clock of the run. */
    long dueNs() {
        return dueNs;
    }

    /** For the one whose turn it is. */
    RecordedMessage current() {
        return Objects.requireNonNull(current);
    }

    /** The current message was sent. For the one whose turn it is. */
    synchronized void advance() {
        sent = sent + 1;
        missing = missing + current().missing();
        readOn(false);
    }

    /** A source is gone; its turn, should it have it, goes to the next. */
    void leave(int owner) {
        present.decrementAndGet();
        synchronized (this) {
            isHere[owner] = false;
            if (turn == owner) {
                readOn(false);
            }
        }
    }

    private void readOn(boolean isFirst) {
        int next = OVER;
        try {
            RecordedMessage message = next();
            while (message != null && !isHere[ownerOf(message)]) {
                message = next();
            }
            isCut = message == null && reader.isCut();
            if (message != null) {
                current = message;
                long timestampNs = HybridClock.epochNanos(message.message().timestamp());
                if (isFirst) {
                    firstTimestampNs = timestampNs;
                }
                dueNs = due(timestampNs);
                next = ownerOf(message);
            }
        } finally {
            turn = next;
        }
    }

    private @Nullable RecordedMessage next() {
        return present.get() == 0 ? null : reader.next();
    }

    private int ownerOf(RecordedMessage message) {
        return Objects.requireNonNull(ownerOfOutput.get(message.output()));
    }

    private long due(long timestampNs) {
        return speed == 0 ? beginNs : beginNs + (long) Math.min((timestampNs - firstTimestampNs) / speed, LONGEST_NS);
    }

    long sent() {
        return sent;
    }

    long missing() {
        return missing;
    }

    /** Whether all was read of a recording that has no end. */
    boolean isCut() {
        return isCut;
    }

    synchronized void close() {
        turn = OVER;
        reader.close();
    }
}
