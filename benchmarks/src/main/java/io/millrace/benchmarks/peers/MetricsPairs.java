package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Arguments;
import io.millrace.benchmarks.MetricsLoop;
import java.util.Arrays;

/**
 * What metrics cost a message, found from fours: a node with metrics and one without take turns in one JVM, a short block of messages each, in the order without, with, with, without; the figure is the
 * median of what the two kinds differ by within a four. Whatever slows the machine for longer than that, the order itself, and how the JVM has compiled the code that both share, meets both.
 */
final class MetricsPairs {
    private static final int BLOCK = 100_000;
    private static final int WARMUP = 20;

    private MetricsPairs() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        int fours = arguments.number("fours");
        double[] without = new double[fours];
        double[] differences = new double[fours];
        try (MetricsLoop off = MetricsLoop.start(false);
                MetricsLoop on = MetricsLoop.start(true)) {
            for (int four = -WARMUP; four < fours; four++) {
                double first = nanosAMessage(off);
                double with = (nanosAMessage(on) + nanosAMessage(on)) / 2;
                double less = (first + nanosAMessage(off)) / 2;
                if (four >= 0) {
                    without[four] = less;
                    differences[four] = with - less;
                }
            }
        }
        Arrays.sort(without);
        Arrays.sort(differences);
        figures.add("without", without[fours / 2]);
        figures.add("difference", differences[fours / 2]);
        figures.add("quarter", differences[fours / 4]);
        figures.add("three-quarters", differences[fours * 3 / 4]);
    }

    private static double nanosAMessage(MetricsLoop loop) throws InterruptedException {
        return (double) loop.nanosOf(BLOCK) / BLOCK;
    }
}
