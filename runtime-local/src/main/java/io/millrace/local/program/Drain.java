package io.millrace.local.program;

import java.util.concurrent.TimeUnit;

/**
 * How long what a program has sent is still waited for when it has exited. All of it is in its sockets then, and is read as fast as it finds room, however long that takes. A connection
 * that stays open without a word, or on which more comes all the time, is that of a process which has left the program's group. Used by the node's thread; knows no clock.
 */
final class Drain {
    static final long QUIET_NS = TimeUnit.SECONDS.toNanos(1);

    /** In all, without the time in which others kept it waiting for room. */
    static final long MOST_NS = TimeUnit.SECONDS.toNanos(5);

    private long lookedNs;
    private long busyNs; // when something came last, or waited for room
    private long spentNs;
    private boolean waitsForRoom;

    Drain(long nowNs) {
        lookedNs = nowNs;
        busyNs = nowNs;
    }

    /** After each turn. */
    void look(long nowNs, boolean hasWorked, boolean waits) {
        spentNs += waitsForRoom ? 0 : Math.min(nowNs - lookedNs, QUIET_NS); // no more for a pause of the whole JVM
        lookedNs = nowNs;
        waitsForRoom = waits;
        if (hasWorked || waits) {
            busyNs = nowNs;
        }
    }

    /** As of the last look. */
    boolean isOver() {
        return untilOverNs() <= 0;
    }

    /** Nanoseconds from the last look, unless something comes meanwhile; {@link Long#MAX_VALUE} for as long as others take. */
    long untilOverNs() {
        return waitsForRoom ? Long.MAX_VALUE : Math.min(QUIET_NS - (lookedNs - busyNs), MOST_NS - spentNs);
    }
}
