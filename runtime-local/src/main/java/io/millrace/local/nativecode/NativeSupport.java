package io.millrace.local.nativecode;

import java.io.File;
import java.nio.ByteOrder;
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
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN || File.separatorChar == '\\') {
            return Optional.of(
                    "where it runs has to be a machine with little-endian numbers, and a system other than Windows, on which dora's library and"
                            + " this JVM do not take memory from the same heap; write the operator in Java or Python");
        }
        try {
            Foreign.instance();
            return Optional.empty();
        } catch (ForeignAccessException e) {
            return Optional.of(e.getMessage());
        }
    }
}
