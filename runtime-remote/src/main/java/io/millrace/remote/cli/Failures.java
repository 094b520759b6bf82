package io.millrace.remote.cli;

import io.millrace.runtime.DataflowResult.Failure;
import java.io.PrintStream;
import java.util.List;

/** What nodes threw, in words. */
final class Failures {
    private static final int SHOWN = 20;

    private Failures() {}

    /** The exception and its message in one line; for our own exceptions the message, which says it all. */
    static String message(Throwable error) {
        String message = error.getMessage();
        boolean ours = error.getClass().getName().startsWith("io.millrace.");
        return Printable.line(ours && message != null ? message : error.toString());
    }

    /** A line for each failure, the cause first. */
    static void print(List<Failure> failures, boolean withStack, PrintStream err) {
        failures.stream().limit(SHOWN).forEach(failure -> {
            err.println("error: node '" + failure.node() + "' failed: " + message(failure.error()));
            if (withStack) {
                failure.error().printStackTrace(err);
            }
        });
        if (failures.size() > SHOWN) {
            err.println("error: and " + Units.counted(failures.size() - SHOWN, "other node") + " failed");
        }
    }
}
