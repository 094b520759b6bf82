package io.millrace.contract.nodes;

import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/**
 * Sends many messages in one callback: {@code times} {@link Pattern} payloads of {@code length} bytes, numbered on and on. Config {@code when}: at each
 * {@code input} (the default), at {@code all_closed}, or at {@code stop}.
 */
public final class Multiplier implements Operator {
    private Output out;
    private String when = "";
    private long times;
    private int length;
    private long number;

    @Override
    public void open(NodeContext context) {
        out = context.output("out");
        when = context.config().text("when", "input");
        times = context.config().integer("times");
        length = (int) context.config().integer("length", 16);
    }

    @Override
    public void onInput(Input input, Message message) {
        sendAt("input");
    }

    @Override
    public void onAllInputsClosed() {
        sendAt("all_closed");
    }

    @Override
    public void onStop() {
        sendAt("stop");
    }

    private void sendAt(String callback) {
        for (long sent = 0; callback.equals(when) && sent < times; sent++) {
            Claim claim = out.claim(length);
            Pattern.write(claim, number++);
            claim.commit();
        }
    }
}
