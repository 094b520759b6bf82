package io.millrace.yaml;

import io.millrace.graph.Location;
import io.millrace.graph.ProblemCollector;
import java.util.Map;
import java.util.function.Supplier;

/** What is at hand while one dataflow file is read. Used by one thread. */
final class Reading {
    /** How many characters all texts with variables may have together when these are replaced. */
    static final int MAX_EXPANDED = 16 << 20;

    /** How many variables and labels may be copied to nodes that add to them. */
    static final int MAX_COPIED = 1_000_000;

    private final ProblemCollector problems;
    private final Map<String, String> environment;
    private long expanded;
    private long copied;

    /** @param environment the client's variables */
    Reading(Map<String, String> environment, ProblemCollector problems) {
        this.environment = environment;
        this.problems = problems;
    }

    ProblemCollector problems() {
        return problems;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Counts a text whose variables were replaced. False if there are too many such texts, which is reported once. */
    boolean admits(String text, Location location) {
        boolean isAdmitted = expanded + text.length() <= MAX_EXPANDED;
        if (!isAdmitted && expanded <= MAX_EXPANDED) {
            error(
                    location,
                    "with what variables stand for, the texts up to here have more than " + MAX_EXPANDED
                            + " characters: name shorter ones, or fewer");
        }
        expanded += text.length();
        return isAdmitted;
    }

    /** Counts defaults that are to be copied to a node. False if there are too many, which is reported once. */
    boolean admitsCopies(int count, Location location) {
        boolean isAdmitted = copied + count <= MAX_COPIED;
        if (!isAdmitted && copied <= MAX_COPIED) {
            error(
                    location,
                    "with the defaults of the dataflow, the nodes up to here have more than " + MAX_COPIED
                            + " variables and labels: write fewer defaults");
        }
        copied += count;
        return isAdmitted;
    }

    void mismatch(Place what, Written found, String expected) {
        mismatch(what, found, () -> expected);
    }

    /** @param expected the end of a sentence, which is made only if the problem is kept */
    void mismatch(Place what, Written found, Supplier<String> expected) {
        problems.error(found.location(), () -> mismatchInWords(what, found, expected.get()));
    }

    private static String mismatchInWords(Place what, Written found, String expected) {
        boolean isNoText = found.isScalar() && !found.is(Written.Kind.TEXT);
        String fix = expected.startsWith("text") && isNoText ? ": put it in quotes" : "";
        return "'" + what + "': found " + found.describe() + ", expected " + expected + fix;
    }

    void error(Location location, String message) {
        problems.error(location, message);
    }
}
