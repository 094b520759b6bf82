package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Shows when its callback begins and ends: reports {@code begin TEXT}, sends {@code sends} messages {@code TEXT.0}, {@code TEXT.1}... on each of its
 * other outputs, and reports {@code end TEXT}. Each report carries the number of the thread as its parameter {@code thread}.
 *
 * <p>The timestamps of a node grow from message to message, whichever of its operators sends, and so put the reports of several in one order.
 */
public final class Tracer implements Operator {
    private NodeContext context;
    private long sends;

    @Override
    public void open(NodeContext opened) {
        context = opened;
        sends = opened.config().integer("sends", 1);
    }

    @Override
    public void onInput(Input input, Message message) {
        String text = message.text();
        report("begin " + text);
        for (long sent = 0; sent < sends; sent++) {
            for (Output output : context.outputs()) {
                if (!output.id().equals("report")) {
                    output.send(text + "." + sent);
                }
            }
        }
        report("end " + text);
    }

    private void report(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        Parameters parameters = Parameters.of("thread", Thread.currentThread().getId());
        var claim = context.output("report").claim(bytes.length, parameters);
        claim.putBytes(0, ByteBuffer.wrap(bytes));
        claim.commit();
    }
}
