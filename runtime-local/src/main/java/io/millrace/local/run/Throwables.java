package io.millrace.local.run;

import org.jspecify.annotations.Nullable;

/** Runs several things of which each must be tried, and throws the first failure with the others attached. */
final class Throwables {
    private @Nullable Throwable first;

    void run(NodeAgent.Command action) {
        try {
            action.run();
        } catch (Throwable t) { // kept, and thrown when all were tried
            if (first == null) {
                first = t;
            } else {
                first.addSuppressed(t);
            }
        }
    }

    void throwFirst() throws Exception {
        if (first instanceof Error error) {
            throw error;
        }
        if (first instanceof Exception exception) {
            throw exception;
        }
    }
}
