package io.millrace.remote.cli;

import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowMetrics.EdgeMetrics;
import io.millrace.runtime.DataflowMetrics.NodeMetrics;
import io.millrace.runtime.DataflowMetrics.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a dataflow does, as the lines of a screen; rates are those since the lines before. Used by one thread. */
final class TopTable {
    private static final List<String> NODE_HEADINGS =
            List.of("NODE", "STATE", "RECEIVED", "SENT", "BACKLOG", "DROPPED", "P50", "P99");
    private static final List<String> EDGE_HEADINGS =
            List.of("EDGE", "RATE", "BACKLOG", "MOST", "OF", "LOST", "HOP P50", "HOP P99");

    /** With the one that says how many more there are. */
    private static final int LEAST_ROWS = 2;

    private static final int LEAST_NAME = 12;

    private Map<String, NodeMetrics> nodesBefore = Map.of();
    private Map<String, EdgeMetrics> edgesBefore = Map.of();
    private Duration timeBefore = Duration.ZERO;

    /** As many lines as fit, none longer than the screen is wide. */
    List<String> lines(DataflowMetrics metrics, Duration elapsed, int columns, int rows) {
        double seconds = Math.max(1e-3, elapsed.minus(timeBefore).toNanos() / 1e9);
        int name = Math.max(LEAST_NAME, columns * 2 / 5);
        List<String> nodes = nodeTable(metrics, seconds, name);
        List<String> edges = edgeTable(metrics, seconds, name);
        List<String> lines = new ArrayList<>(List.of(heading(metrics, elapsed, seconds), ""));
        int room = Math.max(2 * (LEAST_ROWS + 1), rows - lines.size() - 1);
        int edgeRoom = Math.max(room - nodes.size(), Math.max(LEAST_ROWS + 1, room / 2));
        lines.addAll(cut(nodes, room - Math.min(edges.size(), edgeRoom), "nodes"));
        if (edges.size() > 1) {
            lines.add("");
            lines.addAll(cut(edges, edgeRoom, "edges"));
        }
        remember(metrics, elapsed);
        return lines.stream().limit(rows).map(line -> clip(line, columns)).toList();
    }

    private String heading(DataflowMetrics metrics, Duration elapsed, double seconds) {
        long running =
                metrics.nodes().stream().filter(node -> !node.state().isFinal()).count();
        double rate = metrics.nodes().stream()
                .mapToDouble(node -> rate(node, nodesBefore, NodeMetrics::id, NodeMetrics::received, seconds))
                .sum();
        long dropped = metrics.nodes().stream().mapToLong(NodeMetrics::dropped).sum();
        return metrics.name() + "  " + Units.elapsed(elapsed) + "  " + running + "/"
                + metrics.nodes().size() + " nodes  " + Units.rate(rate) + "  " + Units.count(dropped) + " dropped";
    }

    private List<String> nodeTable(DataflowMetrics metrics, double seconds, int name) {
        Map<String, Long> backlogs = metrics.edges().stream()
                .collect(Collectors.groupingBy(EdgeMetrics::node, Collectors.summingLong(EdgeMetrics::backlog)));
        Table table = new Table(NODE_HEADINGS, List.of(0, 1));
        for (NodeMetrics node : metrics.nodes()) {
            Times handling = node.handling();
            table.row(List.of(
                    shortened(node.id(), name),
                    node.state().name().toLowerCase(Locale.ROOT),
                    Units.rate(rate(node, nodesBefore, NodeMetrics::id, NodeMetrics::received, seconds)),
                    Units.rate(rate(node, nodesBefore, NodeMetrics::id, NodeMetrics::sent, seconds)),
                    Units.count(backlogs.getOrDefault(node.id(), 0L)),
                    Units.count(node.dropped()),
                    time(handling, handling.p50Ns()),
                    time(handling, handling.p99Ns())));
        }
        return table.toString().lines().toList();
    }

    private List<String> edgeTable(DataflowMetrics metrics, double seconds, int name) {
        Table table = new Table(EDGE_HEADINGS, List.of(0));
        for (EdgeMetrics edge : metrics.edges()) {
            Times hop = edge.hop();
            table.row(List.of(
                    shortened(edge.name(), name),
                    Units.rate(rate(edge, edgesBefore, EdgeMetrics::name, EdgeMetrics::received, seconds)),
                    Units.count(edge.backlog()),
                    Units.count(edge.highWater()),
                    edge.queueSize() == 0 ? "-" : Units.count(edge.queueSize()),
                    Units.count(edge.lost().total()),
                    time(hop, hop.p50Ns()),
                    time(hop, hop.p99Ns())));
        }
        return table.toString().lines().toList();
    }

    private static <T> double rate(
            T now, Map<String, T> before, Function<T, String> name, Function<T, Long> count, double seconds) {
        T known = before.get(name.apply(now));
        // A counter that begins anew, as after a restart, has no rate below zero.
        return Math.max(0, count.apply(now) - (known == null ? 0 : count.apply(known))) / seconds;
    }

    private void remember(DataflowMetrics metrics, Duration elapsed) {
        nodesBefore = new HashMap<>();
        metrics.nodes().forEach(node -> nodesBefore.put(node.id(), node));
        edgesBefore = new HashMap<>();
        metrics.edges().forEach(edge -> edgesBefore.put(edge.name(), edge));
        timeBefore = elapsed;
    }

    private static String time(Times times, long nanos) {
        return times.samples() == 0 ? "-" : Units.nanos(nanos);
    }

    private static List<String> cut(List<String> table, int rows, String what) {
        if (table.size() <= rows) {
            return table;
        }
        List<String> cut = new ArrayList<>(table.subList(0, Math.max(1, rows - 1)));
        cut.add("... " + (table.size() - cut.size()) + " more " + what);
        return cut;
    }

    /** The end says more than the begin, where names are long. */
    private static String shortened(String name, int length) {
        int tooMany = name.codePointCount(0, name.length()) - length;
        return tooMany <= 0 ? name : "..." + name.substring(name.offsetByCodePoints(0, tooMany + 3));
    }

    private static String clip(String line, int columns) {
        int length = line.codePointCount(0, line.length());
        return length <= columns ? line : line.substring(0, line.offsetByCodePoints(0, columns));
    }
}
