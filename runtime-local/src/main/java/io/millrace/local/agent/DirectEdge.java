package io.millrace.local.agent;

import io.millrace.layout.MessageView;
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
        target.expectCalls();
    }

    OperatorSlot target() {
        return target;
    }

    boolean isClosed() {
        return target.hasEnded();
    }

    /** @param record at the buffer's begin */
    void deliver(ByteBuffer record, @Nullable Slab body) {
        target.deliver(input, record, body);
    }

    /** Whether the operator may be called, as long as there is no change in its node. */
    boolean takesCalls() {
        return target.takesCalls(input);
    }

    /** Whether nothing is in the way of a call at this moment; the operator takes calls. */
    boolean isFree() {
        return target.isFree(input);
    }

    /** Calls the operator, which is free. For the parameters see {@link MessageView#wrapBody}. */
    void call(ByteBuffer region, int format, long sequence, long timestamp, int parametersLength, int length) {
        target.call(input, input.called(region, format, sequence, timestamp, parametersLength, length));
    }

    void onSourceClosed() {
        input.onSourceClosed();
    }
}
