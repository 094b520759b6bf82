package io.millrace.remote.executor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The JVM's monotonic time, with the time for which the machine was suspended, which {@link System#nanoTime} leaves out on Linux: told by {@code /proc/uptime}, whose clock
 * goes on meanwhile (proc(5), CLOCK_BOOTTIME in clock_gettime(2)). Where there is no such file it is the JVM's time. Used by one thread.
 */
final class WakefulTime {
    private static final Path UPTIME = Path.of("/proc/uptime");

    private final LongSupplier monotonicNs;
    private final Supplier<OptionalLong> uptimeNs;
    private final OptionalLong aheadNs; // of the monotonic time at the begin
    private long suspendedNs;

    WakefulTime() {
        this(System::nanoTime, WakefulTime::uptimeNs);
    }

    WakefulTime(LongSupplier monotonicNs, Supplier<OptionalLong> uptimeNs) {
        this.monotonicNs = monotonicNs;
        this.uptimeNs = uptimeNs;
        long beforeNs = monotonicNs.getAsLong();
        OptionalLong uptime = uptimeNs.get();
        this.aheadNs = uptime.isPresent() ? OptionalLong.of(uptime.getAsLong() - beforeNs) : uptime;
    }

    /** Reads a small file. */
    long nowNs() {
        OptionalLong uptime = uptimeNs.get();
        long nowNs = monotonicNs.getAsLong(); // after it: whatever passes in between is not taken for sleep
        if (uptime.isPresent() && aheadNs.isPresent()) {
            suspendedNs = Math.max(suspendedNs, uptime.getAsLong() - nowNs - aheadNs.getAsLong());
        }
        return nowNs + suspendedNs;
    }

    /** Seconds with two decimals, then something else. */
    private static OptionalLong uptimeNs() {
        try {
            String text = Files.readString(UPTIME, StandardCharsets.US_ASCII);
            return OptionalLong.of((long) (Double.parseDouble(text.substring(0, text.indexOf(' '))) * 1e9));
        } catch (IOException | RuntimeException e) { // another system: nothing is known of its sleep
            return OptionalLong.empty();
        }
    }
}
