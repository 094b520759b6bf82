package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.Dataflow;
import io.millrace.DataflowBuilder;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Claim;
import io.millrace.node.Clock;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A source, a relay and a sink on three threads, which count the bytes that they allocate themselves. The source sends more than a queue holds and then waits
 * until the sink has seen the last of it, so every edge is full, drops where it may, and runs empty, again and again, on any machine.
 */
class AllocationTest {
    private static final int BURST = 15;
    private static final int WINDOW = 100 * BURST;
    private static final int WINDOWS = 11;
    private static final int LAST = WINDOWS * WINDOW - 1;
    private static final int INLINE = 64;
    /** Travels by reference. */
    private static final int POOLED = 20_000;

    private final Meter source = new Meter();
    private final Meter relay = new Meter();
    private final Meter sink = new Meter();

    enum Style {
        OWN_LOOP,
        REACTIVE
    }

    static Stream<Arguments> policiesAndStyles() {
        return Arrays.stream(QueuePolicy.values())
                .flatMap(policy -> Arrays.stream(Style.values()).map(style -> Arguments.of(policy, style)));
    }

    @ParameterizedTest
    @MethodSource("policiesAndStyles")
    void shouldAllocateNothingWhenMessagesFlow(QueuePolicy policy, Style style) throws Exception {
        Dataflow dataflow = dataflow(policy, style).build();

        run(dataflow);

        assertNothingWasAllocated();
    }

    @ParameterizedTest
    @MethodSource("policiesAndStyles")
    void shouldAllocateNothingWhenAnOutputHasTwoConsumers(QueuePolicy policy, Style style) throws Exception {
        Dataflow dataflow = dataflow(policy, style)
                .operator("bystander", () -> new Operator() {}, node -> {
                    node.input("in", "source/out", policy, queueSize(policy));
                })
                .build();

        run(dataflow);

        assertNothingWasAllocated();
    }

    @ParameterizedTest
    @MethodSource("policiesAndStyles")
    void shouldAllocateNothingWhenPayloadsAreLarge(QueuePolicy policy, Style style) throws Exception {
        Dataflow dataflow = dataflow(policy, style, POOLED)
                .operator("bystander", () -> new Operator() {}, node -> {
                    node.input("in", "source/out", policy, queueSize(policy));
                })
                .build();

        run(dataflow);

        assertNothingWasAllocated();
    }

    @ParameterizedTest
    @EnumSource(QueuePolicy.class)
    void shouldAllocateNothingWhenNodesShareAThread(QueuePolicy policy) throws Exception {
        Dataflow dataflow = dataflow(policy, Style.REACTIVE).threads(1).build();

        run(dataflow);

        assertNothingWasAllocated();
    }

    private DataflowBuilder dataflow(QueuePolicy policy, Style style) {
        return dataflow(policy, style, INLINE);
    }

    private DataflowBuilder dataflow(QueuePolicy policy, Style style, int length) {
        DataflowBuilder builder = Dataflow.builder("allocation")
                .node("source", () -> new Source(source, sink, length), node -> node.output("out"));
        add(builder, style, "relay", "source/out", policy, () -> new Relay(length), relay);
        add(builder, style, "sink", "relay/out", policy, Nothing::new, sink);
        return builder;
    }

    private static void add(
            DataflowBuilder builder,
            Style style,
            String id,
            String from,
            QueuePolicy policy,
            Supplier<Reaction> reaction,
            Meter meter) {
        Consumer<io.millrace.NodeBuilder> ports =
                node -> node.input("in", from, policy, queueSize(policy)).output("out");
        if (style == Style.REACTIVE) {
            builder.operator(id, () -> new Reactive(reaction.get(), meter), ports);
        } else {
            builder.node(id, () -> new OwnLoop(reaction.get(), meter), ports);
        }
    }

    private static int queueSize(QueuePolicy policy) {
        return policy == QueuePolicy.LATEST ? 1 : 10;
    }

    private static void run(Dataflow dataflow) throws Exception {
        StartOptions options = StartOptions.builder().clock(new PlainClock()).build();
        try (RunningDataflow running = dataflow.start(options)) {
            DataflowResult result = running.await(Duration.ofMinutes(2));
            assertThat(result.failures()).isEmpty();
            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    private void assertNothingWasAllocated() {
        assertThat(source.medianBytes()).as("bytes that the source allocated").isZero();
        assertThat(relay.medianBytes()).as("bytes that the relay allocated").isZero();
        assertThat(sink.medianBytes()).as("bytes that the sink allocated").isZero();
    }

    /**
     * What a thread allocates in each window of so many messages. The JVM allocates a little when a call is made for the first time, and nobody can say in which
     * window the first message is dropped or the first thread parks: hence the median of them. Used by that thread, and by others when it has ended.
     */
    private static final class Meter {
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        private final long[] bytes = new long[WINDOWS];
        private volatile long lastSeen = -1;
        private int window;
        private long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();

        void onMessage(long number) {
            if (number == LAST || number >= (window + 1L) * WINDOW) {
                long now = THREADS.getCurrentThreadAllocatedBytes();
                bytes[window++] = now - bytesBefore;
                bytesBefore = now;
            }
            lastSeen = number;
        }

        long medianBytes() {
            assertThat(window).as("windows").isEqualTo(WINDOWS);
            long[] sorted = bytes.clone();
            Arrays.sort(sorted);
            return sorted[WINDOWS / 2];
        }
    }

    private record Source(Meter meter, Meter sink, int length) implements Node {
        @Override
        public void run(NodeContext context) {
            Output out = context.output("out");
            for (long number = 0; number <= LAST; number++) {
                send(out, number, length);
                meter.onMessage(number);
                while (number % BURST == BURST - 1 && sink.lastSeen < number) {
                    Thread.yield();
                }
            }
        }
    }

    private static void send(Output out, long number, int length) {
        Claim claim = out.claim(length);
        for (int i = 0; i < length; i += Long.BYTES) {
            claim.putLong(i, number);
        }
        claim.commit();
    }

    /** What is done with a message. */
    private interface Reaction {
        void onMessage(Message message, Output out);
    }

    private record Relay(int length) implements Reaction {
        @Override
        public void onMessage(Message message, Output out) {
            send(out, message.getLong(length - Long.BYTES), length);
        }
    }

    private record Nothing() implements Reaction {
        @Override
        public void onMessage(Message message, Output out) {}
    }

    private record OwnLoop(Reaction reaction, Meter meter) implements Node {
        @Override
        public void run(NodeContext context) {
            Output out = context.output("out");
            for (@Nullable Event event = context.next(); event != null; event = context.next()) {
                if (event.type() == Event.Type.INPUT) {
                    reaction.onMessage(event.message(), out);
                    meter.onMessage(event.message().getLong(0));
                }
            }
        }
    }

    private static final class Reactive implements Operator {
        private final Reaction reaction;
        private final Meter meter;
        private @Nullable Output out;

        Reactive(Reaction reaction, Meter meter) {
            this.reaction = reaction;
            this.meter = meter;
        }

        @Override
        public void open(NodeContext context) {
            out = context.output("out");
        }

        @Override
        public void onInput(Input input, Message message) {
            reaction.onMessage(message, Objects.requireNonNull(out));
            meter.onMessage(message.getLong(0));
        }
    }

    /** Unlike the system's own, it does not allocate to tell the wall-clock time, which nodes ask for once a second. */
    private static final class PlainClock implements Clock {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long epochNanos() {
            return System.currentTimeMillis() * 1_000_000;
        }
    }
}
