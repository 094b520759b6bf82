package io.millrace.graph;

import io.millrace.graph.Problem.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Gathers problems while a dataflow is read and checked. Of each severity it keeps the first {@value #LIMIT} and counts the rest, so
 * that a hostile file costs bounded time and memory. Not thread-safe.
 */
public final class ProblemCollector {
    /** How many problems of one severity are kept. */
    public static final int LIMIT = 1_000;

    public ProblemCollector() {}

    private final List<Problem> kept = new ArrayList<>();
    private final Map<Severity, Integer> counts = new EnumMap<>(Severity.class);

    public void add(Problem problem) {
        add(problem.severity(), problem.location(), problem::message);
    }

    public void error(Location location, String message) {
        add(Severity.ERROR, location, () -> message);
    }

    /** For a message that is dear to make: it is made only if the problem is kept. */
    public void error(Location location, Supplier<String> message) {
        add(Severity.ERROR, location, message);
    }

    public void warning(Location location, String message) {
        add(Severity.WARNING, location, () -> message);
    }

    /** As {@link #error(Location, Supplier)}. */
    public void warning(Location location, Supplier<String> message) {
        add(Severity.WARNING, location, message);
    }

    public void note(Location location, String message) {
        add(Severity.NOTE, location, () -> message);
    }

    private void add(Severity severity, Location location, Supplier<String> message) {
        if (counts.merge(severity, 1, Integer::sum) <= LIMIT) {
            kept.add(new Problem(severity, location, message.get()));
        }
    }

    /** How many errors there were, kept or not. */
    public int errorCount() {
        return counts.getOrDefault(Severity.ERROR, 0);
    }

    public boolean hasErrors() {
        return errorCount() > 0;
    }

    /** What was kept, in the order of the file, and after it a line for each severity that had more */
    public List<Problem> problems() {
        if (kept.isEmpty()) {
            return List.of();
        }
        List<Problem> all =
                new ArrayList<>(kept.stream().sorted(Problem.BY_LOCATION).toList());
        Location last = all.isEmpty() ? Location.NONE : all.get(all.size() - 1).location();
        counts.forEach((severity, count) -> {
            if (count > LIMIT) {
                all.add(new Problem(severity, last, (count - LIMIT) + " more of this kind are not listed"));
            }
        });
        return List.copyOf(all);
    }
}
