package io.millrace.testkit;

import io.millrace.graph.InputSource;
import io.millrace.layout.HybridClock;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeFailure;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs one operator or node on the thread of a test: feeds its inputs, moves its clock, shows what it sent.
 *
 * <pre>{@code
 * NodeHarness harness = NodeHarness.of(new Doubler()).input("number").output("doubled").open();
 * harness.feed("number", "21");
 * assertThat(harness.sent("doubled")).extracting(SentMessage::text).containsExactly("42");
 * }</pre>
 *
 * <p>An {@link Operator} is called back within {@link #feed}, {@link #closeInput}, {@link #advance} and so on. A {@link Node} has a loop of its own: the same
 * methods say what will happen, and {@link #run} then lets it happen, moving the clock whenever the node waits.
 *
 * <p>The rules of the API are kept and enforced: sending in {@code open} is an error, a message throws when it is used after its callback, a claim that is
 * neither committed nor aborted is found, and so is a retained message that was not released when the harness is closed. What the code under test throws comes out of the call that caused it, as it is, checked or not; its {@code close}
 * has been called by then.
 */
public final class NodeHarness implements AutoCloseable {
    private final HarnessBuilder setup;
    private final ManualClock clock;
    /** Where the time stands for those who feed: ahead of the clock while a node's script is written. */
    private final ManualClock feedTime;

    private final HybridClock upstreamClock;
    private final HybridClock nodeClock;
    private final TestContext context;
    private final Timers timers;
    private final Subject subject;
    private final List<SentMessage> sent = new ArrayList<>();

    NodeHarness(HarnessBuilder setup, Making making) {
        this.setup = setup;
        clock = new ManualClock(setup.start());
        feedTime = new ManualClock(setup.start());
        upstreamClock = new HybridClock(feedTime);
        nodeClock = new HybridClock(clock);
        List<TestInput> inputs = setup.makeInputs();
        context = new TestContext(setup, clock, inputs, makeOutputs());
        timers = new Timers(inputs);
        subject = making.make(this);
    }

    /** Begins a harness for a reactive operator. */
    public static HarnessBuilder of(Operator operator) {
        return new HarnessBuilder(new OfOperator(operator));
    }

    /** Begins a harness for a node with its own loop. */
    public static HarnessBuilder of(Node node) {
        return new HarnessBuilder(new OfNode(node));
    }

    /** Feeds a message of format {@link PayloadFormat#BYTES}. */
    public void feed(String input, byte[] payload) {
        feed(input, payload, Parameters.EMPTY);
    }

    /** Feeds a message of format {@link PayloadFormat#BYTES} with parameters. */
    public void feed(String input, byte[] payload, Parameters parameters) {
        feed(input, payload, PayloadFormat.BYTES.code(), parameters);
    }

    /** Feeds a message of format {@link PayloadFormat#UTF8}. */
    public void feed(String input, String text) {
        feed(input, text, Parameters.EMPTY);
    }

    /** Feeds a message of format {@link PayloadFormat#UTF8} with parameters. */
    public void feed(String input, String text, Parameters parameters) {
        feed(input, text.getBytes(StandardCharsets.UTF_8), PayloadFormat.UTF8.code(), parameters);
    }

    /** Feeds the payload and parameters of what another harness has sent. */
    public void feed(String input, SentMessage message) {
        feed(input, message.payload(), message.message().formatCode(), message.parameters());
    }

    private void feed(String input, byte[] payload, int formatCode, Parameters parameters) {
        feed(input, producer -> {
            var claim = producer.claim(payload.length, parameters);
            claim.putBytes(0, payload, 0, payload.length);
            claim.formatCode(formatCode).commit();
        });
    }

    /**
     * Feeds what {@code writer} sends, as its producer would write it: {@code harness.feed("wind", out -> Wind.write(out, 12.5))}. Several messages make
     * one batch.
     */
    public void feed(String input, Consumer<? super Output> writer) {
        TestInput target = openInput(input);
        if (target.from() instanceof InputSource.Timer) {
            throw new IllegalArgumentException(
                    "input '" + target.name() + "' is a timer: it ticks when the clock is advanced");
        }
        List<ByteBuffer> records = new ArrayList<>();
        upstreamClock.update();
        RecordingOutput producer = new RecordingOutput(
                target.source(),
                target.source(),
                RecordingOutput.UNLIMITED,
                RecordingOutput.Gate.OPEN,
                new ProducerStamp(target),
                records::add);
        writer.accept(producer);
        if (producer.hasOpenClaim()) {
            throw new IllegalStateException(
                    "what feeds input '" + target.name() + "' has neither committed nor aborted its claim");
        }
        subject.feed(target, records);
    }

    /** The input brings no more messages, or ticks. After the last data input all inputs are closed, unless a timer ticks on; then the code under test ends. */
    public void closeInput(String input) {
        TestInput closing = openInput(input);
        closing.endOfFeed(true);
        subject.accept(TestEvent.ofInput(Event.Type.INPUT_CLOSED, closing));
        if (isLastEndOfFeed()) {
            subject.accept(TestEvent.of(Event.Type.ALL_INPUTS_CLOSED));
        }
    }

    /** As in a dataflow: a node without data inputs is not told. */
    private boolean isLastEndOfFeed() {
        List<TestInput> inputs = context.testInputs();
        return inputs.stream().anyMatch(TestInput::isData)
                && inputs.stream()
                        .filter(input -> input.isData() || !setup.isExitingWhenNodesFinish())
                        .allMatch(TestInput::isEndOfFeed);
    }

    /** An input that was closed, as by {@code input_timeout}, brings messages again. */
    public void recoverInput(String input) {
        subject.checkHasNotEnded();
        TestInput recovering = context.testInput(input);
        if (!recovering.isEndOfFeed()) {
            throw new IllegalStateException("input '" + recovering.name() + "' is not closed: it cannot recover");
        }
        recovering.endOfFeed(false);
        subject.accept(TestEvent.ofInput(Event.Type.INPUT_RECOVERED, recovering));
    }

    /**
     * A node that feeds the one under test has failed. Its inputs are closed by {@link #closeInput}.
     *
     * @param node its id, which the sources of the inputs name
     * @param error what it threw, in one line
     */
    public void nodeFailed(String node, String error) {
        List<Input> fed = List.copyOf(inputsFedBy(node));
        subject.accept(TestEvent.failed(new NodeFailure(node, error, fed)));
    }

    /** A node that feeds the one under test runs again: sequences begin at 0, in the next incarnation. */
    public void nodeRestarted(String node) {
        inputsFedBy(node).forEach(TestInput::producerRestarted);
        subject.accept(TestEvent.restarted(node));
    }

    /** The dataflow is being stopped; the code under test ends. */
    public void stop() {
        subject.checkHasNotEnded();
        subject.accept(TestEvent.of(Event.Type.STOP));
    }

    /**
     * Time passes. A timer whose tick is due ticks once, however many of its ticks were missed; its first tick is due at the start, and so comes with the first call, if only
     * with one of {@link Duration#ZERO}. For a {@link Node}, what is fed afterwards happens that
     * much later.
     *
     * @throws IllegalArgumentException if {@code step} is negative
     */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("time moves forward only, found " + step);
        }
        feedTime.advance(step);
        subject.advance(step);
    }

    /**
     * Calls {@code run} of a {@link Node} on this thread, until it returns. Whoever waits for an event when nothing is left gets an {@link
     * IllegalStateException}; {@code next} with a timeout returns null and has moved the clock.
     *
     * @throws IllegalStateException if the code under test is an operator, or has run before
     */
    public void run() {
        subject.checkHasNotEnded();
        subject.run();
    }

    /** What was sent on one output since it was last taken, in order. */
    public List<SentMessage> sent(String output) {
        String id = context.recordingOutput(output).id();
        return sent.stream().filter(message -> message.output().equals(id)).toList();
    }

    /** The same, read: {@code harness.sent("position", Position::read)}. */
    public <T> List<T> sent(String output, Function<? super Message, ? extends T> reader) {
        return sent(output).stream().<T>map(message -> message.read(reader)).toList();
    }

    /** What was sent on all outputs, in order. */
    public List<SentMessage> sent() {
        return List.copyOf(sent);
    }

    /** As {@link #sent(String)}; the output then holds nothing. */
    public List<SentMessage> take(String output) {
        List<SentMessage> taken = sent(output);
        sent.removeIf(message -> message.output().equals(output));
        context.recordingOutput(output).makeRoom();
        return taken;
    }

    /** The last consumer of an output ends: it counts as closed from now on. */
    public void closeOutput(String output) {
        context.recordingOutput(output).endConsumers();
    }

    /** Whether the code under test has closed an output, or has ended. */
    public boolean isOutputClosed(String output) {
        return context.recordingOutput(output).isClosed();
    }

    /** Whether the code under test has come to its end, by a failure or otherwise. */
    public boolean hasEnded() {
        return subject.hasEnded();
    }

    /** What the code under test has left by {@link io.millrace.node.NodeContext#checkpoint} last, if anything; read-only and little-endian. */
    public Optional<ByteBuffer> checkpointed() {
        return context.checkpointed();
    }

    /** The clock of the code under test. */
    public ManualClock clock() {
        return clock;
    }

    /** How many messages of an input the code under test has retained and not released. */
    public int retained(String input) {
        return context.testInput(input).retained().count();
    }

    /**
     * Calls {@code close} of the code under test if that has not ended. Idempotent.
     *
     * @throws IllegalStateException if a message that the code under test has retained was not released by then, with where it was retained as the cause; not where the
     *     code under test has failed
     */
    @Override
    public void close() {
        subject.end();
        if (!subject.hasFailed()) {
            context.testInputs().forEach(input -> input.retained().checkReleased());
        }
    }

    void openSubject() {
        subject.open();
    }

    private TestInput openInput(String id) {
        subject.checkHasNotEnded();
        TestInput input = context.testInput(id);
        if (input.isEndOfFeed()) {
            throw new IllegalStateException("input '" + input.name() + "' is closed");
        }
        return input;
    }

    private List<TestInput> inputsFedBy(String node) {
        subject.checkHasNotEnded();
        List<TestInput> fed = context.testInputs().stream()
                .filter(input -> input.isFedBy(node))
                .toList();
        if (fed.isEmpty()) {
            throw new IllegalArgumentException("no input is fed by a node '" + node + "': the sources are "
                    + context.testInputs().stream().map(TestInput::source).toList());
        }
        return fed;
    }

    private List<RecordingOutput> makeOutputs() {
        List<RecordingOutput> made = new ArrayList<>();
        for (HarnessBuilder.OutputPort port : setup.outputs()) {
            made.add(new RecordingOutput(
                    port.id(),
                    setup.owner() + "/" + port.id(),
                    port.capacity(),
                    RecordingOutput.Gate.NOT_YET,
                    new NodeStamp(),
                    record -> sent.add(new SentMessage(port.id(), Records.readOnly(record)))));
        }
        return made;
    }

    private TestEvent tick(TestInput timer) {
        ByteBuffer record = Records.allocate(new byte[0], 0);
        nodeClock.update();
        Records.stamp(record, PayloadFormat.BYTES.code(), setup.incarnation(), timer.takeSequence(), nodeClock.next());
        return TestEvent.message(timer, record);
    }

    /** Makes the subject of a harness. */
    interface Making {
        boolean isOperator();

        Subject make(NodeHarness harness);
    }

    private record OfOperator(Operator operator) implements Making {
        @Override
        public boolean isOperator() {
            return true;
        }

        @Override
        public Subject make(NodeHarness harness) {
            return new OperatorSubject(
                    operator, harness.context, harness.nodeClock, harness.clock, harness.timers, harness::tick);
        }
    }

    private record OfNode(Node node) implements Making {
        @Override
        public boolean isOperator() {
            return false;
        }

        @Override
        public Subject make(NodeHarness harness) {
            Script script = new Script(harness.clock, harness.timers, harness::tick);
            return new NodeSubject(node, harness.context, harness.nodeClock, script);
        }
    }

    private final class NodeStamp implements RecordingOutput.Stamp {
        private long sequence;

        @Override
        public int incarnation() {
            return setup.incarnation();
        }

        @Override
        public long nextSequence() {
            return sequence++;
        }

        @Override
        public long nextTimestamp() {
            return nodeClock.next();
        }

        @Override
        public void await(Duration time) {
            clock.advance(time);
        }
    }

    private final class ProducerStamp implements RecordingOutput.Stamp {
        private final TestInput input;

        ProducerStamp(TestInput input) {
            this.input = input;
        }

        @Override
        public int incarnation() {
            return input.incarnation();
        }

        @Override
        public long nextSequence() {
            return input.takeSequence();
        }

        @Override
        public long nextTimestamp() {
            return upstreamClock.next();
        }

        @Override
        public void await(Duration time) {
            feedTime.advance(time);
        }
    }
}
