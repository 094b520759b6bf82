package io.millrace.local.run;

import io.millrace.local.edge.Edge;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowMetrics.EdgeMetrics;
import io.millrace.runtime.DataflowMetrics.Lost;
import io.millrace.runtime.DataflowMetrics.NodeMetrics;
import io.millrace.runtime.DataflowMetrics.TimerMetrics;
import io.millrace.runtime.DataflowMetrics.Times;
import io.millrace.runtime.NodeState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the counters and times of a dataflow. Any thread. */
final class MetricsReading {
    private MetricsReading() {}

    static DataflowMetrics of(Wiring wiring, Function<NodeAgent, NodeState> nodeStates) {
        List<EdgeMetrics> edges =
                wiring.edges().stream().map(MetricsReading::edge).toList();
        Map<String, Long> dropped = new HashMap<>();
        edges.forEach(edge ->
                dropped.merge(edge.node(), edge.lost().total() - edge.lost().discarded(), Long::sum));
        List<NodeMetrics> nodes = wiring.agents().stream()
                .map(agent -> node(wiring, agent, nodeStates.apply(agent), dropped.getOrDefault(agent.nodeId(), 0L)))
                .toList();
        List<TimerMetrics> timers =
                wiring.timers().stream().map(MetricsReading::timer).toList();
        return new DataflowMetrics(wiring.name(), nodes, edges, timers);
    }

    private static EdgeMetrics edge(Wiring.WiredEdge wired) {
        String form = Wiring.formOf(wired);
        InputPort input = wired.input();
        Edge ring = wired.ring();
        if (ring == null) {
            boolean isEnded = input.isEnded();
            long received = input.taken();
            long sent = Math.max(received, input.offered());
            long left = sent - received;
            return new EdgeMetrics(
                    wired.name(),
                    wired.node(),
                    form,
                    0,
                    sent,
                    received,
                    input.takenBytes(),
                    new Lost(0, 0, 0, isEnded ? left : 0),
                    isEnded ? 0 : left,
                    0,
                    Times.NONE);
        }
        // What was received is read before what was sent, so that it never seems more.
        long received = ring.reader().received();
        long forMemory = ring.writer().droppedForMemory(); // likewise, before all that were dropped
        Lost lost = new Lost(
                ring.writer().dropped() - forMemory,
                forMemory,
                ring.writer().conflated(),
                ring.reader().discarded());
        return new EdgeMetrics(
                wired.name(),
                wired.node(),
                form,
                ring.queueSize(),
                ring.writer().sent(),
                received,
                input.takenBytes(),
                lost,
                ring.backlog(),
                ring.highWater(),
                ring.hopTimes());
    }

    private static NodeMetrics node(Wiring wiring, NodeAgent agent, NodeState state, long dropped) {
        long received = 0;
        long receivedBytes = 0;
        long sent = 0;
        long sentBytes = 0;
        for (NodePorts ports : wiring.portsOf(agent)) {
            for (InputPort input : ports.inputs()) {
                received += input.taken();
                receivedBytes += input.takenBytes();
            }
            for (OutputPort output : ports.outputs()) {
                sent += output.sent();
                sentBytes += output.sentBytes();
            }
        }
        return new NodeMetrics(
                agent.nodeId(),
                state,
                agent.incarnation(),
                received,
                receivedBytes,
                sent,
                sentBytes,
                dropped,
                wiring.logs().lost(agent.nodeId()),
                agent.handling().read());
    }

    private static TimerMetrics timer(Wiring.WiredTimer timer) {
        TimerTicks ticks = timer.ticks();
        return new TimerMetrics(
                timer.input(),
                timer.node(),
                timer.source(),
                ticks.intervalNs(),
                ticks.ticks(),
                ticks.missed(),
                ticks.lateness());
    }
}
