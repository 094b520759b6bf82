package io.millrace.local.run;

import io.millrace.graph.Supervision;
import io.millrace.graph.Supervision.RestartPolicy;
import io.millrace.local.waiting.Times;

/** Whether and when a node runs again: its policy, and how much of it has been used. The coordinator's thread. */
final class Restarts {
    /** {@link #next}: no more. */
    static final long USED_UP = -1;

    private static final int MAX_DOUBLINGS = 62;

    private final Supervision supervision;
    private final long delayNs;
    private final long maxDelayNs;
    private final long windowNs;

    private int inWindow;
    private long windowBeganNs;

    Restarts(Supervision supervision) {
        this.supervision = supervision;
        this.delayNs = Times.nanos(supervision.restartDelay(), 0);
        this.maxDelayNs = Times.nanos(supervision.maxRestartDelay(), Long.MAX_VALUE);
        this.windowNs = Times.nanos(supervision.restartWindow(), Long.MAX_VALUE);
    }

    /** Whether a node that has ended so is to run again at all. */
    boolean covers(boolean hasFailed, boolean isLastEventOut, boolean isExhausted) {
        return switch (supervision.restartPolicy()) {
            case NEVER -> false;
            case ON_FAILURE -> hasFailed && !isLastEventOut;
            case ALWAYS -> !isLastEventOut && (hasFailed || !isExhausted);
        };
    }

    boolean isEver() {
        return supervision.restartPolicy() != RestartPolicy.NEVER;
    }

    /** Counts a restart: nanoseconds until it is due, or {@link #USED_UP}. */
    long next(long nowNs) {
        if (inWindow > 0 && nowNs - windowBeganNs >= windowNs) {
            inWindow = 0;
        }
        if (supervision.maxRestarts() > 0 && inWindow >= supervision.maxRestarts()) {
            return USED_UP;
        }
        if (inWindow == 0) {
            windowBeganNs = nowNs;
        }
        long due = Math.min(doubled(inWindow), maxDelayNs);
        inWindow = inWindow == Integer.MAX_VALUE ? inWindow : inWindow + 1;
        return due;
    }

    private long doubled(int times) {
        if (delayNs == 0) {
            return 0;
        }
        return times > MAX_DOUBLINGS || delayNs > Long.MAX_VALUE >> times ? Long.MAX_VALUE : delayNs << times;
    }
}
