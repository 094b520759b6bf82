package io.millrace.local.run;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InputSource;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowMetrics.EdgeMetrics;
import io.millrace.runtime.DataflowMetrics.Lost;
import io.millrace.runtime.DataflowMetrics.NodeMetrics;
import io.millrace.runtime.DataflowMetrics.TimerMetrics;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.Stall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Puts together what the parts of a dataflow tell, and the application's ends. Pure.
 *
 * <p>An edge between two parts is told of by both: by the one what was sent, by the other what was received, and each what was lost on its side, so the sums are those of one
 * edge; while messages are between the two, more was sent than is accounted for. Of a joined edge one side tells all.
 */
public final class Merging {
    private final Graph graph;
    private final List<String> edges = new ArrayList<>();
    private final Map<String, String> consumers = new HashMap<>(); // by the edge's name
    private final List<String> timers = new ArrayList<>();

    public Merging(Graph graph) {
        this.graph = graph;
        for (GraphNode node : graph.nodes()) {
            for (GraphOperator operator : node.operators()) {
                for (GraphInput input : operator.inputs()) {
                    add(node, input, node.portName(operator, input.id()));
                }
            }
        }
    }

    private void add(GraphNode node, GraphInput input, String end) {
        if (input.source() instanceof InputSource.Timer) {
            timers.add(end);
        } else {
            String name = input.source() + " -> " + end;
            edges.add(name);
            consumers.put(name, node.id());
        }
    }

    /** The state of a dataflow whose parts are in these; that of none is STARTING. */
    public static DataflowState state(Collection<DataflowState> parts) {
        if (parts.isEmpty() || parts.contains(DataflowState.STARTING)) {
            return DataflowState.STARTING;
        }
        if (!parts.stream().allMatch(DataflowState::isFinal)) {
            return parts.contains(DataflowState.STOPPING) ? DataflowState.STOPPING : DataflowState.RUNNING;
        }
        if (parts.contains(DataflowState.FAILED)) {
            return DataflowState.FAILED;
        }
        return parts.contains(DataflowState.STOPPED) ? DataflowState.STOPPED : DataflowState.FINISHED;
    }

