package io.millrace.contract.nodes;

import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import org.jspecify.annotations.Nullable;

/**
 * A node with its own loop that reports every event as a line, in the words of {@link Recorder}, and last {@code ended}.
 *
 * <p>At its first message it sends two tokens on its output {@code gate}. An application that reads that output with room for one, under backpressure,
 * so makes it stand still, that message in hand, until the first token is taken. It then reports {@code held} with the text of the message, read again.
 *
 * <p>Config {@code holds}: false for a node that never stands still; {@code takes}: how many messages it takes before it ends by itself;
 * {@code fails_in_close}: whether {@code close} throws.
 */
public final class Holder implements Node {
    private @Nullable Thread thread;
    private boolean failsInClose;

    @Override
    public void open(NodeContext context) {
        thread = Thread.currentThread();
        failsInClose = context.config().flag("fails_in_close", false);
    }

    @Override
    public void run(NodeContext context) {
        checkThread("run");
        Output report = context.output("report");
        boolean holds = context.config().flag("holds", true);
        long takes = context.config().integer("takes", Long.MAX_VALUE);
        for (@Nullable Event event = context.next(); event != null; event = context.next()) {
            report.send(EventLine.of(event));
            if (event.type() != Event.Type.INPUT) {
                continue;
            }
            if (holds) {
                holds = false;
                hold(context.output("gate"));
                report.send("held " + event.message().text());
            }
            if (--takes == 0) {
                return;
            }
        }
        if (context.next() != null || context.poll() != null || !context.hasEnded()) {
            throw new IllegalStateException("there was an event after the last one");
        }
        report.send("ended");
    }

    @Override
    public void close() {
        checkThread("close");
        if (failsInClose) {
            throw new IllegalStateException("closed");
        }
    }

    private static void hold(Output gate) {
        gate.send("first token");
        gate.send("second token");
    }

    private void checkThread(String callback) {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    "'" + callback + "' came on thread " + Thread.currentThread() + ", open on " + thread);
        }
    }
}
