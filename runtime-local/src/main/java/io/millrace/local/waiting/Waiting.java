package io.millrace.local.waiting;

import io.millrace.local.edge.WakeSignal;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** How whoever drives nodes waits while there is nothing to do. Used by the driving thread, but for the signal. */
public interface Waiting {

    /** Ends the wait, from any thread; null where nobody has to be told. */
    @Nullable WakeSignal signal();

    /** The thread that waits from now on. Not while it waits. */
    void bind(Thread thread);

    /**
     * One step of doing nothing, after {@code idleCycles} cycles in a row without work. Does not allocate.
     *
     * @param timeoutNs at most so long; {@link Long#MAX_VALUE} for until there is a signal
     * @param needsRoom whether it may be room in an edge that is waited for
     * @param isOver whether there is something to do: looked at once more before the thread sleeps
     * @return whether so much time may have passed that it is to be read again
     */
    boolean step(int idleCycles, long timeoutNs, boolean needsRoom, BooleanSupplier isOver);

    /** Whether the thread keeps its core when there is nothing to do, at first at least. */
    default boolean keepsCore() {
        return false;
    }
}
