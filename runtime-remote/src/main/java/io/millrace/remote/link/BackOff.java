package io.millrace.remote.link;

import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: twice as long each time, up to a bound, and by chance somewhere between half of that and all of it, so that those who lost the
 * same peer at once do not come back at once.
 *
 * @param firstMs the first wait, at most
 * @param longestMs any wait, at most
 */
public record BackOff(long firstMs, long longestMs, RandomGenerator random) {
    private static final int MOST_DOUBLINGS = 30;

    /** @throws IllegalArgumentException unless {@code 1 <= firstMs <= longestMs <= 1 hour} */
    public BackOff {
        if (firstMs < 1 || longestMs < firstMs || longestMs > 3_600_000) {
            throw new IllegalArgumentException("a back-off from " + firstMs + " ms to " + longestMs
                    + " ms: expected 1 <= first <= longest <= 3600000");
        }
    }

    /** @param times how often it has been in vain, from 1 */
    long delayMs(int times) {
        int doublings = Math.min(MOST_DOUBLINGS, Math.max(0, times - 1));
        long most = Math.min(longestMs, firstMs << doublings);
        long least = (most + 1) / 2;
        return least + random.nextLong(most - least + 1);
    }
}
