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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What do metrics cost a message: sent on an edge, polled from it and handled, all on the one thread of a node that reads its own output? The budget is that {@code true} takes at
 * most 3 ns more than {@code false}.
 *
 * <p>To run it: {@code java -cp benchmarks/target/benchmarks-*-all.jar org.openjdk.jmh.Main -prof gc Metrics}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(5)
@State(Scope.Benchmark)
public class MetricsBenchmark {
    private static final int MESSAGES = 100_000;
    private static final int LENGTH = 64;

    @Param({"false", "true"})
    public boolean metrics;

    private final Orders orders = new Orders();

    @SuppressWarnings("NullAway.Init") // started by the set-up
    private RunningDataflow running;

    @Setup
    public void start() {
        Dataflow dataflow = Dataflow.builder("metrics")
                .node(
                        "loop",
                        () -> new Loop(orders),
                        node -> node.output("out").input("in", "loop/out", QueuePolicy.DROP_OLDEST, 8))
                .build();
        running = dataflow.start(
                StartOptions.builder().idle(Idle.BUSY_SPIN).metrics(metrics).build());
        running.completion().thenAccept(result -> result.cause().ifPresent(cause -> orders.failed(cause.error())));
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void sendAndPoll() throws InterruptedException {
        orders.run(MESSAGES);
    }

    @TearDown
    public void stop() throws InterruptedException {
        orders.close();
        DataflowResult result = running.await();
        result.cause().ifPresent(cause -> {
            throw new IllegalStateException("the dataflow failed", cause.error());
        });
    }

    private static final class Loop implements Node {
        private final Orders orders;

        Loop(Orders orders) {
            this.orders = orders;
        }

        @Override
        public void run(NodeContext context) {
            Output out = context.output("out");
            for (int count = orders.next(); count > 0; count = orders.next()) {
                for (int number = 0; number < count; number++) {
                    send(out, number);
                    check(context.poll(), number);
                }
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
