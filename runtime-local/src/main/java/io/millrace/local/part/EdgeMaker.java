package io.millrace.local.part;

import io.millrace.local.edge.Edge;
import io.millrace.local.edge.WakeSignal;
import org.jspecify.annotations.Nullable;

/** Makes an edge with one end in a part. Called under the lock of that end: does not wait. */
public interface EdgeMaker {
    /** @param own how this end's node is woken; null if it never parks */
    Edge make(@Nullable WakeSignal own);
}
