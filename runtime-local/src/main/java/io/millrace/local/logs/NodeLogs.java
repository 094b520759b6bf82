package io.millrace.local.logs;

import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InputSource;
import io.millrace.graph.Source;
import io.millrace.local.part.LogLine;
import io.millrace.local.part.LogOrder;
import io.millrace.node.Clock;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The ways of log records through one dataflow: from each operator, or node with its own loop, to the output that its {@code send_logs_as} names, and to the {@code
 * dora/logs} inputs of all other nodes. Made for a start; later used by the coordinator's thread only.
 *
 * <p>No node receives its own records: what it logs about one would be another one.
 */
public final class NodeLogs {
    private final String dataflow;
    private final Clock clock;
    private final @Nullable Consumer<LogLine> keeper;
    private final LogOrder order;
    private final Map<String, LogSink> readers = new HashMap<>(); // by the input that reads
    private final Map<String, LogRoute> routes = new LinkedHashMap<>(); // by the part that logs
    private final Map<String, LogSink> outputs = new LinkedHashMap<>(); // by their names
    private final Map<String, LogSink> stdouts = new HashMap<>(); // by the part that prints
    private final List<Ending> endings = new ArrayList<>();

    /**
     * When a sink closes.
     *
     * @param awaited the nodes that have to end before
     */
    private record Ending(LogSink sink, Set<String> awaited) {}

    /**
     * @param here the nodes that run here
     * @param keeper is handed what they log, if anybody wants to read it
     */
    public NodeLogs(Graph graph, Clock clock, Predicate<String> here, @Nullable Consumer<LogLine> keeper) {
        this.keeper = keeper;
        this.dataflow = graph.name();
        this.clock = clock;
        this.order = new LogOrder(graph);
        for (GraphNode node : graph.nodes()) {
            if (here.test(node.id())) {
                addRoutes(node);
            }
        }
    }

    private void addRoutes(GraphNode node) {
        for (GraphOperator operator : node.operators()) {
            String part = part(node.id(), operator.id());
            LogRoute route =
                    new LogRoute(dataflow, part, node.id(), operator.logs().minLevel(), clock, keeper);
            routes.put(part, route);
            operator.logs().sendLogsAs().ifPresent(id -> {
                String name = node.portName(operator, id);
                LogSink sink = new LogSink(id, name, clock);
                outputs.put(name, sink);
                route.add(sink, Level.TRACE.toInt());
                endings.add(new Ending(sink, new HashSet<>(Set.of(node.id()))));
            });
            if (isProcess(node, operator)) {
                operator.logs().sendStdoutAs().ifPresent(id -> addStdout(node, operator, id));
            }
        }
    }

    private static boolean isProcess(GraphNode node, GraphOperator operator) {
        boolean isJava =
                operator.source() instanceof Source.ClassSource || operator.source() instanceof Source.SuppliedSource;
        return !isJava || node.execution().isolation() == Isolation.PROCESS;
    }

    private void addStdout(GraphNode node, GraphOperator operator, String id) {
        String name = node.portName(operator, id);
        LogSink sink = outputs.computeIfAbsent(name, fresh -> new LogSink(id, fresh, clock));
        stdouts.put(part(node.id(), operator.id()), sink);
        endings.add(new Ending(sink, new HashSet<>(Set.of(node.id()))));
    }

    /** The output that carries the lines of a program's standard output, if it has one. */
    public Optional<LogSink> stdout(String nodeId, String operatorId) {
        return Optional.ofNullable(stdouts.get(part(nodeId, operatorId)));
    }

    /** The output that carries log records under this name, if it is one. */
    public Optional<LogSink> output(String name) {
        return Optional.ofNullable(outputs.get(name));
    }

    /**
     * Where the records come from that an input of this node reads.
     *
     * @param input its name
     */
    public LogSink source(InputSource.Logs wanted, String reader, String input) {
        LogSink sink = newSink(wanted);
        for (LogRoute route : routes.values()) {
            if (LogOrder.hears(reader, wanted, route.node())) {
                route.add(sink, level(wanted.level()));
            }
        }
        endings.add(new Ending(sink, new HashSet<>(order.awaitedBy(input))));
        readers.put(input, sink);
        return sink;
    }

    /** Where records may come from or go to. */
    public LogSink newSink(InputSource.Logs wanted) {
        return new LogSink("logs", wanted.toString(), clock);
    }

    /** What {@link #source} has given to an input. */
    public LogSink reader(String input) {
        return Objects.requireNonNull(readers.get(input), input);
    }

    /** The routes of one node. */
    public List<LogRoute> routesOf(String nodeId) {
        return routes.values().stream()
                .filter(route -> route.node().equals(nodeId))
                .toList();
    }

    /** A node elsewhere has ended, and no record of it comes to this sink any more. The coordinator's thread. */
    public void onEndedElsewhere(LogSink sink, String nodeId) {
        endings.removeIf(ending -> ending.sink == sink && isOver(ending, nodeId));
    }

    /** What a part of a node logs with. */
    public Logger logger(String nodeId, String operatorId) {
        String part = part(nodeId, operatorId);
        LogRoute route = Objects.requireNonNull(routes.get(part), part);
        Logger logger = LoggerFactory.getLogger("millrace." + dataflow + "." + part);
        return route.isNeeded() ? new NodeLogger(logger, route) : logger;
    }

    /** A node's records for which a consumer that wants every one had no room. Any thread. */
    public long lost(String nodeId) {
        return routes.values().stream()
                .filter(route -> route.node().equals(nodeId))
                .mapToLong(LogRoute::lost)
                .sum();
    }

    /** Closes what nothing follows to. The coordinator's thread. */
    public void onEvent(DataflowEvent event) {
        if (event instanceof DataflowEvent.NodeStateChanged changed
                && changed.state().isFinal()) {
            endings.removeIf(ending -> isOver(ending, changed.node()));
        } else if (event instanceof DataflowEvent.StateChanged changed && changed.state() == DataflowState.STOPPING) {
            endings.removeIf(NodeLogs::hasNobodyToAwait);
        }
    }

    private static boolean isOver(Ending ending, String endedNode) {
        boolean isOver = ending.awaited.remove(endedNode) && ending.awaited.isEmpty();
        if (isOver) {
            ending.sink.close();
        }
        return isOver;
    }

    private static boolean hasNobodyToAwait(Ending ending) {
        if (ending.awaited.isEmpty()) {
            ending.sink.close();
        }
        return ending.awaited.isEmpty();
    }

    /** The dataflow has ended. */
    public void close() {
        endings.forEach(ending -> ending.sink.close());
        endings.clear();
    }

    private static String part(String nodeId, String operatorId) {
        return operatorId.isEmpty() ? nodeId : nodeId + "/" + operatorId;
    }

    /** As slf4j counts: all for a level that asks for what is merely printed, too. */
    public static int level(String written) {
        return switch (written) {
            case "error" -> Level.ERROR.toInt();
            case "warn" -> Level.WARN.toInt();
            case "info" -> Level.INFO.toInt();
            case "debug" -> Level.DEBUG.toInt();
            default -> Level.TRACE.toInt();
        };
    }
}
