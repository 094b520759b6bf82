package io.millrace.remote.link;

import java.time.Duration;

/**
 * The limits of links.
 *
 * @param linkTimeout how long a link may be down before its sessions end
 * @param heartbeatInterval how often each end shows that it lives, where it has nothing else to say
 * @param heartbeatTimeout how long a peer may be silent before its connection is closed
 * @param firstRetry the pause after the first dial that failed; it doubles
 * @param longestRetry the longest such pause
 * @param unacknowledgedBytes how much may be under way on one link; more waits in the rings
 */
public record LinkSettings(
        Duration linkTimeout,
        Duration heartbeatInterval,
        Duration heartbeatTimeout,
        Duration firstRetry,
        Duration longestRetry,
        long unacknowledgedBytes) {
    private static final long LEAST_UNACKNOWLEDGED = 512 * 1024;

    /** @throws IllegalArgumentException if a time is less than a millisecond, the heartbeat's timeout less than twice its interval, or less than 512 KiB may be under way */
    public LinkSettings {
        require(linkTimeout.toMillis() >= 1, "link timeout is " + linkTimeout + ": expected at least a millisecond");
        require(
                heartbeatInterval.toMillis() >= 1,
                "heartbeat interval is " + heartbeatInterval + ": expected at least a millisecond");
        require(
                heartbeatTimeout.compareTo(heartbeatInterval.multipliedBy(2)) >= 0,
                "heartbeat timeout is " + heartbeatTimeout + ": expected at least twice the interval of "
                        + heartbeatInterval);
        require(
                firstRetry.toMillis() >= 1 && longestRetry.compareTo(firstRetry) >= 0,
                "pauses between dials are " + firstRetry + " to " + longestRetry
                        + ": expected at least a millisecond, the longest not less than the first");
        require(
                unacknowledgedBytes >= LEAST_UNACKNOWLEDGED,
                "bytes under way are " + unacknowledgedBytes + ": expected at least " + LEAST_UNACKNOWLEDGED);
    }

    /** 30 s, heartbeats each second, 5 s of silence, retries from 50 ms to 5 s, 8 MiB under way. */
    public static LinkSettings defaults() {
        return new LinkSettings(
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(50),
                Duration.ofSeconds(5),
                8L << 20);
    }

    /** The same with another link timeout. */
    public LinkSettings withLinkTimeout(Duration timeout) {
        return new LinkSettings(
                timeout, heartbeatInterval, heartbeatTimeout, firstRetry, longestRetry, unacknowledgedBytes);
    }

    /** The same with other heartbeats. */
    public LinkSettings withHeartbeats(Duration interval, Duration timeout) {
        return new LinkSettings(linkTimeout, interval, timeout, firstRetry, longestRetry, unacknowledgedBytes);
    }

    /** The same with other pauses between dials. */
    public LinkSettings withRetries(Duration first, Duration longest) {
        return new LinkSettings(linkTimeout, heartbeatInterval, heartbeatTimeout, first, longest, unacknowledgedBytes);
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}
