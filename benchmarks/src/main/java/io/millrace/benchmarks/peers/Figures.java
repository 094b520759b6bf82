package io.millrace.benchmarks.peers;

import java.io.PrintStream;
import java.util.Optional;

/** What a measuring JVM found, as lines that the one that started it reads. */
final class Figures {
    private static final String MARK = "figure ";

    private final PrintStream out;

    Figures(PrintStream out) {
        this.out = out;
    }

    void add(String name, double value) {
        out.println(MARK + name + ' ' + value);
        out.flush();
    }

    /** Empty if the line is something else. */
    static Optional<Figure> parse(String line) {
        if (!line.startsWith(MARK)) {
            return Optional.empty();
        }
        String[] words = line.substring(MARK.length()).split(" ", -1);
        return Optional.of(new Figure(words[0], Double.parseDouble(words[1])));
    }

    record Figure(String name, double value) {}
}
