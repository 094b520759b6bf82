package io.millrace.local.agent;

import io.millrace.layout.Padding;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How one can see from outside whether a node's code comes back: a number that the node's thread changes and any thread reads. While it is odd the node's own
 * code runs, and as long as it stays the same, the same callback does, or the same stretch of its own loop.
 *
 * <p>It costs the node an opaque store each time, and no look at the clock: how long it stayed the same is for those to know who look.
 */
public class Pulse extends Padding {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(Pulse.class, "count", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long count;

    // The node's thread.

    /** The node's code begins. */
    void enter() {
        COUNT.setOpaque(this, count + 1 | 1);
    }

    /** It has come back. */
    void leave() {
        COUNT.setOpaque(this, count + 1 & -2);
    }

    /** It shows that it lives. */
    void beat() {
        COUNT.setOpaque(this, count + 2);
    }

    /** Whether the node's code runs: it is to wait now, which is no fault of its own. */
    boolean rest() {
        boolean isInside = isInside(count);
        leave();
        return isInside;
    }

    /** It waits no longer. */
    void resume(boolean wasInside) {
        if (wasInside) {
            enter();
        }
    }

    // Any thread.

    public long look() {
        return (long) COUNT.getOpaque(this);
    }

    public static boolean isInside(long look) {
        return (look & 1) != 0;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends Pulse {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;
    }
}
