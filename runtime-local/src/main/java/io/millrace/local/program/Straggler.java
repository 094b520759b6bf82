package io.millrace.local.program;

import java.time.Duration;

/**
 * A program that is being ended, for the dataflow is over but for it: when it gets which signal. Immutable.
 *
 * @param silentForNs how long it had been silent; negative if it is none
 * @param terminateNs when it gets SIGTERM if it still runs, by the node's clock
 * @param killNs when its group gets SIGKILL
 */
record Straggler(long silentForNs, long terminateNs, long killNs) {
    static final Straggler NONE = new Straggler(-1, 0, 0);

    /** One that was told to stop just now, and has as long as in a stop of the dataflow. */
    static Straggler of(long silentForNs, long nowNs, long graceNs) {
        return new Straggler(silentForNs, nowNs + graceNs - graceNs / 4, nowNs + graceNs);
    }

    boolean isAny() {
        return silentForNs >= 0;
    }

    Duration silentFor() {
        return Duration.ofNanos(silentForNs);
    }

    /** Nanoseconds until the next signal is due; {@link Long#MAX_VALUE} if none is. */
    long untilDueNs(long nowNs) {
        if (nowNs - terminateNs < 0) {
            return terminateNs - nowNs;
        }
        return nowNs - killNs < 0 ? killNs - nowNs : Long.MAX_VALUE;
    }

    /** One that has to be forced has failed, whatever the signal was. */
    void check(ProgramEnd end, boolean wasToldToStop) {
        if (isAny()) {
            end.checkStraggler(silentFor());
        } else {
            end.check(wasToldToStop);
        }
    }

    /** As {@link #check}, of one whose group was killed at the end of the grace. */
    void checkAfterGrace(ProgramEnd end) {
        if (isAny()) {
            end.checkStraggler(silentFor());
        } else {
            end.checkAfterGrace();
        }
    }
}
