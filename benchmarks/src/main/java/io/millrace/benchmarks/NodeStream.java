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

/** Two nodes: {@code producer} sends as fast as there is room in a {@code backpressure} edge, {@code consumer} receives. */
final class NodeStream {
    private NodeStream() {}

    /** @param nanosecondsAChunk where the consumer records how long {@link Tally#CHUNK} messages took */
    static Nodes start(boolean toOperator, int queueSize, int length, Histogram nanosecondsAChunk, String form) {
        Orders orders = new Orders();
        Tally tally = new Tally.Padded(orders, length, nanosecondsAChunk);
        Dataflow dataflow = (toOperator
                        ? Dataflow.builder("stream")
                                .operator(
                                        "consumer",
                                        () -> new ConsumerOperator(tally),
                                        consumer -> consumer.input(
                                                "numbers", "producer/numbers", QueuePolicy.BACKPRESSURE, queueSize))
                        : Dataflow.builder("stream")
                                .node(
                                        "consumer",
                                        () -> new ConsumerNode(tally),
                                        consumer -> consumer.input(
                                                "numbers", "producer/numbers", QueuePolicy.BACKPRESSURE, queueSize)))
                .node("producer", () -> new Producer(orders, length), producer -> producer.output("numbers"))
                .build();
        return Nodes.start(dataflow, orders, form);
    }

    private static final class Producer implements Node {
        private final Orders orders;
        private final int length;
        private final byte[] template;

        Producer(Orders orders, int length) {
            this.orders = orders;
            this.length = length;
            this.template = Payload.template(length);
        }

        @Override
        public void run(NodeContext context) {
            Output numbers = context.output("numbers");
            for (int count = orders.next(); count > 0; count = orders.next()) {
                send(numbers, count);
            }
        }

        private void send(Output numbers, int count) {
            for (long left = count - 1L; left >= 0; left--) {
                Claim claim = numbers.claim(length);
                claim.putBytes(0, template, 0, length);
                claim.putLong(0, left);
                claim.commit();
            }
        }
    }

    private static final class ConsumerNode implements Node {
        private final Tally tally;

        ConsumerNode(Tally tally) {
            this.tally = tally;
        }

        @Override
        public void run(NodeContext context) {
            while (true) {
                @Nullable Event event = context.poll();
                if (event == null) {
                    Thread.onSpinWait();
                } else if (event.type() == Event.Type.INPUT) {
                    tally.onMessage(event.message());
                } else {
                    return;
                }
            }
        }
    }

    private static final class ConsumerOperator implements Operator {
        private final Tally tally;

        ConsumerOperator(Tally tally) {
            this.tally = tally;
        }

        @Override
        public void onInput(Input input, Message message) {
            tally.onMessage(message);
        }
    }
}
