package io.millrace.remote.link;

import io.millrace.local.edge.EdgeWriter;

/** How many messages the producer's end may send: as many as the consumer's ring would take if the consumer took none. Counted from the session's begin. On the event loop. */
final class Credit {
    private static final int SMALL_DEPTH = 16;

    /** Not worth a frame of their own, where the ring takes more. */
    private static final int FEW_MESSAGES = 32;

    private EdgeWriter ring;
    private long sequenceOfRing; // of the ring's first message, negative where others have used it before
    private long granted;

    Credit(EdgeWriter ring) {
        this.ring = ring;
    }

    /** The session begins, or goes on in another ring. */
    void use(EdgeWriter now, long firstSequence) {
        ring = now;
        sequenceOfRing = firstSequence;
    }

    long granted() {
        return granted;
    }

    /** More than was granted. */
    long grantable() {
        return sequenceOfRing + ring.taken() + ring.depth() - granted;
    }

    void grantAll() {
        granted += grantable();
    }

    /** All there is, if the producer has no more than half left and it is enough for a frame of its own. */
    boolean grantIfDue(long sequence) {
        boolean isDue = isShort(sequence) && grantable() >= step();
        if (isDue) {
            grantAll();
        }
        return isDue;
    }

    /** Few at a time where few may wait, for the producer has no room until it hears of it. */
    private int step() {
        int depth = ring.depth();
        return depth <= SMALL_DEPTH ? 1 : Math.max(depth / 4, Math.min(depth / 2, FEW_MESSAGES));
    }

    private boolean isShort(long sequence) {
        return granted - sequence <= ring.depth() / 2;
    }

    /** Whether the producer has all its room, or all but little of a large ring. */
    boolean isNearlyWhole(long sequence) {
        return granted - sequence >= ring.depth() - SMALL_DEPTH;
    }

    boolean isWhole(long sequence) {
        return granted - sequence >= ring.depth();
    }

    /** How many messages the consumer has taken when it is time to grant more; while enough is left, one more than have come. */
    long takenWhenDue(long sequence) {
        return (isShort(sequence) ? granted + step() - ring.depth() : sequence + 1) - sequenceOfRing;
    }
}
