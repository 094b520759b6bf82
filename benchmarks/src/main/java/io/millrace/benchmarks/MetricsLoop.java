package io.millrace.benchmarks;

import io.millrace.Dataflow;
import io.millrace.graph.Execution.Idle;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import org.jspecify.annotations.Nullable;

/** A node that sends to itself, a given number of messages each time it is told to: sent on an edge, polled from it and handled, all on its one thread. */
public final class MetricsLoop implements AutoCloseable {
    private static final int LENGTH = 64;

    private final Orders orders;
    private final Loop loop;
    private final RunningDataflow running;

    private MetricsLoop(Orders orders, Loop loop, RunningDataflow running) {
        this.orders = orders;
        this.loop = loop;
        this.running = running;
    }

    public static MetricsLoop start(boolean metrics) {
        Orders orders = new Orders();
        Loop loop = new Loop(orders);
        Dataflow dataflow = Dataflow.builder("metrics")
                .node(
                        "loop",
                        () -> loop,
                        node -> node.output("out").input("in", "loop/out", QueuePolicy.DROP_OLDEST, 8))
                .build();
        RunningDataflow running = dataflow.start(
                StartOptions.builder().idle(Idle.BUSY_SPIN).metrics(metrics).build());
        running.completion().thenAccept(result -> result.cause().ifPresent(cause -> orders.failed(cause.error())));
        return new MetricsLoop(orders, loop, running);
    }

    /** Blocks until so many messages have been sent and handled. */
    public void run(int messages) throws InterruptedException {
        orders.run(messages);
    }

    /** As {@link #run}; how long they took by the node's own account, without the order and its answer. */
    public long nanosOf(int messages) throws InterruptedException {
        orders.run(messages);
        return loop.lastNs;
    }

    @Override
    public void close() {
        orders.close();
        DataflowResult result = running.completion().toCompletableFuture().join();
        result.cause().ifPresent(cause -> {
            throw new IllegalStateException("the dataflow failed", cause.error());
        });
    }

    private static final class Loop implements Node {
        private final Orders orders;
        private long lastNs; // handed over by the orders

        Loop(Orders orders) {
            this.orders = orders;
        }

        @Override
        public void run(NodeContext context) {
            Output out = context.output("out");
            for (int count = orders.next(); count > 0; count = orders.next()) {
                long beginNs = System.nanoTime();
                for (int number = 0; number < count; number++) {
                    send(out, number);
                    check(context.poll(), number);
                }
                lastNs = System.nanoTime() - beginNs;
                orders.done();
            }
        }

        private static void send(Output out, int number) {
            Claim claim = out.claim(LENGTH);
            claim.putLong(0, number);
            claim.commit();
        }

        private static void check(@Nullable Event event, int number) {
            if (event == null || event.message().getLong(0) != number) {
                throw new IllegalStateException("expected message " + number + ", found " + event);
            }
        }
    }
}
