package io.millrace.local.edge;

import io.millrace.node.Clock;

/**
 * How long the messages of an edge take from the end of their commit until they are taken: of the first {@value #ALL_UNTIL} each, then of one in {@value
 * #INTERVAL}.
 *
 * <p>Which ones follows from their number on the edge, which both halves know, so nothing is said about it in the ring. The time of sending stands in the
 * place of the message's body, in an array of its own: it is written before the message is published and read before its place can be used again. The interval is prime,
 * so that no rhythm of bursts is in step with it.
 */
final class HopMeter {
    /** The number of no message. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int ALL_UNTIL = 1024;
    private static final int INTERVAL = 251;

    private final Clock clock;
    private final long[] sentAtNs;
    private final TimeSamples times;

    HopMeter(Clock clock, int slots, int digits) {
        this.clock = clock;
        this.sentAtNs = new long[slots];
        this.times = new TimeSamples(digits);
    }

    /** Whether the message of this number, from 1 on, is measured. */
    static boolean isMeasured(long number) {
        return number <= ALL_UNTIL || number % INTERVAL == 0;
    }

    /** The next one that is measured. */
    static long after(long number) {
        return number < ALL_UNTIL ? number + 1 : (number / INTERVAL + 1) * INTERVAL;
    }

    /** The producer's thread, before the message is published. */
    void onSend(int slot) {
        sentAtNs[slot] = clock.nanoTime();
    }

    /** The consumer's thread, while the place is the message's. */
    void onTake(int slot) {
        times.record(clock.nanoTime() - sentAtNs[slot]);
    }

    TimeSamples times() {
        return times;
    }
}
