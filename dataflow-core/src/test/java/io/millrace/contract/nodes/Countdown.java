package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;

/** Sends the number that it received, less one, on its output {@code out}; reports {@code done} when there is nothing left to count. For cycles. */
public final class Countdown implements Operator {
    private Output out;
    private Output report;

    @Override
    public void open(NodeContext context) {
        out = context.output("out");
        report = context.output("report");
    }

    @Override
    public void onInput(Input input, Message message) {
        long number = Long.parseLong(message.text());
        if (number == 0) {
            report.send("done");
        } else {
            out.send(Long.toString(number - 1));
        }
    }
}
