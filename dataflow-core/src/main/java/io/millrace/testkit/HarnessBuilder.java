package io.millrace.testkit;

import io.millrace.graph.InputSource;
import io.millrace.node.Config;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what a harness pretends: what the dataflow file and the runtime would give the code under test. Not safe to share between threads. */
public final class HarnessBuilder {
    /** The node that feeds inputs whose source is not said. */
    static final String UPSTREAM = "upstream";

    private final NodeHarness.Making making;
    private final List<InputPort> inputs = new ArrayList<>();
    private final List<OutputPort> outputs = new ArrayList<>();
    private final Map<String, Object> config = new LinkedHashMap<>();
    private final Map<String, String> env = new HashMap<>();
    private String dataflow = "test";
    private String nodeId = "node";
    private String operatorId = "";
    private int incarnation;
    private Instant start = ManualClock.DEFAULT_START;
    private @Nullable Path workingDirectory;
    private @Nullable ByteBuffer restored;
    private boolean exitWhenNodesFinish;

    HarnessBuilder(NodeHarness.Making making) {
        this.making = making;
    }

    /** An input, from {@code upstream/ID}. */
    public HarnessBuilder input(String id) {
        return input(id, UPSTREAM + "/" + id);
    }

    /**
     * An input.
     *
     * @param source as in a file: {@code node/output}, {@code dora/timer/millis/100}, {@code millrace/app/NAME}
     * @throws IllegalArgumentException if the source cannot be read as one
     */
    public HarnessBuilder input(String id, String source) {
        inputs.add(new InputPort(id, InputSource.parse(source)));
        return this;
    }

    /** An output that always has room: an operator that sends too much in one callback is not found out here, but by a harness of the whole dataflow. */
    public HarnessBuilder output(String id) {
        outputs.add(new OutputPort(id, RecordingOutput.UNLIMITED));
        return this;
    }

    /**
     * An output that is full when it holds so many messages, until a test takes them. For a node with its own loop only: an operator is never
     * refused.
     */
    public HarnessBuilder output(String id, int capacity) {
        if (capacity < 0) {
            throw new IllegalArgumentException("output '" + id + "': capacity must not be negative, found " + capacity);
        }
        if (making.isOperator()) {
            throw new IllegalArgumentException(
                    "output '" + id + "': an operator's sends always find room, so its outputs have no capacity");
        }
        outputs.add(new OutputPort(id, capacity));
        return this;
    }

    /** One key of the {@code config} mapping: a string, boolean, number, list or map. */
    public HarnessBuilder config(String key, Object value) {
        config.put(key, value);
        return this;
    }

    /** Several keys of the {@code config} mapping. */
    public HarnessBuilder config(Map<String, ?> values) {
        config.putAll(values);
        return this;
    }

    public HarnessBuilder env(String name, String value) {
        env.put(name, value);
        return this;
    }

    /** The code under test may ask for it only if this was said. */
    public HarnessBuilder workingDirectory(Path directory) {
        workingDirectory = directory.toAbsolutePath();
        return this;
    }

    /** {@code test} unless said. */
    public HarnessBuilder dataflow(String name) {
        dataflow = name;
        return this;
    }

    /** {@code node} unless said. */
    public HarnessBuilder nodeId(String id) {
        nodeId = id;
        return this;
    }

    /** None unless said. */
    public HarnessBuilder operatorId(String id) {
        operatorId = id;
        return this;
    }

    /** 0 unless said. */
    public HarnessBuilder incarnation(int number) {
        incarnation = number;
        return this;
    }

    /**
     * What the incarnation before has left by {@link io.millrace.node.NodeContext#checkpoint}: nothing unless said. What remains in it is copied. Most often the
     * {@link #incarnation} is then not the first.
     */
    public HarnessBuilder restored(ByteBuffer state) {
        restored = TestContext.copy(state);
        return this;
    }

    /** Where the wall clock stands: {@link ManualClock#DEFAULT_START} unless said. */
    public HarnessBuilder startAt(Instant instant) {
        start = instant;
        return this;
    }

    /** The dataflow's {@code exit_when_nodes_finish}: all inputs count as closed although a timer still ticks. */
    public HarnessBuilder exitWhenNodesFinish() {
        exitWhenNodesFinish = true;
        return this;
    }

    /** Calls {@code open}, on this thread. What that throws comes out as it is. */
    public NodeHarness open() {
        NodeHarness harness = new NodeHarness(this, making);
        harness.openSubject();
        return harness;
    }

    List<TestInput> makeInputs() {
        List<TestInput> made = new ArrayList<>();
        for (InputPort port : inputs) {
            made.add(new TestInput(port.id, made.size(), owner() + "/" + port.id, port.source));
        }
        return made;
    }

    List<OutputPort> outputs() {
        return outputs;
    }

    /** {@code node} or {@code node/operator}. */
    String owner() {
        return operatorId.isEmpty() ? nodeId : nodeId + "/" + operatorId;
    }

    Config makeConfig() {
        return new Config(owner(), config);
    }

    Map<String, String> environment() {
        return Map.copyOf(env);
    }

    Optional<Path> workingDirectory() {
        return Optional.ofNullable(workingDirectory);
    }

    String dataflow() {
        return dataflow;
    }

    String nodeId() {
        return nodeId;
    }

    String operatorId() {
        return operatorId;
    }

    int incarnation() {
        return incarnation;
    }

    Optional<ByteBuffer> restored() {
        return Optional.ofNullable(restored);
    }

    Instant start() {
        return start;
    }

    boolean isExitingWhenNodesFinish() {
        return exitWhenNodesFinish;
    }

    record InputPort(String id, InputSource source) {}

    record OutputPort(String id, int capacity) {}
}
