package io.millrace.local.agent;

import io.millrace.layout.HybridClock;
import io.millrace.layout.Padding;
import io.millrace.node.Clock;

/**
 * The time as one node knows it, and the timestamps of what it sends. Reading a clock costs more than sending a message, so it is read where time may have passed, and at the highest rates once
 * for many messages. Used by the node's thread only.
 */
public class NodeTime extends Padding {
    /** At the highest rates the clock is read once for so many messages. */
    private static final int MAX_SENDS_PER_READING = 32;

    /** So many are made more as long as they take less than this, and one as soon as they take longer than the other. */
    private static final long SHORT_NS = 2_000;

    private static final long LONG_NS = 8_000;

    /** Reading the clock costs more than to find nothing to do, so a spinning loop reads it once in so many cycles. */
    private static final int IDLE_CYCLES_PER_READING = 8;

    private final HybridClock clock;
    private long nowNs;
    private long lastSendNs;
    private int sendsUntilReading;
    private int sendsPerReading = 1;
    private int idleCyclesUntilReading;

    NodeTime(Clock clock) {
        this.clock = new HybridClock.Padded(clock);
    }

    /** Reads the time. */
    long update() {
        idleCyclesUntilReading = IDLE_CYCLES_PER_READING - 1;
        nowNs = clock.update();
        return nowNs;
    }

    /** The time as it was read last. */
    long nowNs() {
        return nowNs;
    }

    /** A cycle of a loop that needs no exact time found nothing to do: reads the time now and then, so that what is sent next is not stamped with an old one. */
    void onIdleCycle() {
        if (--idleCyclesUntilReading < 0) {
            update();
        }
    }

    /** Time has passed: the next message is not stamped with the old one. */
    public void forget() {
        sendsUntilReading = 0;
    }

    /** What is sent from now on is later than this. */
    void onReceived(long timestamp) {
        clock.receive(timestamp);
    }

    /** A timestamp for the next message. */
    long stamp() {
        if (--sendsUntilReading < 0) {
            readForSends();
        }
        return clock.next();
    }

    private void readForSends() {
        long now = update();
        long sinceNs = now - lastSendNs;
        lastSendNs = now;
        if (sinceNs > LONG_NS) {
            sendsPerReading = 1;
        } else if (sinceNs < SHORT_NS) {
            sendsPerReading = Math.min(2 * sendsPerReading, MAX_SENDS_PER_READING);
        }
        sendsUntilReading = sendsPerReading - 1;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends NodeTime {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(Clock clock) {
            super(clock);
        }
    }
}
