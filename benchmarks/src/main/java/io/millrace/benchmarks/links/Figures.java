package io.millrace.benchmarks.links;

import java.io.PrintStream;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What the measuring JVMs found, as lines that the one that started them reads. */
final class Figures {
    private static final String MARK = "figure ";
    private static final PrintStream OUT = System.out;

    private Figures() {}

    static void say(String name, double value) {
        OUT.println(MARK + name + ' ' + value);
        OUT.flush();
    }

    static void say(Histogram nanoseconds) {
        say("p50", nanoseconds.getValueAtPercentile(50) / 1e3);
        say("p99", nanoseconds.getValueAtPercentile(99) / 1e3);
        say("samples", (double) nanoseconds.getTotalCount());
    }

    /** Takes a line that is one of these. */
    static void read(String line, Map<String, Double> figures) {
        if (line.startsWith(MARK)) {
            String[] words = line.split(" ", -1);
            figures.put(words[1], Double.parseDouble(words[2]));
        }
    }
}
