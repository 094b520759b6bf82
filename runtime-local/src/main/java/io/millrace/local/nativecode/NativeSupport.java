package io.millrace.local.nativecode;

import java.util.Optional;

/** Whether this JVM can call native code. Any thread. */
public final class NativeSupport {
    /** The first Java whose foreign function API is final. */
    static final int FIRST_JAVA = 22;

    private NativeSupport() {}

    /** Why an operator that is a shared library cannot run here, and what to do; empty if it can. */
    public static Optional<String> obstacle() {
        if (Runtime.version().feature() < FIRST_JAVA) {
            return Optional.of("it runs through Java's foreign function API, so Java " + FIRST_JAVA
                    + " or later is needed, and this is Java " + Runtime.version()
                    + ": run the dataflow with a newer one (JAVA_HOME), or write the operator in Java or Python");
        }
        try {
            Foreign.instance();
            return Optional.empty();
        } catch (ForeignAccessException e) {
            return Optional.of(e.getMessage());
        }
    }
}