    /**
     * Nodes and edges in the order of the dataflow.
     *
     * @param parts of which each node is in one; one may stand for the application, with edges only
     */
    public DataflowStatus status(DataflowState state, List<DataflowStatus> parts) {
        Map<String, EdgeStatus> byName = new LinkedHashMap<>();
        Map<String, NodeStatus> nodes = new HashMap<>();
        for (DataflowStatus part : parts) {
            part.edges().forEach(edge -> byName.merge(edge.name(), edge, Merging::sum));
            part.nodes().forEach(node -> nodes.put(node.id(), node));
        }
        List<EdgeStatus> merged = inOrder(edges, byName, EdgeStatus::name);
        Map<String, Long> dropped = new HashMap<>();
        merged.forEach(edge -> dropped.merge(consumerOf(edge.name()), edge.dropped() + edge.conflated(), Long::sum));
        List<NodeStatus> inOrder = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            NodeStatus found = nodes.get(node.id());
            if (found != null) {
                inOrder.add(with(found, dropped.getOrDefault(node.id(), 0L)));
            }
        }
        return new DataflowStatus(graph.name(), state, inOrder, merged);
    }

    private String consumerOf(String edge) {
        return consumers.getOrDefault(edge, "");
    }

    private static NodeStatus with(NodeStatus node, long dropped) {
        return new NodeStatus(
                node.id(),
                node.state(),
                node.incarnation(),
                node.received(),
                node.sent(),
                dropped,
                node.handlingP50Ns(),
                node.handlingP99Ns());
    }

    private static EdgeStatus sum(EdgeStatus one, EdgeStatus other) {
        return new EdgeStatus(
                one.name(),
                form(one.form(), one.received(), other.form(), other.received()),
                one.sent() + other.sent(),
                one.received() + other.received(),
                one.dropped() + other.dropped(),
                one.conflated() + other.conflated(),
                one.discarded() + other.discarded(),
                one.droppedForMemory() + other.droppedForMemory());
    }

    private static String form(String one, long oneReceived, String other, long otherReceived) {
        if (one.equals(other)) {
            return one;
        }
        return oneReceived >= otherReceived ? one : other;
    }

    /**
     * As {@link #status}. Of the times of an edge between two parts those of the consumer's side are told.
     *
     * @param parts of which each node is in one; one may stand for the application, with edges only
     */
    public DataflowMetrics metrics(List<DataflowMetrics> parts) {
        Map<String, EdgeMetrics> byName = new LinkedHashMap<>();
        Map<String, NodeMetrics> nodes = new HashMap<>();
        Map<String, TimerMetrics> byInput = new LinkedHashMap<>();
        for (DataflowMetrics part : parts) {
            part.edges().forEach(edge -> byName.merge(edge.name(), edge, Merging::sum));
            part.nodes().forEach(node -> nodes.put(node.id(), node));
            part.timers().forEach(timer -> byInput.put(timer.input(), timer));
        }
        List<EdgeMetrics> merged = inOrder(edges, byName, EdgeMetrics::name);
        Map<String, Long> dropped = new HashMap<>();
        merged.forEach(edge ->
                dropped.merge(edge.node(), edge.lost().total() - edge.lost().discarded(), Long::sum));
        List<NodeMetrics> inOrder = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            NodeMetrics found = nodes.get(node.id());
            if (found != null) {
                inOrder.add(with(found, dropped.getOrDefault(node.id(), 0L)));
            }
        }
        return new DataflowMetrics(graph.name(), inOrder, merged, inOrder(timers, byInput, TimerMetrics::input));
    }

    private static NodeMetrics with(NodeMetrics node, long dropped) {
        return new NodeMetrics(
                node.id(),
                node.state(),
                node.incarnation(),
                node.received(),
                node.receivedBytes(),
                node.sent(),
                node.sentBytes(),
                dropped,
                node.lostLogRecords(),
                node.handling());
    }

    private static EdgeMetrics sum(EdgeMetrics one, EdgeMetrics other) {
        EdgeMetrics consumers = one.received() >= other.received() ? one : other;
        return new EdgeMetrics(
                one.name(),
                one.node(),
                consumers.form(),
                Math.max(one.queueSize(), other.queueSize()),
                one.sent() + other.sent(),
                one.received() + other.received(),
                one.receivedBytes() + other.receivedBytes(),
                new Lost(
                        one.lost().dropped() + other.lost().dropped(),
                        one.lost().forMemory() + other.lost().forMemory(),
                        one.lost().conflated() + other.lost().conflated(),
                        one.lost().discarded() + other.lost().discarded()),
                one.backlog() + other.backlog(),
                Math.max(one.highWater(), other.highWater()),
                consumers.hop());
    }

    private static <T> List<T> inOrder(List<String> names, Map<String, T> found, Function<T, String> name) {
        List<T> inOrder = new ArrayList<>();
        for (String each : names) {
            T value = found.get(each);
            if (value != null) {
                inOrder.add(value);
            }
        }
        for (T value : found.values()) {
            if (!names.contains(name.apply(value))) {
                inOrder.add(value);
            }
        }
        return inOrder;
    }

    /** Who holds others up, the longest first; of those that two have seen, who has the stack tells. */
    public static List<Stall> stalls(List<List<Stall>> parts) {
        Map<List<Object>, Stall> known = new LinkedHashMap<>();
        for (List<Stall> part : parts) {
            for (Stall stall : part) {
                known.merge(
                        List.of(stall.holder(), stall.name(), stall.edges()),
                        stall,
                        (one, other) -> one.stack().isEmpty() ? other : one);
            }
        }
        List<Stall> stalls = new ArrayList<>(known.values());
        stalls.sort(Comparator.comparing(Stall::heldFor).reversed());
        return stalls;
    }

    /**
     * Why a dataflow did not start, put together from its parts.
     *
     * @param failures why they did not, the first of them the cause; their own suppressed ones are kept
     * @param closing what nodes threw when they were closed for that
     */
    public static DataflowStartException startFailure(List<? extends Throwable> failures, List<Throwable> closing) {
        Set<String> texts = new LinkedHashSet<>();
        failures.forEach(failure -> texts.add(String.valueOf(failure.getMessage())));
        DataflowStartException merged = new DataflowStartException(String.join("; ", texts), failures.get(0));
        for (Throwable failure : failures.subList(1, failures.size())) {
            merged.addSuppressed(failure);
        }
        closing.forEach(merged::addSuppressed);
        return merged;
    }

    /** What several parts have found, as one. */
    public static InvalidDataflowException findings(List<InvalidDataflowException> parts) {
        List<Problem> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.problems()));
        return new InvalidDataflowException(all);
    }

    /**
     * How a dataflow has ended.
     *
     * @param parts in the order in which they did
     * @param happened failures in the order in which they happened, as far as that is known: those count that are among those of {@code parts}, of which the others follow
     */
    public DataflowResult result(List<DataflowResult> parts, List<DataflowResult.Failure> happened) {
        Set<DataflowResult.Failure> found = new LinkedHashSet<>();
        parts.forEach(part -> found.addAll(part.failures()));
        Set<DataflowResult.Failure> all = new LinkedHashSet<>(happened);
        all.retainAll(found);
        all.addAll(found);
        DataflowState state = state(parts.stream().map(DataflowResult::state).toList());
        List<DataflowStatus> statuses =
                parts.stream().map(DataflowResult::status).toList();
        return new DataflowResult(state, List.copyOf(all), status(state, statuses));
    }
}
