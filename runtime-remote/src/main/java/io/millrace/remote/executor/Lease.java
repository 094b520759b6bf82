package io.millrace.remote.executor;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * For how long an executor may run movable nodes without hearing from the masters: counted from when it <em>sent</em> the last renewal that was answered, so that its
 * lease has always ended before the leader, who counts from when it received it, thinks so. Used by one thread.
 */
final class Lease {
    private static final int MAX_PENDING = 64;

    private final Map<Long, Long> sentNs = new LinkedHashMap<>();
    private long nextNumber;
    private boolean isHeld;
    private long validFromNs;

    /** A renewal is about to be sent: its number. */
    long onSending(long nowNs) {
        if (sentNs.size() >= MAX_PENDING) {
            sentNs.remove(sentNs.keySet().iterator().next());
        }
        sentNs.put(nextNumber, nowNs);
        return nextNumber++;
    }

    /** The leader has answered a renewal; those before it count no more. */
    void onAnswered(long number) {
        Long sent = sentNs.get(number);
        if (sent != null) {
            sentNs.keySet().removeIf(older -> older <= number);
            validFromNs = isHeld && validFromNs - sent > 0 ? validFromNs : sent;
            isHeld = true;
        }
    }

    /** It was registered with a message sent at this time. */
    void onRegistered(long sentAtNs) {
        sentNs.clear();
        validFromNs = sentAtNs;
        isHeld = true;
    }

    /** It is known to have ended. */
    void end() {
        isHeld = false;
    }

    boolean isHeld() {
        return isHeld;
    }

    /** Nanoseconds since it was taken or renewed. While it is held. */
    long ageNs(long nowNs) {
        return nowNs - validFromNs;
    }

    /** Nanoseconds until it ends, not more than 0 if it has. While it is held. */
    long leftNs(long nowNs, long leaseNs) {
        return validFromNs + leaseNs - nowNs;
    }
}
