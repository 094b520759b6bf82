package io.millrace.local.edge;

import io.millrace.node.Clock;

/**
 * How long the messages of an edge take from the end of their commit until they are taken, of those that {@link SampleInterval} chooses.
 *
 * <p>The producer's half chooses, and nothing is said about it in the ring: with each message that is measured it leaves its number, the time, and how far it is to the next one, in the place of the message's body, in
 * arrays of their own: written before the message is published, and read before its place can be used again.
 */
final class HopMeter {
    /** The number of no message. */
    static final long NEVER = Long.MAX_VALUE;

    private final Clock clock;
    private final SampleInterval interval = new SampleInterval();
    private final long[] numbers;
    private final long[] sentAtNs;
    private final int[] untilNext;
    private final TimeSamples times;

    HopMeter(Clock clock, int slots, int digits) {
        this.clock = clock;
        this.numbers = new long[slots];
        this.sentAtNs = new long[slots];
        this.untilNext = new int[slots];
        this.times = new TimeSamples(digits);
    }

    /**
     * The producer's thread, before the message is published.
     *
     * @param number the message's, from 1 on
     * @return the number of the next one that is measured
     */
    long onSend(long number, int slot) {
        long nowNs = clock.nanoTime();
        int until = interval.next(nowNs);
        numbers[slot] = number;
        sentAtNs[slot] = nowNs;
        untilNext[slot] = until;
        return number + until;
    }

    /** The consumer's thread, while the place is the message's: whether it is measured. That which was to be may have given way, and then the next one is not known. */
    boolean isMeasured(long number, int slot) {
        return numbers[slot] == number;
    }

    /**
     * The consumer's thread, of a message that is measured.
     *
     * @return as above
     */
    long onTake(long number, int slot) {
        times.record(clock.nanoTime() - sentAtNs[slot]);
        return number + untilNext[slot];
    }

    TimeSamples times() {
        return times;
    }
}
