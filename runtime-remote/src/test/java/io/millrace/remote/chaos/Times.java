package io.millrace.remote.chaos;

import java.time.Duration;

/** The cluster's times, as short as they may be beside each other with an election of a second. */
final class Times {
    static final Duration ELECTION = Duration.ofSeconds(1);
    static final Duration LEASE = Duration.ofSeconds(4);
    static final Duration STOP_GRACE = Duration.ofSeconds(1);
    static final Duration DRIFT = Duration.ofSeconds(3);
    static final Duration RENEW = Duration.ofMillis(500);

    private Times() {}
}
