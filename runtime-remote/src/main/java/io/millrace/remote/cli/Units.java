package io.millrace.remote.cli;

import java.time.Duration;
import java.util.Locale;

/** Figures as people read them, always in the same form whatever the machine's language. */
final class Units {
    private Units() {}

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** {@code 8.4 us}: three figures in the unit that fits. */
    static String nanos(long nanos) {
        if (nanos < 1_000) {
            return nanos + " ns";
        }
        if (nanos < 1_000_000) {
            return three(nanos / 1e3) + " us";
        }
        return nanos < 1_000_000_000 ? three(nanos / 1e6) + " ms" : three(nanos / 1e9) + " s";
    }

    /** {@code 512 B}, {@code 1.50 KB}, {@code 12.3 MB}: thousands, not 1024s. */
    static String bytes(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        if (bytes < 1_000_000) {
            return three(bytes / 1e3) + " KB";
        }
        return bytes < 1_000_000_000 ? three(bytes / 1e6) + " MB" : three(bytes / 1e9) + " GB";
    }

    private static String three(double value) {
        String form = value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, form, value);
    }

    /** {@code 1,234/s}, {@code 52.3 k/s}, {@code 1.20 M/s}. */
    static String rate(double perSecond) {
        if (perSecond < 10_000) {
            return String.format(Locale.ROOT, "%,.0f/s", perSecond);
        }
        if (perSecond < 1e6) {
            return three(perSecond / 1e3) + " k/s";
        }
        return perSecond < 1e9 ? three(perSecond / 1e6) + " M/s" : three(perSecond / 1e9) + " G/s";
    }

    /** {@code 2.31 s}, and from a minute on {@code 1:02:03}. */
    static String elapsed(Duration time) {
        if (time.toSeconds() < 60) {
            return String.format(Locale.ROOT, "%.2f s", time.toMillis() / 1e3);
        }
        return String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    static String counted(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }
}
