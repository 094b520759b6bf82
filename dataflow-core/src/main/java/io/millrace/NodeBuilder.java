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
import io.millrace.graph.Supervision;
import io.millrace.node.Config;
import java.time.Duration;
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
    private OptionalLong payloadBudget = OptionalLong.empty();
    private Supervision supervision = Supervision.NONE;

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
        Objects.requireNonNull(policy, "policy");
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
        config = new Config("", values).asMap();
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

    /**
     * The memory that large payloads of each output may take, and what the node retains: 64 MiB, or four of its largest payloads, unless said.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public NodeBuilder payloadBudget(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("the payload budget must be more than zero bytes, found " + bytes);
        }
        payloadBudget = OptionalLong.of(bytes);
        return this;
    }

    /**
     * When the node is started again after it has ended, and how often: as often as it takes, at once, unless {@link #maxRestarts} and {@link #restartDelay} say
     * otherwise.
     */
    public NodeBuilder restart(Supervision.RestartPolicy policy) {
        return supervise(
                Objects.requireNonNull(policy, "policy"),
                true,
                supervision.maxRestarts(),
                supervision.restartDelay(),
                supervision.maxRestartDelay(),
                supervision.restartWindow(),
                supervision.healthCheckTimeout());
    }

    /**
     * At most so many restarts.
     *
     * @param count 0 for without limit
     * @throws IllegalArgumentException if it is negative
     */
    public NodeBuilder maxRestarts(int count) {
        if (count < 0) {
            throw new IllegalArgumentException(
                    "a node restarts 0 times, which is without limit, or more, found " + count);
        }
        return supervise(
                supervision.restartPolicy(),
                supervision.policyWritten(),
                count,
                supervision.restartDelay(),
                supervision.maxRestartDelay(),
                supervision.restartWindow(),
                supervision.healthCheckTimeout());
    }

    /** At most so many restarts within {@code window}, which begins with the first of them; after it both the count and the delay begin anew. */
    public NodeBuilder maxRestarts(int count, Duration window) {
        maxRestarts(count);
        return supervise(
                supervision.restartPolicy(),
                supervision.policyWritten(),
                supervision.maxRestarts(),
                supervision.restartDelay(),
                supervision.maxRestartDelay(),
                Optional.of(positive("restart window", window)),
                supervision.healthCheckTimeout());
    }

    /**
     * How long a restart waits: {@code first}, then twice as long each time, up to {@code longest}.
     *
     * @throws IllegalArgumentException if one of them is not positive
     */
    public NodeBuilder restartDelay(Duration first, Duration longest) {
        return supervise(
                supervision.restartPolicy(),
                supervision.policyWritten(),
                supervision.maxRestarts(),
                Optional.of(positive("restart delay", first)),
                Optional.of(positive("longest restart delay", longest)),
                supervision.restartWindow(),
                supervision.healthCheckTimeout());
    }

    /**
     * How long one callback, or one stretch of a loop, may last before the node counts as stuck.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public NodeBuilder healthCheckTimeout(Duration limit) {
        return supervise(
                supervision.restartPolicy(),
                supervision.policyWritten(),
                supervision.maxRestarts(),
                supervision.restartDelay(),
                supervision.maxRestartDelay(),
                supervision.restartWindow(),
                Optional.of(positive("health check timeout", limit)));
    }

    private NodeBuilder supervise(
            Supervision.RestartPolicy policy,
            boolean policyWritten,
            int maxRestarts,
            Optional<Duration> delay,
            Optional<Duration> maxDelay,
            Optional<Duration> window,
            Optional<Duration> healthCheck) {
        supervision = new Supervision(policy, policyWritten, maxRestarts, delay, maxDelay, window, healthCheck);
        return this;
    }

    private static Duration positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("the " + name + " must be more than zero, found " + duration);
        }
        return duration;
    }

    /**
     * How long no message may come at an input that was added before, until it counts as closed: as {@code input_timeout} in a file.
     *
     * @throws IllegalArgumentException if there is no such input, or the time is not positive
     */
    public NodeBuilder inputTimeout(String id, Duration limit) {
        Optional<Duration> timeout = Optional.of(positive("timeout of input '" + id + "'", limit));
        for (int i = 0; i < inputs.size(); i++) {
            GraphInput input = inputs.get(i);
            if (input.id().equals(id)) {
                inputs.set(
                        i,
                        new GraphInput(
                                id,
                                input.source(),
                                input.policy(),
                                input.queueSize(),
                                input.queueWritten(),
                                timeout,
                                Optional.empty(),
                                Location.NONE));
                return this;
            }
        }
        throw refused(
                id,
                "there is none; the inputs are "
                        + inputs.stream().map(GraphInput::id).toList()
                        + ", and one is added before its timeout is set");
    }

    Supervision supervision() {
        return supervision;
    }

    Execution execution() {
        return new Execution(Execution.Isolation.THREAD, idle, cpuAffinity, payloadBudget);
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
