package io.millrace.local.agent;

import io.millrace.layout.MessageView;
import io.millrace.local.pool.Slab;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An edge between two operators of one node: a call. Used by the node's thread only. */
final class DirectEdge {
    private final OperatorSlot target;
    private final InputPort input;
    private final MessageView view;
    private final NodeTime time;
    private final Pulse pulse;
    private final int incarnation;
    private final boolean isShallow;
    private final ByteBuffer region;
    private final byte[] bytes;

    /** @param agent of the node of both operators */
    DirectEdge(OutputClaim source, OperatorSlot target, InputPort input, NodeAgent agent, boolean isShallow) {
        this.region = source.readOnly();
        this.bytes = source.bytes();
        this.target = target;
        this.input = input;
        this.view = input.viewInHand();
        this.time = agent.time();
        this.pulse = agent.pulse();
        this.incarnation = agent.incarnation();
        this.isShallow = isShallow;
        target.expectCalls();
        input.calledBy(source);
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

    /** Whether the operator may be called, as long as there is no change in its node, however deep the stack of its operators is. */
    boolean takesCalls() {
        return isShallow && target.takesCalls(input);
    }

    /** Whether nothing is in the way of a call at this moment; the operator takes calls. */
    boolean isFree() {
        return target.isFree(input);
    }

    /** Calls the operator, which is free, with a message of now; the sender counts it for both. Not in debug mode. For the parameters see {@link MessageView#wrapBody}. */
    void call(int format, long sequence, int length) {
        pulse.beat();
        long timestamp = time.stamp();
        MessageView message = view;
        if (!message.wrapNext(bytes, format, sequence, timestamp, length)) {
            message.wrapBody(region, bytes, format, incarnation, sequence, timestamp, length);
        }
        target.call(input, message);
    }

    void onSourceClosed() {
        input.onSourceClosed();
    }
}
