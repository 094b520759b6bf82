package io.millrace.local.agent;

import io.millrace.local.waiting.Times;
import java.time.Duration;
import java.util.Optional;

/** An input's {@code input_timeout}: how long no message may come before the input counts as closed. Used by the node's thread only. */
final class SilenceLimit {
    private static final long NONE = Long.MAX_VALUE;

    private final long limitNs;
    private long beganNs;
    private boolean isExceeded;

    private SilenceLimit(long limitNs) {
        this.limitNs = limitNs;
    }

    static SilenceLimit of(Optional<Duration> limit) {
        return new SilenceLimit(Times.nanos(limit, NONE));
    }

    boolean isLimited() {
        return limitNs != NONE;
    }

    /** The node begins to listen, or a message has come. */
    void restart(long nowNs) {
        beganNs = nowNs;
    }

    /** Whether the limit has been reached since the last message, and nobody was told. */
    boolean isDue(long nowNs) {
        return limitNs != NONE && !isExceeded && nowNs - beganNs >= limitNs;
    }

    /** Nanoseconds until the limit is reached; {@link Long#MAX_VALUE} for never. */
    long untilDueNs(long nowNs) {
        return limitNs == NONE || isExceeded ? NONE : limitNs - (nowNs - beganNs);
    }

    void exceed() {
        isExceeded = true;
    }

    void end() {
        isExceeded = false;
    }

    boolean isExceeded() {
        return isExceeded;
    }
}
