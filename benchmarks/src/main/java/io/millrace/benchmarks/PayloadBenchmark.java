package io.millrace.benchmarks;

import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.graph.Execution.Idle;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.ByteBuffer;
import java.util.Objects;
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
 * Does it take longer to hand a large payload over than a small one, or to four consumers than to one?
 *
 * <p>Closed loop: a node claims a message of {@code length} bytes, writes its first and its last word, commits it, and waits until every consumer has read both and
 * answered with a message of 8 bytes. What the producer would need to write all of it stands beside: {@link #copy}. With one consumer both nodes spin; with four, more
 * than most machines have cores for, all park.
 *
 * <p>To read it: the line of 4,000,000 and 40,000,000 bytes over the line of 64 bytes and as many consumers. To run it: {@code java -cp
 * benchmarks/target/benchmarks-*-all.jar org.openjdk.jmh.Main -prof gc Payload}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(3)
public class PayloadBenchmark {
    /** Of one order: enough that the orders weigh nothing. */
    private static final int ROUNDS = 2_000;

    /** Over to all consumers, and their answers back. */
    @Benchmark
    @OperationsPerInvocation(ROUNDS)
    public void handOver(Running running) throws InterruptedException {
        running.orders.run(ROUNDS);
    }

    /** What writing all of it costs, from memory that is in the cache to memory that is in use: the yardstick. */
    @Benchmark
    public ByteBuffer copy(Memory memory) {
        return memory.target.put(0, memory.source, 0, memory.length);
    }

    @State(Scope.Benchmark)
    public static class Memory {
        @Param({"64", "4000000", "40000000"})
        public int length;

        private ByteBuffer source = ByteBuffer.allocateDirect(0);
        private ByteBuffer target = source;

        @Setup
        public void allocate() {
            source = ByteBuffer.allocateDirect(length);
            target = ByteBuffer.allocateDirect(length);
        }
    }

    @State(Scope.Benchmark)
    public static class Running {
        @Param({"64", "4000000", "40000000"})
        public int length;

        @Param({"1", "4"})
        public int consumers;

        private final Orders orders = new Orders();

        @SuppressWarnings("NullAway.Init") // started by the set-up
        private RunningDataflow dataflow;

        @Setup
        public void start() {
            DataflowBuilder builder = Dataflow.builder("payloads").node("producer", () -> new Producer(this), node -> {
                node.output("payload");
                for (int i = 0; i < consumers; i++) {
                    node.input("answer" + i, "consumer" + i + "/answer", QueuePolicy.LATEST, 1);
                }
            });
            for (int i = 0; i < consumers; i++) {
                builder.operator(
                        "consumer" + i,
                        Consumer::new,
                        node -> node.input("payload", "producer/payload", QueuePolicy.BACKPRESSURE, 10)
                                .output("answer"));
            }
            Idle idle = consumers == 1 ? Idle.BUSY_SPIN : Idle.PARK;
            dataflow = builder.build().start(StartOptions.builder().idle(idle).build());
            dataflow.completion().thenAccept(result -> result.cause().ifPresent(cause -> orders.failed(cause.error())));
        }

        @TearDown
        public void stop() throws InterruptedException {
            orders.close();
            DataflowResult result = dataflow.await();
            result.cause().ifPresent(cause -> {
                throw new IllegalStateException("the dataflow failed", cause.error());
            });
        }
    }

    private static final class Producer implements Node {
        private final Running state;

        Producer(Running state) {
            this.state = state;
        }

        @Override
        public void run(NodeContext context) {
            Output payload = context.output("payload");
            for (int rounds = state.orders.next(); rounds > 0; rounds = state.orders.next()) {
                for (int round = 0; round < rounds; round++) {
                    send(payload, round);
                    awaitAnswers(context, round);
                }
                state.orders.done();
            }
        }

        private void send(Output payload, long round) {
            Claim claim = payload.claim(state.length);
            claim.putLong(0, round);
            claim.putLong(state.length - Long.BYTES, round);
            claim.commit();
        }

        private void awaitAnswers(NodeContext context, long round) {
            for (int missing = state.consumers; missing > 0; ) {
                @Nullable Event event = context.next();
                if (event == null || event.type() != Event.Type.INPUT) {
                    throw new IllegalStateException("a consumer is gone");
                }
                if (event.message().getLong(0) == round) {
                    missing--;
                }
            }
        }
    }

    private static final class Consumer implements Operator {
        private @Nullable Output answer;

        @Override
        public void open(NodeContext context) {
            answer = context.output("answer");
        }

        @Override
        public void onInput(Input input, Message message) {
            long round = message.getLong(message.length() - Long.BYTES);
            if (message.getLong(0) != round) {
                throw new IllegalStateException("a payload is damaged");
            }
            Claim claim = Objects.requireNonNull(answer).claim(Long.BYTES);
            claim.putLong(0, round);
            claim.commit();
        }
    }
}
