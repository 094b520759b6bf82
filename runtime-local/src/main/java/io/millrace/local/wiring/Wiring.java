package io.millrace.local.wiring;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.Problem;
import io.millrace.local.agent.Commands;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.crew.Carrier;
import io.millrace.local.crew.Crew;
import io.millrace.local.logs.LogSink;
import io.millrace.local.logs.NodeLogs;
import io.millrace.local.part.PartSpec;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.PlannedNode;
import io.millrace.local.program.ProgramHost;
import io.millrace.local.program.Stragglers;
import io.millrace.local.waiting.StartGate;
import io.millrace.local.wiring.Incarnations.Incarnation;
import io.millrace.runtime.StartOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The nodes of a dataflow with their edges and all that they share, made once for a start. What it holds does not change, but what it leads to does. */
public final class Wiring {
    private final Plan plan;
    private final StartOptions options;
    private final Crew crew;
    private final StartGate gate = new StartGate();
    private final NodeLogs logs;
    private final ProgramHost programs;
    private final Retentions retentions;
    private final Measures measures;
    private final RingFactory rings;
    private final @Nullable Boundary boundary; // of a part
    private final WiredNodes nodes = new WiredNodes();
    private final WiredEdges edges = new WiredEdges();
    private final Outputs outputs;
    private final AgentFactory agents;
    private final CodeFactory code;
    private final Succession succession;

    /** Who is told what becomes of the nodes, and of what they send. Any thread; must not block. */
    public interface Watcher extends NodeAgent.Watcher {
        /** The first message of an edge has given way to a newer one. */
        void onFirstDrop(String edge);

        /** The first message of an output was given up for want of memory. */
        void onFirstGivenUp(String output);

        /** A node of another part has ended, of whose log entries {@code reader} gets some. */
        void onEndedElsewhere(LogSink reader, String node);
    }

    private Wiring(Plan plan, StartOptions options, Crew crew, Watcher watcher) {
        PartSpec part = plan.part();
        this.plan = plan;
        this.options = options;
        this.crew = crew;
        this.logs = new NodeLogs(
                plan.graph(),
                options.clock(),
                plan::isHere,
                part == null ? null : new CarefulListener(plan.graph().name(), part.listener())::onLogged);
        this.programs = new ProgramHost(plan.graph().name());
        this.retentions = new Retentions(plan.graph().name(), options.debug());
        this.measures = Measures.of(plan, options);
        this.rings = new RingFactory(measures, watcher::onFirstDrop);
        this.boundary = part == null ? null : new Boundary(part, logs, watcher::onEndedElsewhere);
        this.outputs = new Outputs(plan.graph(), options, watcher::onFirstGivenUp);
        this.agents = new AgentFactory(plan, options, gate, watcher, logs, measures, retentions);
        this.code = new CodeFactory(plan, nodes, boundary, logs, programs);
        this.succession = new Succession(nodes, outputs, edges, boundary, rings, crew, agents, code);
    }

    public static Wiring of(Plan plan, StartOptions options, Crew crew, Watcher watcher) {
        Wiring wiring = new Wiring(plan, options, crew, watcher);
        plan.nodes().forEach(wiring::addNode);
        new Connector(plan, wiring.nodes, wiring.outputs, wiring.edges, wiring.boundary, wiring.logs, wiring.rings)
                .connect();
        wiring.nodes.all().forEach(node -> wiring.code.addCode(node.node(), node.current()));
        return wiring;
    }

    private void addNode(PlannedNode node) {
        int number = plan.firstIncarnation(node.node().id());
        Incarnation first = agents.create(node, number, crew.waitingFor(node), new Commands());
        Incarnations made = new Incarnations(node, first);
        nodes.add(made);
        for (int slot = 0; slot < node.code().size(); slot++) {
            for (GraphOutput output : node.code().get(slot).operator().outputs()) {
                addOutput(made, slot, output);
            }
        }
    }

    private void addOutput(Incarnations node, int slot, GraphOutput output) {
        String name = node.node().node().portName(node.node().code().get(slot).operator(), output.id());
        Optional<LogSink> sink = logs.output(name);
        sink.ifPresent(present -> measures.measure(present.port()));
        outputs.add(name, new OutputEnd(node, slot, name, sink.orElse(null)));
    }

    // What it is made of.

    public String name() {
        return plan.graph().name();
    }

    public Graph graph() {
        return plan.graph();
    }

    public GraphSettings settings() {
        return plan.graph().settings();
    }

    public StartOptions options() {
        return options;
    }

    public Crew crew() {
        return crew;
    }

    public StartGate gate() {
        return gate;
    }

    /** What is to drive an incarnation of one of the nodes. */
    public Carrier carrierFor(NodeAgent agent) {
        return crew.carrierFor(agent, nodes.of(agent.nodeId()).node(), gate);
    }

    public NodeLogs logs() {
        return logs;
    }

    public WiredNodes nodes() {
        return nodes;
    }

    public WiredEdges edges() {
        return edges;
    }

    public Outputs outputs() {
        return outputs;
    }

    public Succession succession() {
        return succession;
    }

    public RingFactory rings() {
        return rings;
    }

    public Retentions retentions() {
        return retentions;
    }

    /** Warnings and notes of the preparation. */
    public List<Problem> findings() {
        return plan.findings();
    }

    /** Of a part; null for a whole dataflow. */
    public @Nullable PartSpec part() {
        return plan.part();
    }

    /** Likewise. */
    public @Nullable Boundary boundaryOrNull() {
        return boundary;
    }

    /** All of which something is counted here: edges to elsewhere, too. */
    List<WiredEdge> countedEdges() {
        if (boundary == null) {
            return edges.all();
        }
        List<WiredEdge> all = new ArrayList<>(edges.all());
        all.addAll(boundary.halves());
        return all;
    }

    /** On which log records were lost between here and elsewhere. */
    List<LogWay> lossyLogWays() {
        return boundary == null ? List.of() : boundary.logs().lossyWays();
    }

    /** What runs, and how: one line for the log. */
    public String summary() {
        return crew.summary() + "; edges by form: " + edges.forms();
    }

    // What happens to it.

    /** From now on nodes' threads use what is connected. */
    public void startBoundary() {
        if (boundary != null) {
            boundary.start();
        }
    }

    /** From now on checkpoints are written, if they are to be kept. */
    public void startState() {
        plan.checkpoints().start();
    }

    /** Whether any program can expect nothing more, and still runs. */
    public boolean isAnyProgramIdle() {
        return programs.isAnyPulseShown();
    }

    /** @param running nodes that have not ended */
    public List<String> findStragglers(Stragglers stragglers, long nowNs, Set<String> running) {
        Set<String> byHand = running.stream().filter(nodes::isDynamic).collect(Collectors.toSet());
        Set<String> open = outputs.openPublishers();
        if (boundary != null) {
            open.addAll(boundary.openSources());
        }
        return stragglers.find(nowNs, running, byHand, open, programs::lookAtPulse);
    }

    /** A node does not run any more. */
    public void onEnded(String nodeId) {
        if (boundary != null) {
            boundary.onEnded(nodeId);
        }
    }

    /** As {@link Boundary#endApplicationInputs}. */
    public void endApplicationInputs(boolean all) {
        if (boundary != null) {
            boundary.endApplicationInputs(all);
        }
    }

    /** The dataflow has finished: it leaves nothing to a later run. */
    public void forgetState() {
        plan.checkpoints().forget();
    }

    public void close() {
        outputs.closePublishers();
        if (boundary != null) {
            boundary.close();
        }
        logs.close();
        retentions.close();
        programs.close();
        crew.close();
        plan.close();
    }
}
