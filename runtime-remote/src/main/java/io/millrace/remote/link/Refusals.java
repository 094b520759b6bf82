package io.millrace.remote.link;

import java.net.SocketAddress;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each connection that was refused in one line, and no more lines than a log can bear: a scanner must not fill it. From any thread. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int AT_ONCE = 20;
    private static final long REFILL_NS = 1_000_000_000L;

    private final LongSupplier clock;
    private int lines = AT_ONCE;
    private long refilledNs;
    private long untold;

    /** @param clock in nanoseconds, monotonic */
    Refusals(LongSupplier clock) {
        this.clock = clock;
        refilledNs = clock.getAsLong();
    }

    /** @param isNews false for what happens all the time, such as a probe that only connects */
    void log(SocketAddress address, String reason, boolean isNews) {
        String from = Words.address(address);
        if (!isNews) {
            LOG.debug("refused a connection from {}: {}", from, reason);
            return;
        }
        long before = takeLine();
        if (before == 0) {
            LOG.warn("refused a connection from {}: {}", from, reason);
        } else if (before > 0) {
            LOG.warn("refused a connection from {}: {} (and {} others, not logged)", from, reason, before);
        }
    }

    /** How many have gone untold since the last line; negative if this one goes untold too. */
    private synchronized long takeLine() {
        long passed = (clock.getAsLong() - refilledNs) / REFILL_NS;
        if (passed > 0) {
            refilledNs += passed * REFILL_NS;
            lines = (int) Math.min(AT_ONCE, lines + passed);
        }
        if (lines == 0) {
            untold++;
            return -1;
        }
        lines--;
        long before = untold;
        untold = 0;
        return before;
    }
}
