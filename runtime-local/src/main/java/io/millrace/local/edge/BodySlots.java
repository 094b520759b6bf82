package io.millrace.local.edge;

import io.millrace.local.pool.Slab;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The references to bodies that are under way, in an array that both halves of an edge have: whoever comes first gets one. */
final class BodySlots {
    /** Stands where the reference of a waiting message stood that was given up; the reader passes over that message. */
    static final Slab GIVEN_UP = Slab.unpooled(ByteBuffer.allocate(0));

    private static final VarHandle BODIES = MethodHandles.arrayElementVarHandle(Slab[].class);

    private BodySlots() {}

    /** What stands in the slot, if anything: null, a reference that is now the caller's, or {@link #GIVEN_UP}. */
    static @Nullable Slab take(@Nullable Slab[] bodies, int slot) {
        return bodies[slot] == null ? null : (Slab) BODIES.getAndSet(bodies, slot, null);
    }

    /** Releases the reference in the slot and leaves {@link #GIVEN_UP} there; false if the reader came first. */
    static boolean giveUp(@Nullable Slab[] bodies, int slot, Slab expected) {
        boolean isOurs = BODIES.compareAndSet(bodies, slot, expected, GIVEN_UP);
        if (isOurs) {
            expected.release();
        }
        return isOurs;
    }

    static void releaseAll(@Nullable Slab[] bodies) {
        for (int slot = 0; slot < bodies.length; slot++) {
            @Nullable Slab body = take(bodies, slot);
            if (body != null && body != GIVEN_UP) {
                body.release();
            }
        }
    }
}
