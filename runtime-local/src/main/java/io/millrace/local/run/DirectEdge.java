package io.millrace.local.run;

import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An edge between two operators of one node: a call. Used by the node's thread only. */
final class DirectEdge {
    private final OperatorSlot target;
    private final InputPort input;

    DirectEdge(OperatorSlot target, InputPort input) {
        this.target = target;
        this.input = input;
    }

    OperatorSlot target() {
        return target;
    }

    boolean isClosed() {
        return target.hasEnded();
    }

    void deliver(ByteBuffer record, int offset, @Nullable Slab body) {
        target.deliver(input, record, offset, body);
    }

    void onSourceClosed() {
        input.onSourceClosed();
    }
}
