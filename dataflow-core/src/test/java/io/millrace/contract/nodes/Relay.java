package io.millrace.contract.nodes;

import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.Parameters;

/** Sends every message on as it came, on each of its outputs. Config {@code fails_at}: the message, counted from 0, that it fails over while it writes. */
public final class Relay implements Operator {
    private Output[] outputs = {};
    private long failsAt = -1;
    private long received;

    @Override
    public void open(NodeContext context) {
        outputs = context.outputs().toArray(Output[]::new);
        failsAt = context.config().integer("fails_at", -1);
    }

    @Override
    public void onInput(Input input, Message message) {
        boolean fails = received++ == failsAt;
        for (Output output : outputs) {
            Parameters parameters = message.hasParameters() ? message.parameters() : Parameters.EMPTY;
            Claim claim = output.claim(message.length(), parameters).formatCode(message.formatCode());
            copy(message, claim);
            if (fails) {
                throw new IllegalStateException("relay was told to fail at message " + failsAt);
            }
            claim.commit();
        }
    }

    private static void copy(Message message, Claim claim) {
        int index = 0;
        for (; index <= message.length() - Long.BYTES; index += Long.BYTES) {
            claim.putLong(index, message.getLong(index));
        }
        for (; index < message.length(); index++) {
            claim.putByte(index, message.getByte(index));
        }
    }
}
