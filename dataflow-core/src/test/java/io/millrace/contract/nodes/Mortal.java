package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells on its output {@code report} which incarnation of it was told what, as {@code 1: input in hello}; and does to itself what a message says, in the words
 * of {@link Fate} and {@link Memory}.
 *
 * <p>Config {@code fails_in_open}: the incarnation whose {@code open} throws.
 */
public final class Mortal implements Operator {
    private final List<String> lines = new ArrayList<>();
    private NodeContext context;
    private Output report;
    private int told;

    @Override
    public void open(NodeContext opened) {
        context = opened;
        report = context.output("report");
        if (context.config().integer("fails_in_open", -1) == context.incarnation()) {
            throw new IllegalStateException("mortal was told to fail in open");
        }
        lines.add(Memory.open(context));
    }

    @Override
    public void onInput(Input input, Message message) throws Exception {
        String text = message.text();
        tell(EventLine.input(input, message));
        Memory.obey(text, context);
        Fate.of(text).befall(context);
    }

    @Override
    public void onInputClosed(Input input) {
        tell(EventLine.closed(input));
    }

    @Override
    public void onInputRecovered(Input input) {
        tell("recovered " + input.id());
    }

    @Override
    public void onAllInputsClosed() {
        tell(EventLine.ALL_CLOSED);
    }

    @Override
    public void onNodeFailed(NodeFailure failure) {
        tell(EventLine.failed(failure));
    }

    @Override
    public void onNodeRestarted(String node) {
        tell("restarted " + node);
    }

    @Override
    public void onStop() {
        tell(EventLine.STOP);
    }

    private void tell(String line) {
        lines.add(line);
        for (; told < lines.size(); told++) {
            report.send(context.incarnation() + ": " + lines.get(told));
        }
    }
}
