package io.millrace.testkit;

import io.millrace.node.Clock;
import io.millrace.node.Config;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the code under test is handed. Used by the test's thread only. */
final class TestContext implements NodeContext {
    private final HarnessBuilder setup;
    private final Config config;
    private final List<TestInput> inputs;
    private final List<RecordingOutput> outputs;
    private final ManualClock clock;
    private final Logger logger;
    private Optional<Subject.EventSource> events = Optional.empty();
    private @Nullable ByteBuffer checkpoint;
    private boolean stopping;

    TestContext(HarnessBuilder setup, ManualClock clock, List<TestInput> inputs, List<RecordingOutput> outputs) {
        this.setup = setup;
        this.clock = clock;
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        config = setup.makeConfig();
        logger = LoggerFactory.getLogger("millrace." + setup.dataflow() + "." + setup.owner());
    }

    void events(Subject.EventSource source) {
        events = Optional.of(source);
    }

    void stopping() {
        stopping = true;
    }

    List<TestInput> testInputs() {
        return inputs;
    }

    List<RecordingOutput> recordingOutputs() {
        return outputs;
    }

    TestInput testInput(String id) {
        return inputs.stream()
                .filter(input -> input.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        unknown("input", id, inputs.stream().map(TestInput::id).toList()));
    }

    RecordingOutput recordingOutput(String id) {
        return outputs.stream()
                .filter(output -> output.id().equals(id))
                .findFirst()
                .orElseThrow(() -> unknown(
                        "output", id, outputs.stream().map(RecordingOutput::id).toList()));
    }

    private IllegalArgumentException unknown(String what, String id, List<String> known) {
        return new IllegalArgumentException(
                "node '" + setup.owner() + "' has no " + what + " '" + id + "': found " + known);
    }

    @Override
    public String dataflow() {
        return setup.dataflow();
    }

    @Override
    public String nodeId() {
        return setup.nodeId();
    }

    @Override
    public String operatorId() {
        return setup.operatorId();
    }

    @Override
    public int incarnation() {
        return setup.incarnation();
    }

    @Override
    public Path workingDirectory() {
        return setup.workingDirectory()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "the node asks for its working directory: say workingDirectory(...) when building the harness"));
    }

    @Override
    public Config config() {
        return config;
    }

    @Override
    public Map<String, String> env() {
        return setup.environment();
    }

    @Override
    public List<Input> inputs() {
        return List.copyOf(inputs);
    }

    @Override
    public Input input(String id) {
        return testInput(id);
    }

    @Override
    public List<Output> outputs() {
        return List.copyOf(outputs);
    }

    @Override
    public Output output(String id) {
        return recordingOutput(id);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Logger logger() {
        return logger;
    }

    @Override
    public void checkpoint(ByteBuffer state) {
        if (state.remaining() > MAX_CHECKPOINT_BYTES) {
            throw new IllegalArgumentException("a checkpoint of '" + setup.owner() + "' has " + state.remaining()
                    + " bytes, more than the " + MAX_CHECKPOINT_BYTES + " that one may have");
        }
        checkpoint = copy(state);
    }

    @Override
    public Optional<ByteBuffer> restored() {
        return setup.restored().map(TestContext::copy);
    }

    /** What was left last, if anything. */
    Optional<ByteBuffer> checkpointed() {
        return Optional.ofNullable(checkpoint).map(TestContext::copy);
    }

    /** Read-only and little-endian. */
    static ByteBuffer copy(ByteBuffer state) {
        ByteBuffer copy = ByteBuffer.allocate(state.remaining());
        copy.put(0, state, state.position(), state.remaining());
        return copy.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public boolean isStopping() {
        return stopping || events.filter(Subject.EventSource::isStopDue).isPresent();
    }

    @Override
    public @Nullable Event poll() {
        return source("poll").await(0);
    }

    @Override
    public @Nullable Event next() {
        return source("next").await(Subject.EventSource.FOR_EVER);
    }

    @Override
    public @Nullable Event next(Duration timeout) {
        return source("next").await(Math.max(0, TimeUnit.NANOSECONDS.convert(timeout)));
    }

    @Override
    public boolean hasEnded() {
        return source("hasEnded").isLastEventOut();
    }

    @Override
    public boolean sleep(Duration duration) {
        Subject.EventSource script = source("sleep");
        return !stopping && script.sleep(Math.max(0, TimeUnit.NANOSECONDS.convert(duration)));
    }

    private Subject.EventSource source(String method) {
        return events.orElseThrow(() -> new IllegalStateException("node '" + setup.owner() + "': " + method
                + "() is for a Node in its run method; an Operator is called back"));
    }
}
