package io.millrace.remote.cli;

import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.NodeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a dataflow did until it ended.
 *
 * @param elapsed since it was started
 */
record Summary(DataflowResult result, Duration elapsed) {

    /** A line on how it ended, and a table of its nodes. */
    String toText() {
        DataflowStatus status = result.status();
        String cause = result.cause()
                .map(failure -> ": node '" + failure.node() + "': " + Failures.message(failure.error()))
                .orElse("");
        return "dataflow '" + Printable.line(status.name()) + "' " + word(result.state()) + " after "
                + Units.elapsed(elapsed) + cause + "\n\n" + table();
    }

    private Table table() {
        List<NodeStatus> nodes = result.status().nodes();
        // The state is a column only where it says more than the line above.
        boolean states = nodes.stream().anyMatch(node -> node.state() != NodeState.FINISHED && node.state() != usual());
        List<String> headings = new ArrayList<>(List.of("node"));
        if (states) {
            headings.add("state");
        }
        boolean restarts = nodes.stream().anyMatch(node -> node.incarnation() > 0);
        if (restarts) {
            headings.add("restarts");
        }
        headings.addAll(List.of("received", "sent", "dropped", "p50", "p99"));
        Table table = new Table(headings, states ? List.of(0, 1) : List.of(0));
        nodes.forEach(node -> table.row(row(node, states, restarts)));
        return table;
    }

    private NodeState usual() {
        return result.state() == DataflowState.STOPPED ? NodeState.STOPPED : NodeState.FINISHED;
    }

    private static List<String> row(NodeStatus node, boolean states, boolean restarts) {
        List<String> row = new ArrayList<>(List.of(node.id()));
        if (states) {
            row.add(node.state().name().toLowerCase(Locale.ROOT));
        }
        if (restarts) {
            row.add(Units.count(node.incarnation()));
        }
        row.add(Units.count(node.received()));
        row.add(Units.count(node.sent()));
        row.add(Units.count(node.dropped()));
        row.add(time(node.handlingP50Ns()));
        row.add(time(node.handlingP99Ns()));
        return row;
    }

    private static String time(long nanos) {
        return nanos == 0 ? "-" : Units.nanos(nanos);
    }

    private static String word(DataflowState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** For programs: all counters, of edges too, and the failures. */
    Map<String, @Nullable Object> toJson(int exitCode) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("dataflow", result.status().name());
        json.put("state", word(result.state()));
        json.put("exitCode", exitCode);
        json.put("elapsedSeconds", elapsed.toMillis() / 1e3);
        json.put("nodes", result.status().nodes().stream().map(Summary::toJson).toList());
        json.put("edges", result.status().edges().stream().map(Summary::toJson).toList());
        json.put("failures", result.failures().stream().map(Summary::toJson).toList());
        return json;
    }

    static Map<String, @Nullable Object> toJson(NodeStatus node) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("node", node.id());
        json.put("state", node.state().name().toLowerCase(Locale.ROOT));
        json.put("incarnation", node.incarnation());
        json.put("received", node.received());
        json.put("sent", node.sent());
        json.put("dropped", node.dropped());
        json.put("handlingP50Ns", node.handlingP50Ns());
        json.put("handlingP99Ns", node.handlingP99Ns());
        return json;
    }

    static Map<String, @Nullable Object> toJson(EdgeStatus edge) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("edge", edge.name());
        json.put("form", edge.form());
        json.put("sent", edge.sent());
        json.put("received", edge.received());
        json.put("dropped", edge.dropped());
        json.put("conflated", edge.conflated());
        json.put("discarded", edge.discarded());
        json.put("droppedForMemory", edge.droppedForMemory());
        return json;
    }

    private static Map<String, @Nullable Object> toJson(DataflowResult.Failure failure) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("node", failure.node());
        json.put("exception", failure.error().getClass().getName());
        json.put("message", failure.error().getMessage());
        return json;
    }
}
