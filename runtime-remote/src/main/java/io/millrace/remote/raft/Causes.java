package io.millrace.remote.raft;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What went wrong, in one line. */
final class Causes {
    private Causes() {}

    static Throwable unwrap(Throwable e) {
        Throwable cause = e.getCause();
        return cause != null && (e instanceof CompletionException || e instanceof ExecutionException)
                ? unwrap(cause)
                : e;
    }

    /** The innermost cause, for the outer ones repeat it at length. */
    static Throwable root(Throwable e) {
        Throwable root = e;
        for (int depth = 0; root.getCause() != null && depth < 100; depth++) {
            root = root.getCause();
        }
        return root;
    }

    static String line(Throwable e) {
        Throwable root = root(e);
        String message = root.getMessage();
        String line = message == null
                ? root.getClass().getSimpleName()
                : root.getClass().getSimpleName() + ": " + message;
        return line.lines().findFirst().orElse(line);
    }
}
