package io.millrace.remote.master;

import java.util.HashSet;
import java.util.Set;

/** What a master has only while it leads, in one term. */
final class Lead {
    final long term;
    final Leases leases;
    /** Lost, and on their way into the log. */
    final Set<Leases.Holder> beingLost = new HashSet<>();

    private final long beganMs;
    private final long beganNs;
    boolean isTickUnderWay;
    /** Whether it stands in the log that it leads. */
    boolean isWrittenDown;

    /** @param beganMs the wall clock or the cluster's time, whichever is later: from there on it goes by the monotonic clock */
    Lead(long term, Leases leases, long beganMs, long beganNs) {
        this.term = term;
        this.leases = leases;
        this.beganMs = beganMs;
        this.beganNs = beganNs;
    }

    /** The cluster's time. */
    long timeMs(long nowNs) {
        return beganMs + (nowNs - beganNs) / 1_000_000;
    }
}
