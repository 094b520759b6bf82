package io.millrace.remote.master;

import io.millrace.local.run.LocalPart;
import io.millrace.remote.wire.Durations;
import java.time.Duration;

/**
 * How long executors go on without the masters, and from when the masters take it that they do not. Checked against each other: nothing may be started anew elsewhere while
 * it can still run where it was.
 *
 * @param lease for so long after it sent a renewal that was answered, an executor goes on with its movable nodes
 * @param stopGrace in which it then stops them
 * @param drift that the leader waits beyond both: for clocks that do not run alike, for a leader that does not know yet that it is none any more, and for nodes that end after
 *     their grace only
 * @param renewEvery how often an executor renews its lease
 */
public record LeaseSettings(Duration lease, Duration stopGrace, Duration drift, Duration renewEvery) {
    /** Ten seconds, five, four, and two. */
    public static final LeaseSettings DEFAULT = new LeaseSettings(
            Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(4), Duration.ofSeconds(2));

    /** @throws IllegalArgumentException if one is not positive or longer than a year, or the lease is shorter than three renewals */
    public LeaseSettings {
        lease = Durations.checkedWait("lease", lease);
        stopGrace = Durations.checkedWait("stopGrace", stopGrace);
        drift = Durations.checkedWait("drift", drift);
        renewEvery = Durations.checkedWait("renewEvery", renewEvery);
        if (lease.compareTo(renewEvery.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException(
                    "the lease of " + lease.toMillis() + " ms is shorter than three renewals of "
                            + renewEvery.toMillis() + " ms: one that is late would end it");
        }
    }

    /**
     * Checks that a leader that has lost the others does not keep executors going that the next leader counts as lost.
     *
     * @param belief for how long a leader may believe that it leads while another one does
     * @throws IllegalArgumentException if the drift is not longer, or the lease is not
     */
    public void requireBeyond(Duration belief) {
        if (drift.compareTo(belief.plus(LocalPart.BEYOND_GRACE)) <= 0) {
            throw new IllegalArgumentException("the drift of " + drift.toMillis() + " ms must be longer than the "
                    + belief.toMillis() + " ms for which a master may not know that another one leads and the "
                    + LocalPart.BEYOND_GRACE.toMillis()
                    + " ms that a stop may take beyond its grace: else nodes could run twice");
        }
        if (lease.compareTo(belief.multipliedBy(2)) <= 0) {
            throw new IllegalArgumentException(
                    "the lease of " + lease.toMillis() + " ms must be longer than twice the " + belief.toMillis()
                            + " ms that the election of a master takes: else each election would stop nodes");
        }
    }

    /** How long the leader waits after the last renewal that it received. */
    long lostAfterNs() {
        return lostAfterNs(Duration.ZERO);
    }

    /** Likewise, for an executor that may go by other settings. */
    long lostAfterNs(Duration told) {
        Duration own = holds();
        return (told.compareTo(own) > 0 ? told : own).plus(drift).toNanos();
    }

    /** For how long an executor that goes by these settings may run movable nodes after its last renewal. */
    Duration holds() {
        return lease.plus(stopGrace);
    }
}
