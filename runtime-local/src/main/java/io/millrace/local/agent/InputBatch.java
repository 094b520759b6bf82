package io.millrace.local.agent;

import io.millrace.layout.Padding;
import io.millrace.node.Message;
import org.jspecify.annotations.Nullable;

/** The messages of one call of {@code onBatch}. Used by the node's thread only. */
public class InputBatch extends PaddedBatch {
    /** The most messages of one input before the others have their turn. */
    public static final int LIMIT = 64;

    private final OperatorSlot slot;
    private final InputPort input;
    private final NodeAgent agent;
    private @Nullable Message single;
    private boolean isSingle;
    private int count;
    private int limit;

    InputBatch(OperatorSlot slot, InputPort input, NodeAgent agent) {
        this.slot = slot;
        this.input = input;
        this.agent = agent;
    }

    void begin() {
        isSingle = false;
        count = 0;
        limit = agent.batchLimit();
    }

    /** For a direct call: this message and no other. */
    void begin(Message message) {
        isSingle = true;
        single = message;
        count = 0;
    }

    int count() {
        return count;
    }

    @Override
    public @Nullable Message next() {
        if (isSingle) {
            Message message = single;
            single = null;
            return message;
        }
        if (count == limit || agent.isInterruptedByCommand() || !slot.canRun()) {
            return null;
        }
        // A silence is counted from this message, not from the begin of the batch.
        @Nullable Message message = input.next(input.hasTimeout() ? agent.update() : agent.nowNs());
        if (message != null) {
            count++;
            agent.pulse().beat();
            agent.onReceived(message);
        }
        return message;
    }

    /** With the same space behind: see {@link Padding}. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    static final class Padded extends InputBatch {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;

        Padded(OperatorSlot slot, InputPort input, NodeAgent agent) {
            super(slot, input, agent);
        }
    }
}
