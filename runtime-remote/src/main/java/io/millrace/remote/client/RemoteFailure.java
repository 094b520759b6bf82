package io.millrace.remote.client;

import io.millrace.remote.wire.FailureRecord;
import java.util.List;

/** What was thrown in another JVM: its class and message, and where, as text. It has no stack of its own. */
public final class RemoteFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String type;

    private RemoteFailure(String type, String message, List<String> stack) {
        super(message);
        this.type = type;
        setStackTrace(stack.stream().map(RemoteFailure::frame).toArray(StackTraceElement[]::new));
    }

    static RemoteFailure of(FailureRecord failure) {
        RemoteFailure made = new RemoteFailure(failure.type(), failure.message(), failure.stack());
        RemoteFailure last = made;
        for (FailureRecord.Related related : failure.related()) {
            RemoteFailure other = new RemoteFailure(related.type(), related.message(), related.stack());
            if (related.isCause()) {
                last.initCause(other);
                last = other;
            } else {
                made.addSuppressed(other);
            }
        }
        return made;
    }

    /** The class of what was thrown. */
    public String type() {
        return type;
    }

    private static StackTraceElement frame(String line) {
        return new StackTraceElement(line, "", null, -1);
    }

    /** As what was thrown would show itself. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // its class is not this one
    public String toString() {
        return type + ": " + getMessage();
    }
}
