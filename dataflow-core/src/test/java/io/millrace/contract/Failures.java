package io.millrace.contract;

import io.millrace.runtime.DataflowResult;
import java.util.StringJoiner;

/** All that is said about what went wrong: a runtime may send errors from elsewhere, of which the words are what matters. */
final class Failures {
    private Failures() {}

    static String of(DataflowResult result) {
        StringJoiner words = new StringJoiner("\n");
        result.failures().forEach(failure -> words.add(failure.toString()).add(of(failure.error())));
        return words.toString();
    }

    /** The words of an error, of its causes and of what was suppressed in its favour. */
    static String of(Throwable error) {
        StringJoiner words = new StringJoiner("\n");
        add(words, error);
        return words.toString();
    }

    private static void add(StringJoiner words, Throwable error) {
        words.add(error.toString());
        for (Throwable suppressed : error.getSuppressed()) {
            add(words, suppressed);
        }
        if (error.getCause() != null) {
            add(words, error.getCause());
        }
    }
}
