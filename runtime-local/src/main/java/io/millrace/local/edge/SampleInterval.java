package io.millrace.local.edge;

/**
 * Which of a row of events are measured: the first {@value #ALL_UNTIL} each, and of later ones so many that there are some hundreds of samples a second, if there are so many events, but at least one in
 * a thousand. Used by one thread.
 *
 * <p>The intervals are prime, so that no rhythm of bursts is in step with them.
 */
public final class SampleInterval {
    private static final int ALL_UNTIL = 1024;
    private static final int[] INTERVALS = {1, 3, 7, 13, 31, 61, 127, 251, 509, 1021};

    /** Samples that follow each other sooner than the one, or later than the other, are made rarer, or more frequent. */
    private static final long SOON_NS = 1_000_000;

    private static final long LATE_NS = 5_000_000;

    private long lastNs;
    private int samples;
    private int at;

    /**
     * An event is measured.
     *
     * @param nowNs the time at which that is so
     * @return which one after it is the next; 1 for the one that follows
     */
    public int next(long nowNs) {
        long sinceNs = nowNs - lastNs;
        lastNs = nowNs;
        if (samples < ALL_UNTIL) {
            samples++;
        } else if (sinceNs < SOON_NS) {
            at = Math.min(at + 1, INTERVALS.length - 1);
        } else {
            for (long tooLateNs = sinceNs; tooLateNs > LATE_NS && at > 0; tooLateNs /= 2) {
                at--;
            }
        }
        return INTERVALS[at];
    }
}
