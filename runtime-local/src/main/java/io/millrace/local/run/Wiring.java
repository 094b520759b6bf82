package io.millrace.local.run;

import io.millrace.graph.Edge;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.InputSource;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.TimeSamples;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.pool.SlabPool;
import io.millrace.local.run.Plan.PlannedCode;
import io.millrace.local.run.Plan.PlannedLoop;
import io.millrace.local.run.Plan.PlannedNode;
import io.millrace.local.run.Plan.PlannedOperator;
import io.millrace.node.Config;
import io.millrace.runtime.StartOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agents of a dataflow with their ports and edges, made once for a start. What it holds does not change, but what it leads to does. */
final class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

    /** Nodes and edges beyond which times are kept less exactly, so that histograms stay small beside all else. */
    private static final int FINELY_MEASURED = 500;

    private final Plan plan;
    private final StartOptions options;
    private final NodeAgent.Watcher watcher;
    private final Consumer<String> onFirstDrop;
    private final Consumer<String> onFirstGivenUp;
    private final Holds holds;
    private final StartGate gate = new StartGate();
    private final Crew crew;
    private final Map<String, NodeAgent> agents = new LinkedHashMap<>();
    private final Map<NodeAgent, PlannedNode> planned = new LinkedHashMap<>();
    private final Map<String, NodePorts> portsByPart = new LinkedHashMap<>();
    private final Map<String, OutputEnd> outputs = new LinkedHashMap<>();
    private final Map<String, AppPublisher> publishers = new LinkedHashMap<>();
    private final List<WiredEdge> edges = new ArrayList<>();
    private final List<WiredTimer> timers = new ArrayList<>();
    private final NodeLogs logs;
    private final int digits;

    /** Where an output is. */
    record OutputEnd(NodeAgent agent, OutputPort port) {}

    /**
     * An edge with its counters.
     *
     * @param ring null for a direct call, whose messages the input counts
     */
    record WiredEdge(String name, String node, io.millrace.local.edge.@Nullable Edge ring, InputPort input) {}

    /** A timer input. */
    record WiredTimer(String input, String node, String source, TimerTicks ticks) {}

    private Wiring(
            Plan plan,
            StartOptions options,
            Crew crew,
            NodeAgent.Watcher watcher,
            Consumer<String> onFirstDrop,
            Consumer<String> onFirstGivenUp) {
        this.plan = plan;
        this.options = options;
        this.watcher = watcher;
        this.onFirstDrop = onFirstDrop;
        this.onFirstGivenUp = onFirstGivenUp;
        this.holds = new Holds(plan.graph().name(), options.debug(), LOG::warn);
        this.crew = crew;
        this.logs = new NodeLogs(plan.graph(), options.clock());
        this.digits = plan.nodes().size() + plan.graph().edges().size() > FINELY_MEASURED
                ? TimeSamples.COARSE
                : TimeSamples.FINE;
    }

    /**
     * @param onFirstDrop told of an edge when its first message gives way to a newer one
     * @param onFirstGivenUp told of an output when its first message is given up for want of memory
     */
    static Wiring of(
            Plan plan,
            StartOptions options,
            Crew crew,
            NodeAgent.Watcher watcher,
            Consumer<String> onFirstDrop,
            Consumer<String> onFirstGivenUp) {
        Wiring wiring = new Wiring(plan, options, crew, watcher, onFirstDrop, onFirstGivenUp);
        plan.nodes().forEach(wiring::addAgent);
        plan.nodes().forEach(wiring::addPorts);
        plan.nodes().forEach(wiring::connectInputs);
        plan.nodes().forEach(wiring::addCode);
        return wiring;
    }

    private void addAgent(PlannedNode node) {
        NodeAgent agent = new NodeAgent(
                node.node().id(),
                0,
                options.clock(),
                crew.waitingFor(node),
                plan.graph().settings().exitWhenNodesFinish(),
                gate,
                watcher);
        agent.setHandling(new HandlingTimes(options.clock(), digits, options.metrics()));
        agents.put(node.node().id(), agent);
        planned.put(agent, node);
    }

    private void addPorts(PlannedNode node) {
        NodeAgent agent = agent(node);
        OptionalLong budgetBytes = node.node().execution().payloadBudgetBytes();
        String holder = "node '" + node.node().id() + "'";
        SlabPool copies = new SlabPool("what " + holder + " retains", budgetBytes, () -> {}, options.debug());
        for (PlannedCode code : node.code()) {
            NodePorts ports = new NodePorts();
            for (GraphInput input : code.operator().inputs()) {
                String name = node.node().portName(code.operator(), input.id());
                InputPort port = new InputPort(input, ports.inputs().size(), name, agent, options.debug());
                port.retainIn(
                        new Retention(holds, copies, holder, "input '" + name + "' (output '" + input.source() + "')"));
                if (options.metrics()) {
                    port.countBytes();
                }
                ports.add(port);
            }
            for (GraphOutput output : code.operator().outputs()) {
                String name = node.node().portName(code.operator(), output.id());
                Optional<LogSink> sink = logs.output(name);
                OutputPort port = sink.map(LogSink::port)
                        .orElseGet(() -> new OutputPort(output.id(), name, agent, payloads(agent, budgetBytes, name)));
                if (options.metrics()) {
                    port.countBytes();
                }
                if (sink.isEmpty()) { // else the node's logger is its only user
                    ports.add(port);
                }
                outputs.put(name, new OutputEnd(agent, port));
            }
            portsByPart.put(part(node.node().id(), code.operator().id()), ports);
        }
    }

    private OutputPort.Payloads payloads(NodeAgent agent, OptionalLong budgetBytes, String output) {
        WakeSignal signal = agent.signal();
        Runnable wake = signal == null ? () -> {} : signal::signal;
        return new OutputPort.Payloads(budgetBytes, wake, () -> onFirstGivenUp.accept(output), options.debug());
    }

    private void connectInputs(PlannedNode node) {
        for (int slot = 0; slot < node.code().size(); slot++) {
            PlannedCode code = node.code().get(slot);
            List<InputPort> inputs =
                    ports(node.node().id(), code.operator().id()).inputs();
            for (int i = 0; i < inputs.size(); i++) {
                connect(node, slot, code.operator().inputs().get(i), inputs.get(i));
            }
        }
    }

    private void connect(PlannedNode node, int slot, GraphInput spec, InputPort input) {
        InputSource source = spec.source();
        if (source instanceof InputSource.Timer timer) {
            TimerTicks ticks = new TimerTicks(Times.nanos(timer.interval()));
            if (options.metrics()) {
                ticks.measure(digits);
            }
            timers.add(new WiredTimer(input.name(), node.node().id(), source.toString(), ticks));
            input.connect(ticks);
        } else if (source instanceof InputSource.Logs wanted) {
            LogSink sink = logs.source(wanted, node.node().id());
            connectRing(node, spec, input, source + " -> " + input.name(), sink.port(), sink.signal());
        } else if (source instanceof InputSource.Application application) {
            AppPublisher publisher = publishers.computeIfAbsent(application.name(), this::newPublisher);
            connectRing(node, spec, input, source + " -> " + input.name(), publisher.port(), publisher.signal());
        } else if (source instanceof InputSource.OutputRef from) {
            OutputEnd producer = known(outputs, from.toString());
            String name = from + " -> " + input.name();
            boolean isWithinNode = from.node().equals(node.node().id());
            Optional<LogSink> sink = logs.output(from.toString());
            if (sink.isPresent()) {
                connectRing(node, spec, input, name, producer.port(), sink.get().signal());
            } else if (isWithinNode && node.isReactive() && !spec.queueWritten()) {
                ports(from.node(), from.operator()).addDirect(producer.port(), slot, input);
                edges.add(new WiredEdge(name, node.node().id(), null, input));
            } else {
                connectRing(
                        node,
                        spec,
                        input,
                        name,
                        producer.port(),
                        producer.agent().signal());
            }
        } else {
            throw new AssertionError("prepare let the source through: " + source);
        }
    }

    private AppPublisher newPublisher(String name) {
        return new AppPublisher(
                name, options.clock(), () -> onFirstGivenUp.accept("millrace/app/" + name), options.debug());
    }

    private void connectRing(
            PlannedNode node,
            GraphInput spec,
            InputPort input,
            String name,
            OutputPort producer,
            @Nullable WakeSignal producerSignal) {
        io.millrace.local.edge.Edge ring = io.millrace.local.edge.Edge.create(
                spec.policy(),
                spec.queueSize(),
                agent(node).signal(),
                producerSignal,
                RingChoice.AUTOMATIC,
                () -> onFirstDrop.accept(name));
        if (options.metrics()) {
            ring.measure(options.clock(), digits);
        }
        producer.connect(ring.writer());
        input.connect(ring.reader());
        edges.add(new WiredEdge(name, node.node().id(), ring, input));
    }

    private void addCode(PlannedNode node) {
        NodeAgent agent = agent(node);
        FailureNotices notices = noticesOf(node.node().id());
        if (node.code().get(0) instanceof PlannedLoop loop) {
            NodePorts ports = ports(node.node().id(), loop.operator().id());
            OwnLoop code = new OwnLoop(agent, notices, loop.instances(), ports);
            code.setContext(context(node, loop, agent, ports, code));
            agent.setCode(code);
            return;
        }
        List<ReactiveLoop.Part> parts = new ArrayList<>();
        for (PlannedCode code : node.code()) {
            PlannedOperator operator = (PlannedOperator) code;
            NodePorts ports = ports(node.node().id(), code.operator().id());
            parts.add(new ReactiveLoop.Part(
                    part(node.node().id(), code.operator().id()),
                    operator.instances(),
                    context(node, code, agent, ports, null),
                    ports));
        }
        agent.setCode(new ReactiveLoop(agent, notices, parts));
    }

    private AgentContext context(
            PlannedNode node, PlannedCode code, NodeAgent agent, NodePorts ports, @Nullable OwnLoop loop) {
        String operatorId = code.operator().id();
        String part = part(node.node().id(), operatorId);
        return new AgentContext(
                new AgentContext.Facts(
                        plan.graph().name(),
                        node.node().id(),
                        operatorId,
                        () -> plan.files().directory(node.directory()),
                        new Config(part, code.config()),
                        node.node().env()),
                agent,
                ports,
                loop,
                logs.logger(node.node().id(), operatorId));
    }

    private FailureNotices noticesOf(String nodeId) {
        Map<NodeAgent, List<String>> inputs = new LinkedHashMap<>();
        for (Edge edge : plan.graph().edges()) {
            if (edge.from().node().equals(nodeId) && !edge.isWithinNode()) {
                inputs.computeIfAbsent(known(agents, edge.node()), agent -> new ArrayList<>())
                        .add(part(edge.node(), edge.operator()) + "/"
                                + edge.input().id());
            }
        }
        return new FailureNotices(inputs);
    }

    private static <K, V> V known(Map<K, V> map, K key) {
        return Objects.requireNonNull(map.get(key), () -> "the graph was checked, but has no " + key);
    }

    private static String part(String nodeId, String operatorId) {
        return operatorId.isEmpty() ? nodeId : nodeId + "/" + operatorId;
    }

    private NodeAgent agent(PlannedNode node) {
        return known(agents, node.node().id());
    }

    private NodePorts ports(String nodeId, String operatorId) {
        return known(portsByPart, part(nodeId, operatorId));
    }

    // What the coordinator and the handle use.

    String name() {
        return plan.graph().name();
    }

    Graph graph() {
        return plan.graph();
    }

    GraphSettings settings() {
        return plan.graph().settings();
    }

    StartGate gate() {
        return gate;
    }

    List<NodeAgent> agents() {
        return List.copyOf(agents.values());
    }

    ClassLoader classLoader(NodeAgent agent) {
        return known(planned, agent).loader();
    }

    Map<String, AppPublisher> publishers() {
        return publishers;
    }

    /** By its name; a node of one operator may be named without it. */
    Optional<OutputEnd> output(String name) {
        return plan.graph().findOutput(name).map(ref -> outputs.get(ref.toString()));
    }

    List<String> outputNames() {
        return List.copyOf(outputs.keySet());
    }

    List<WiredEdge> edges() {
        return edges;
    }

    List<WiredTimer> timers() {
        return timers;
    }

    NodeLogs logs() {
        return logs;
    }

    NodePorts[] portsOf(NodeAgent agent) {
        PlannedNode node = known(planned, agent);
        return node.code().stream()
                .map(code -> ports(node.node().id(), code.operator().id()))
                .toArray(NodePorts[]::new);
    }

    /** What runs, and how: one line for the log. */
    String summary() {
        Map<String, Integer> forms = new TreeMap<>();
        for (WiredEdge edge : edges) {
            forms.merge(formOf(edge), 1, Integer::sum);
        }
        return crew.summary() + "; edges by form: " + forms;
    }

    static String formOf(WiredEdge edge) {
        return edge.ring() == null ? "direct call" : edge.ring().form();
    }

    void close() {
        publishers.values().forEach(AppPublisher::close);
        logs.close();
        holds.close();
        plan.close();
    }

    /** For a subscription to this output. */
    Retention retentionOfApplication(String output) {
        SlabPool copies = new SlabPool(
                "what a subscription to '" + output + "' retains", OptionalLong.empty(), () -> {}, options.debug());
        return new Retention(holds, copies, "the application", "output '" + output + "'");
    }

    /** For a subscription, whose reader is the application. */
    io.millrace.local.edge.Edge newEdge(
            QueuePolicy policy, int queueSize, WakeSignal reader, OutputEnd producer, String name) {
        return io.millrace.local.edge.Edge.create(
                policy,
                queueSize,
                reader,
                producer.agent().signal(),
                RingChoice.AUTOMATIC,
                () -> onFirstDrop.accept(name));
    }
}
