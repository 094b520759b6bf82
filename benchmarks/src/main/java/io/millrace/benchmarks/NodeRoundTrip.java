package io.millrace.benchmarks;

import io.millrace.Dataflow;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes: {@code pinger} sends and polls until the message comes back from {@code echo}. The way there is a {@code backpressure} edge, the way back a {@code
 * drop_oldest} one, since a cycle of {@code backpressure} edges could deadlock and is refused.
 */
public final class NodeRoundTrip {
    private NodeRoundTrip() {}

    /** @param nanoseconds where the pinger records every round trip */
    public static Rig start(boolean toOperator, int queueSize, int length, Histogram nanoseconds, String form) {
        Orders orders = new Orders();
        Dataflow dataflow = (toOperator
                        ? Dataflow.builder("round-trip")
                                .operator(
                                        "echo",
                                        EchoOperator::new,
                                        echo -> echo.input("ping", "pinger/ping", QueuePolicy.BACKPRESSURE, queueSize)
                                                .output("pong"))
                        : Dataflow.builder("round-trip")
                                .node(
                                        "echo",
                                        EchoNode::new,
                                        echo -> echo.input("ping", "pinger/ping", QueuePolicy.BACKPRESSURE, queueSize)
                                                .output("pong")))
                .node(
                        "pinger",
                        () -> new Pinger(orders, length, nanoseconds),
                        pinger -> pinger.input("pong", "echo/pong", QueuePolicy.DROP_OLDEST, queueSize)
                                .output("ping"))
                .build();
        return Nodes.start(dataflow, orders, form);
    }

    private static final class Pinger implements Node {
        private final Orders orders;
        private final int length;
        private final byte[] template;
        private final Histogram nanoseconds;

        Pinger(Orders orders, int length, Histogram nanoseconds) {
            this.orders = orders;
            this.length = length;
            this.template = Payload.template(length);
            this.nanoseconds = nanoseconds;
        }

        @Override
        public void run(NodeContext context) {
            for (int count = orders.next(); count > 0; count = orders.next()) {
                play(context, context.output("ping"), count);
                orders.done();
            }
        }

        private void play(NodeContext context, Output ping, int count) {
            long last = Payload.last(length);
            long beginNs = System.nanoTime();
            for (long left = count - 1L; left >= 0; left--) {
                Claim claim = ping.claim(length);
                claim.putBytes(0, template, 0, length);
                claim.putLong(0, left);
                claim.commit();
                Message pong = await(context).message();
                Payload.check(left, pong.getLong(0), last, pong.getLong(length - Long.BYTES));
                long endNs = System.nanoTime();
                nanoseconds.recordValue(endNs - beginNs);
                beginNs = endNs;
            }
        }
    }

    private static final class EchoNode implements Node {
        @Override
        public void run(NodeContext context) {
            Output pong = context.output("pong");
            for (Event event = await(context); event.type() == Event.Type.INPUT; event = await(context)) {
                sendBack(event.message(), pong);
            }
        }
    }

    private static final class EchoOperator implements Operator {
        private @Nullable Output pong;

        @Override
        public void open(NodeContext context) {
            pong = context.output("pong");
        }

        @Override
        public void onInput(Input input, Message ping) {
            sendBack(ping, java.util.Objects.requireNonNull(pong));
        }
    }

    private static Event await(NodeContext context) {
        @Nullable Event event = context.poll();
        while (event == null) {
            Thread.onSpinWait();
            event = context.poll();
        }
        return event;
    }

    private static void sendBack(Message ping, Output pong) {
        int length = ping.length();
        Claim claim = pong.claim(length);
        claim.buffer().put(claim.offset(), ping.buffer(), ping.offset(), length);
        claim.commit();
    }
}
