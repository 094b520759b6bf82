package io.millrace;

import io.millrace.graph.Execution;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.InputSource;
import io.millrace.graph.Location;
import io.millrace.graph.LogSettings;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The inputs, outputs and settings of a node that is built in code. Not safe to share between threads. */
public final class NodeBuilder {
    private final List<GraphInput> inputs = new ArrayList<>();
    private final List<GraphOutput> outputs = new ArrayList<>();
    private Map<String, Object> config = Map.of();
    private Optional<Execution.Idle> idle = Optional.empty();
    private List<Integer> cpuAffinity = List.of();

    NodeBuilder() {}

    /**
     * An input with dora's queue: ten messages, of which the oldest gives way.
     *
     * @param source {@code node/output}, {@code dora/timer/millis/100}, {@code millrace/app/NAME}: as in a file
     * @throws IllegalArgumentException naming the input, if the source cannot be read as one
     */
    public NodeBuilder input(String id, String source) {
        return add(id, source, QueuePolicy.DROP_OLDEST, GraphInput.DEFAULT_QUEUE_SIZE, false);
    }

    /**
     * As {@link #input(String, String)}, with a queue of its own.
     *
     * @param queueSize messages that wait at the most; 1 for {@link QueuePolicy#LATEST}
     * @throws IllegalArgumentException also if the queue size is out of bounds
     */
    public NodeBuilder input(String id, String source, QueuePolicy policy, int queueSize) {
        return add(id, source, policy, queueSize, true);
    }

    private NodeBuilder add(String id, String source, QueuePolicy policy, int queueSize, boolean written) {
        Objects.requireNonNull(id, "id");
        if (queueSize < 1 || queueSize > GraphInput.MAX_QUEUE_SIZE) {
            throw refused(id, "queue size must be 1 to " + GraphInput.MAX_QUEUE_SIZE + ", found " + queueSize);
        }
        if (policy == QueuePolicy.LATEST && queueSize != 1) {
            throw refused(id, "the policy latest keeps one message, found queue size " + queueSize);
        }
        inputs.add(new GraphInput(
                id, parse(id, source), policy, queueSize, written, Optional.empty(), Optional.empty(), Location.NONE));
        return this;
    }

    private static InputSource parse(String id, String source) {
        try {
            return InputSource.parse(source);
        } catch (IllegalArgumentException e) {
            throw refused(id, String.valueOf(e.getMessage()));
        }
    }

    private static IllegalArgumentException refused(String id, String why) {
        return new IllegalArgumentException("input '" + id + "': " + why);
    }

    public NodeBuilder output(String id) {
        outputs.add(new GraphOutput(Objects.requireNonNull(id, "id"), Optional.empty(), Location.NONE));
        return this;
    }

    /** What the {@code config} mapping of a file would say. */
    public NodeBuilder config(Map<String, Object> values) {
        config = Map.copyOf(values);
        return this;
    }

    /** What the node's thread does when there is nothing to do. */
    public NodeBuilder idle(Execution.Idle strategy) {
        idle = Optional.of(strategy);
        return this;
    }

    /**
     * The cores that the node's thread is pinned to, counted from 0. Where the platform cannot do so the node runs unpinned, with a warning at start.
     *
     * @throws IllegalArgumentException if one of them is negative
     */
    public NodeBuilder cpuAffinity(int... cores) {
        for (int core : cores) {
            if (core < 0) {
                throw new IllegalArgumentException("cores are counted from 0, found " + core);
            }
        }
        cpuAffinity = Arrays.stream(cores).boxed().toList();
        return this;
    }

    Execution execution() {
        return new Execution(Execution.Isolation.THREAD, idle, cpuAffinity, OptionalLong.empty());
    }

    GraphOperator operator(Supplier<?> supplier, boolean isReactive) {
        return new GraphOperator(
                "",
                Optional.empty(),
                Optional.empty(),
                new Source.SuppliedSource(supplier, isReactive, config),
                inputs,
                outputs,
                Optional.empty(),
                LogSettings.NONE,
                Location.NONE);
    }
}
