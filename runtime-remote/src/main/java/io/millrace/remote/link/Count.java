package io.millrace.remote.link;

import io.millrace.layout.Padding;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number that the event loop changes and any thread reads. */
class Count extends Padding {
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

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends Count {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded() {
            super();
        }
    }
}
