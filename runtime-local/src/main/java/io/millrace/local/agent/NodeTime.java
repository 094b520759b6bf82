package io.millrace.local.agent;

import io.millrace.layout.HybridClock;
import io.millrace.layout.Padding;
import io.millrace.node.Clock;

/**
 * The time as one node knows it, and the timestamps of what it sends. Reading a clock costs as much as sending a message, so it is read where time may have passed, and at the highest rates once
 * for many messages: best of all in a cycle that has nothing else to do. Used by the node's thread only.
 */
public class NodeTime extends Padding {
    /** So long sends are counted before anything is made of their number; if it takes as long as the other, they come one by one, and each reads the clock. */
    private static final long WINDOW_NS = 2_000;

    private static final long LONGEST_WINDOW_NS = 8_000;

    /** The most that go without a reading; no more than there were in a window. */
    private static final int MAX_SENDS_PER_READING = 32;

    /** Reading the clock costs more than to find nothing to do, so a spinning loop reads it once in so many cycles. */
    private static final int IDLE_CYCLES_PER_READING = 32;

    private final HybridClock clock;
    private long nowNs;
    private long windowNs; // when it began
    private int sends; // in it
    private int sendsPerReading;
    private int sendsUntilReading;
    private int idleCyclesUntilReading;

    NodeTime(Clock clock) {
        this.clock = new HybridClock.Padded(clock);
    }

    /** Reads the time. */
    long update() {
        nowNs = clock.update();
        if (nowNs - windowNs >= WINDOW_NS) {
            endWindow();
        }
        sendsUntilReading = sendsPerReading;
        idleCyclesUntilReading = IDLE_CYCLES_PER_READING;
        return nowNs;
    }

    private void endWindow() {
        sendsPerReading = nowNs - windowNs > LONGEST_WINDOW_NS ? 0 : Math.min(sends, MAX_SENDS_PER_READING);
        windowNs = nowNs;
        sends = 0;
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
        sends++;
        if (--sendsUntilReading < 0) {
            update();
        }
        return clock.next();
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
