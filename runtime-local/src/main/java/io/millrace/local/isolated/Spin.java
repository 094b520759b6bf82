package io.millrace.local.isolated;

/** Looks for a moment whether the other JVM comes back before its thread goes to sleep, as long as that pays: waking a thread takes longer than most calls. Used by one thread. */
final class Spin {
    private static final long LONGEST_NS = 20_000;
    private static final int LOOKS = 32;

    /** So often in vain, and it is tried only now and then. */
    private static final int MOST_MISSES = 4;

    private static final int NOW_AND_THEN = 32;
    private static final boolean IS_POSSIBLE = Runtime.getRuntime().availableProcessors() > 1;

    private int misses;

    /** Whether it has become ready. */
    boolean await(MemoryPipe.End end) {
        if (!IS_POSSIBLE || misses >= MOST_MISSES && misses % NOW_AND_THEN != 0) {
            misses++;
            return end.isReady();
        }
        long beganNs = System.nanoTime();
        do {
            for (int i = 0; i < LOOKS; i++) {
                if (end.isReady()) {
                    misses = 0;
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - beganNs < LONGEST_NS);
        misses = (misses + 1) & Integer.MAX_VALUE;
        return false;
    }
}
