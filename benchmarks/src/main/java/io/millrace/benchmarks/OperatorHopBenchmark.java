package io.millrace.benchmarks;

import io.millrace.Dataflow;
import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.SynchronousQueue;
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
 * What does a message cost that goes from one operator to the next of the same node, beside a call of the same work?
 *
 * <p>One thread does all the work, the node's: JMH's only tells it to begin. The cost of one hop is the difference between nine operators in a row and one, divided by eight; each copies a
 * number from the message it gets into the one it sends. To run it alone: {@code java -cp
 * benchmarks/target/benchmarks-*-all.jar org.openjdk.jmh.Main OperatorHop}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(5)
public class OperatorHopBenchmark {
    private static final int MESSAGES = 100_000;
    private static final int MOST_OPERATORS = 9;

    /** The runtime makes the operators, so they find what they share here; one benchmark runs in a JVM. */
    private static final SynchronousQueue<Long> SUMS = new SynchronousQueue<>();

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long operators(Operators state) throws InterruptedException {
        return state.run();
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long calls(Calls state) {
        return state.run();
    }

    @State(Scope.Benchmark)
    public static class Operators {
        @Param({"1", "9"})
        public int length;

        private final ByteBuffer go = ByteBuffer.allocate(Long.BYTES);

        @SuppressWarnings("NullAway.Init")
        private RunningDataflow running;

        @SuppressWarnings("NullAway.Init")
        private Publisher publisher;

        @Setup
        public void start() {
            StringBuilder yaml = new StringBuilder("nodes:\n  - id: node\n    operators:\n");
            yaml.append("      - {id: op-0, class: '").append(First.class.getName());
            yaml.append("', inputs: {go: millrace/app/go}, outputs: [data]}\n");
            for (int i = 1; i < length; i++) {
                yaml.append("      - {id: op-").append(i).append(", class: '").append(Next.class.getName());
                yaml.append("', inputs: {data: node/op-").append(i - 1).append("/data}, outputs: [data]}\n");
            }
            yaml.append("      - {id: last, class: '").append(Last.class.getName());
            yaml.append("', inputs: {data: node/op-").append(length - 1).append("/data}}\n");
            running = Dataflow.parse(yaml.toString()).start();
            publisher = running.publisher("go");
        }

        long run() throws InterruptedException {
            if (publisher.send(go, Duration.ofSeconds(10)) != SendResult.ACCEPTED) {
                throw new IllegalStateException("the node does not take its order");
            }
            return checked(Objects.requireNonNull(SUMS.poll(1, TimeUnit.MINUTES), "the node did not answer"));
        }

        @TearDown
        public void stop() {
            running.close();
        }
    }

    private static long checked(long sum) {
        long expected = (long) MESSAGES * (MESSAGES - 1) / 2;
        if (sum != expected) {
            throw new IllegalStateException("expected a sum of " + expected + ", found " + sum);
        }
        return sum;
    }

    /** Sends a row of numbers when it is told to. */
    public static final class First implements Operator {
        private @Nullable Output data;

        @Override
        public void open(NodeContext context) {
            data = context.output("data");
        }

        @Override
        public void onInput(Input input, Message go) {
            Output to = Objects.requireNonNull(data);
            for (long i = 0; i < MESSAGES; i++) {
                send(to, i);
            }
        }
    }

    /** Sends on what it gets. */
    public static final class Next implements Operator {
        private @Nullable Output data;

        @Override
        public void open(NodeContext context) {
            data = context.output("data");
        }

        @Override
        public void onInput(Input input, Message message) {
            send(Objects.requireNonNull(data), message.getLong(0));
        }
    }

    private static void send(Output data, long value) {
        Claim claim = data.claim(Long.BYTES);
        claim.putLong(0, value);
        claim.commit();
    }

    /** Adds up, and gives the sum back when all have come. */
    public static final class Last implements Operator {
        private long sum;
        private int count;

        @Override
        public void onInput(Input input, Message message) throws InterruptedException {
            sum += message.getLong(0);
            count++;
            if (count == MESSAGES) {
                SUMS.put(sum);
                sum = 0;
                count = 0;
            }
        }
    }

    /** The same work with a call in place of each hop: through an interface, from object to object, each with a buffer of its own. */
    @State(Scope.Benchmark)
    public static class Calls {
        @Param({"1", "9"})
        public int length;

        private final Adder last = new Adder();
        private Receiver first = last;

        @Setup
        public void connect() {
            if (length > MOST_OPERATORS) {
                throw new IllegalArgumentException("expected at most " + MOST_OPERATORS + ", found " + length);
            }
            for (int i = 0; i < length; i++) {
                first = new Step(first);
            }
        }

        long run() {
            last.sum = 0;
            ByteBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (long i = 0; i < MESSAGES; i++) {
                buffer.putLong(0, i);
                first.receive(buffer);
            }
            return checked(last.sum);
        }
    }

    private interface Receiver {
        void receive(ByteBuffer message);
    }

    private static final class Step implements Receiver {
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private final Receiver next;

        Step(Receiver next) {
            this.next = next;
        }

        @Override
        public void receive(ByteBuffer message) {
            buffer.putLong(0, message.getLong(0));
            next.receive(buffer);
        }
    }

    private static final class Adder implements Receiver {
        private long sum;

        @Override
        public void receive(ByteBuffer message) {
            sum += message.getLong(0);
        }
    }
}
