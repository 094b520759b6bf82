package io.millrace.remote.link;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number that the event loop changes and any thread reads. */
final class Count {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Count.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long value; // opaque

    void add(long more) {
        VALUE.setOpaque(this, value + more);
    }

    long get() {
        return (long) VALUE.getOpaque(this);
    }
}
