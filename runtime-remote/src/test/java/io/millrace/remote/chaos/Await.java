package io.millrace.remote.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another process does. */
final class Await {
    private static final long POLL_MS = 10;

    private Await() {}

    /** @throws IllegalStateException if it does not come to be in time */
    static void until(Duration atMost, String what, BooleanSupplier condition) throws InterruptedException {
        long beganNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - beganNs > atMost.toNanos()) {
                throw new IllegalStateException("not within " + atMost.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
    }
}
