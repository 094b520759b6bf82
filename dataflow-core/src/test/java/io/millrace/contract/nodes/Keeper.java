package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.RetainedMessage;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Retains {@link Pattern} payloads, as many of the newest as config {@code keeps} says, and at the end reports {@code kept} and their numbers, each checked byte by byte
 * only then. What it gives up it first sends on to its output {@code out}.
 */
public final class Keeper implements Operator {
    private final Deque<RetainedMessage> kept = new ArrayDeque<>();
    private long keeps;
    private Output out;
    private Output report;

    @Override
    public void open(NodeContext context) {
        keeps = context.config().integer("keeps", 3);
        out = context.output("out");
        report = context.output("report");
    }

    @Override
    public void onInput(Input input, Message message) {
        kept.addLast(message.retain());
        if (kept.size() > keeps) {
            try (RetainedMessage oldest = kept.removeFirst()) {
                Pattern.check(oldest, Pattern.number(oldest));
                out.send(oldest);
            }
        }
    }

    @Override
    public void onAllInputsClosed() {
        StringBuilder line = new StringBuilder("kept");
        for (RetainedMessage message : kept) {
            long number = Pattern.number(message);
            Pattern.check(message, number);
            line.append(' ').append(number);
        }
        report.send(line.toString());
    }

    @Override
    public void close() {
        kept.forEach(RetainedMessage::release);
    }
}
