package io.millrace.local.wiring;

import io.millrace.graph.GraphInput;
import io.millrace.graph.InputSource;
import io.millrace.local.agent.EdgeSource;
import io.millrace.local.agent.InputPort;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.edge.Edge;
import io.millrace.local.logs.LogSink;
import io.millrace.local.logs.NodeLogs;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.part.PartSpec;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.PlannedNode;
import io.millrace.local.program.ProgramLimits;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connects the inputs of a dataflow's nodes to what feeds them, once, before anything runs. */
final class Connector {
    private final Plan plan;
    private final WiredNodes nodes;
    private final Outputs outputs;
    private final WiredEdges edges;
    private final @Nullable Boundary boundary; // of a part
    private final NodeLogs logs;
    private final RingFactory rings;

    /** @param edges to which those are added that are made */
    Connector(
            Plan plan,
            WiredNodes nodes,
            Outputs outputs,
            WiredEdges edges,
            @Nullable Boundary boundary,
            NodeLogs logs,
            RingFactory rings) {
        this.plan = plan;
        this.nodes = nodes;
        this.outputs = outputs;
        this.edges = edges;
        this.boundary = boundary;
        this.logs = logs;
        this.rings = rings;
    }

    /** Whether an operator feeds the input of another one of its node by a call. */
    static boolean isDirect(PlannedNode node, GraphInput input, NodeLogs logs) {
        return node.isReactive()
                && !input.queueWritten()
                && input.source() instanceof InputSource.OutputRef from
                && from.node().equals(node.node().id())
                && logs.output(from.toString()).isEmpty();
    }

    void connect() {
        for (Incarnations node : nodes.all()) {
            for (int slot = 0; slot < node.ports().size(); slot++) {
                List<GraphInput> inputs =
                        node.node().code().get(slot).operator().inputs();
                for (int i = 0; i < inputs.size(); i++) {
                    connect(new End(node, slot, i, inputs.get(i)));
                }
            }
        }
        if (plan.part() != null && boundary != null) {
            connectBoundary(plan.part(), boundary);
        }
    }

    /** An input of a node, with the port of whichever incarnation counts. */
    private record End(Incarnations node, int slot, int index, GraphInput spec) {
        InputPort port() {
            return node.ports().get(slot).inputs().get(index);
        }

        Supplier<InputPort> ports() {
            return this::port;
        }

        String edge() {
            return spec.source() + " -> " + port().name();
        }
    }

    private void connect(End end) {
        InputSource source = end.spec.source();
        if (source instanceof InputSource.Timer) { // whose ticks are made by the node itself
            edges.add(new WiredTimer(end.port().name(), end.node.nodeId(), source.toString(), end.ports()));
        } else if (source instanceof InputSource.Logs wanted) {
            LogSink sink = logs.source(wanted, end.node.nodeId(), end.port().name());
            connectRing(end, sink, sink.port());
        } else if (boundary != null && isFromElsewhere(source)) {
            connectElsewhere(end, boundary);
        } else if (source instanceof InputSource.Application application) {
            connectPublisher(end, application);
        } else if (source instanceof InputSource.OutputRef from) {
            connectOutput(end, from);
        } else {
            throw new AssertionError("prepare let the source through: " + source);
        }
    }

    private boolean isFromElsewhere(InputSource source) {
        return source instanceof InputSource.Application
                || source instanceof InputSource.OutputRef from && !plan.isHere(from.node());
    }

    private void connectElsewhere(End end, Boundary to) {
        String producer = end.spec.source() instanceof InputSource.OutputRef from ? from.node() : "";
        BoundaryEdge edge = new BoundaryEdge(end.edge(), producer, end.node.nodeId(), end.spec);
        BoundaryInput input = new BoundaryInput(edge, end.node, end.ports(), rings, to.listener());
        edges.add(input.wired());
        to.add(input);
    }

    private void connectPublisher(End end, InputSource.Application source) {
        AppPublisher publisher = outputs.addPublisher(source.name());
        if (end.node.node().isProcess()) {
            ProgramLimits.limit(publisher.port(), end.node.nodeId());
        }
        connectRing(end, publisher, publisher.port());
    }

    private void connectOutput(End end, InputSource.OutputRef from) {
        OutputEnd producer = outputs.known(from.toString());
        Optional<LogSink> sink = logs.output(from.toString());
        if (sink.isPresent()) {
            connectRing(end, sink.get(), sink.get().port());
        } else if (isDirect(end.node.node(), end.spec, logs)) {
            edges.add(new WiredEdge(end.edge(), producer, end.node.nodeId(), end.spec, end.ports(), null));
        } else {
            connectRing(end, producer, producer.port());
        }
    }

    private void connectRing(End end, EdgeSource source, OutputPort producer) {
        Edge ring = rings.ring(end.spec, end.node.agent().signal(), source.signal(), end.edge());
        producer.connect(ring.writer());
        end.port().connect(ring.reader());
        edges.add(new WiredEdge(end.edge(), source, end.node.nodeId(), end.spec, end.ports(), ring));
    }

    /** The outputs that nodes elsewhere read, and what comes from there to readers of logs. */
    private void connectBoundary(PartSpec part, Boundary to) {
        for (BoundaryEdge edge : BoundaryEdge.outputs(part.graph(), part.nodes())) {
            if (edge.isOfLogs()) {
                to.logs().addOutput(edge);
            } else {
                OutputEnd end = outputs.known(edge.input().source().toString());
                to.add(new BoundaryOutput(edge, end, rings, to.listener()));
            }
        }
        for (BoundaryEdge edge : BoundaryEdge.inputs(part.graph(), part.nodes())) {
            if (edge.isOfLogs()) {
                to.logs().addInput(edge);
            }
        }
    }
}
