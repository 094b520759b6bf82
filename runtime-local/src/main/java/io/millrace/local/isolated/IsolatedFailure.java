package io.millrace.local.isolated;

import io.millrace.local.code.ThrownElsewhere;

/** What code in another JVM has thrown, or what became of that JVM: says just that. */
public final class IsolatedFailure extends RuntimeException implements ThrownElsewhere {
    private static final long serialVersionUID = 1;

    IsolatedFailure(String text) {
        super(text);
    }

    IsolatedFailure(String text, Throwable cause) {
        super(text, cause);
    }

    /** As the original says it. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // its message is a whole report
    public String toString() {
        return String.valueOf(getMessage());
    }
}
