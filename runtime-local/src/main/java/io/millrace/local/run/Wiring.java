package io.millrace.local.run;

import io.millrace.graph.Edge;
import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.InputSource;
import io.millrace.graph.Problem;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Supervision.RestartPolicy;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.TimeSamples;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.pool.SlabPool;
import io.millrace.local.run.Incarnations.Incarnation;
import io.millrace.local.run.Plan.PlannedCode;
import io.millrace.local.run.Plan.PlannedLoop;
import io.millrace.local.run.Plan.PlannedNode;
import io.millrace.local.run.Plan.PlannedOperator;
import io.millrace.node.Config;
import io.millrace.runtime.StartOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
    private final Map<String, Incarnations> incarnations = new LinkedHashMap<>();
    private final Map<String, OutputEnd> outputs = new LinkedHashMap<>();
    private final Map<String, AppPublisher> publishers = new LinkedHashMap<>();
    private final List<WiredEdge> edges = new ArrayList<>();
    private final List<WiredTimer> timers = new ArrayList<>();
    private final NodeLogs logs;
    private final @Nullable Boundary boundary; // of a part
    private final ProgramHost programs;
    private final Map<String, String> programsByOutput;
    private final int digits;

    /** A timer input, with the port of the incarnation that counts. */
    record WiredTimer(String input, String node, String source, Supplier<InputPort> port) {
        TimerTicks ticks() {
            return Objects.requireNonNull(port.get().timer());
        }
    }

    private Wiring(
            Plan plan,
            StartOptions options,
            Crew crew,
            NodeAgent.Watcher watcher,
            Consumer<String> onFirstDrop,
            Consumer<String> onFirstGivenUp,
            LogBoundary.Ending onEndedElsewhere) {
        this.plan = plan;
        this.options = options;
        this.watcher = watcher;
        this.onFirstDrop = onFirstDrop;
        this.onFirstGivenUp = onFirstGivenUp;
        this.holds = new Holds(plan.graph().name(), options.debug(), LOG::warn);
        this.crew = crew;
        PartSpec part = plan.part();
        this.logs = new NodeLogs(
                plan.graph(),
                options.clock(),
                plan::isHere,
                part == null ? null : new CarefulListener(plan.graph().name(), part.listener())::onLogged);
        this.boundary = part == null ? null : new Boundary(part, logs, onEndedElsewhere);
        this.programs = new ProgramHost(plan.graph().name());
        this.programsByOutput = programsByOutput(plan);
        this.digits = plan.nodes().size() + plan.graph().edges().size() > FINELY_MEASURED
                ? TimeSamples.COARSE
                : TimeSamples.FINE;
    }

    /**
     * @param onFirstDrop told of an edge when its first message gives way to a newer one
     * @param onFirstGivenUp told of an output when its first message is given up for want of memory
     * @param onEndedElsewhere told when a node of another part has ended, for the sake of those who read what it logs
     */
    static Wiring of(
            Plan plan,
            StartOptions options,
            Crew crew,
            NodeAgent.Watcher watcher,
            Consumer<String> onFirstDrop,
            Consumer<String> onFirstGivenUp,
            LogBoundary.Ending onEndedElsewhere) {
        Wiring wiring = new Wiring(plan, options, crew, watcher, onFirstDrop, onFirstGivenUp, onEndedElsewhere);
        for (PlannedNode node : plan.nodes()) {
            wiring.addNode(node);
        }
        for (PlannedNode node : plan.nodes()) {
            wiring.connectInputs(node);
        }
        wiring.addBoundary();
        for (Incarnations made : wiring.incarnations.values()) {
            wiring.addCode(made.node(), made.agent(), made.ports());
        }
        return wiring;
    }

    /** Each output that a program reads, with the node of such a program. */
    private static Map<String, String> programsByOutput(Plan plan) {
        Set<String> programs = new HashSet<>();
        for (PlannedNode node : plan.nodes()) {
            if (node.isProcess()) {
                programs.add(node.node().id());
            }
        }
        for (GraphNode node : plan.graph().nodes()) {
            if (!plan.isHere(node.id()) && Preparation.isProcess(node)) {
                programs.add(node.id());
            }
        }
        Map<String, String> byOutput = new HashMap<>();
        for (Edge edge : plan.graph().edges()) {
            if (programs.contains(edge.node())) {
                byOutput.putIfAbsent(edge.from().toString(), edge.node());
            }
        }
        return byOutput;
    }

    private void addNode(PlannedNode node) {
        Incarnations made = new Incarnations(
                node,
                incarnation(node, plan.firstIncarnation(node.node().id()), crew.waitingFor(node), new Commands()));
        incarnations.put(made.nodeId(), made);
        for (int slot = 0; slot < node.code().size(); slot++) {
            for (GraphOutput output : node.code().get(slot).operator().outputs()) {
                addOutput(made, slot, output);
            }
        }
    }

    private void addOutput(Incarnations made, int slot, GraphOutput output) {
        String name = made.node().node().portName(made.node().code().get(slot).operator(), output.id());
        Optional<LogSink> sink = logs.output(name);
        if (options.metrics()) {
            sink.ifPresent(present -> present.port().countBytes());
        }
        outputs.put(name, new OutputEnd(made, slot, name, sink.orElse(null)));
    }

    /** An agent with its ports, which nothing is connected to. */
    private Incarnation incarnation(PlannedNode node, int number, Waiting waiting, Commands commands) {
        NodeAgent agent = new NodeAgent.Padded(
                node.node().id(),
                number,
                options.clock(),
                waiting,
                plan.graph().settings().exitWhenNodesFinish(),
                gate,
                watcher,
                commands);
        agent.setHandling(new HandlingTimes.Padded(options.clock(), digits, options.metrics()));
        if (node.node().supervision().restartPolicy() != RestartPolicy.NEVER) {
            agent.setSupervised();
        }
        SlabPool copies = new SlabPool(
                "what " + holder(node) + " retains",
                node.node().execution().payloadBudgetBytes(),
                () -> {},
                options.debug());
        List<NodePorts> ports = new ArrayList<>();
        for (PlannedCode code : node.code()) {
            ports.add(ports(node, code, agent, copies));
        }
        return new Incarnation(agent, ports);
    }

    private static String holder(PlannedNode node) {
        return "node '" + node.node().id() + "'";
    }

    private NodePorts ports(PlannedNode node, PlannedCode code, NodeAgent agent, SlabPool copies) {
        NodePorts ports = new NodePorts();
        for (GraphInput input : code.operator().inputs()) {
            String name = node.node().portName(code.operator(), input.id());
            InputPort port = new InputPort.Padded(input, ports.inputs().size(), name, agent, options.debug());
            port.retainIn(new Retention(
                    holds, copies, holder(node), "input '" + name + "' (output '" + input.source() + "')"));
            if (input.source() instanceof InputSource.Timer timer) {
                port.connect(ticks(timer));
            }
            if (options.metrics()) {
                port.countBytes();
            }
            ports.add(port);
        }
        OptionalLong budgetBytes = node.node().execution().payloadBudgetBytes();
        for (GraphOutput output : code.operator().outputs()) {
            String name = node.node().portName(code.operator(), output.id());
            if (logs.output(name).isPresent()) {
                ports.addLogOutput(output.id());
            } else {
                OutputPort port = new OutputPort.Padded(output.id(), name, agent, payloads(agent, budgetBytes, name));
                if (options.metrics()) {
                    port.countBytes();
                }
                limit(port, programsByOutput.get(name));
                ports.add(port);
            }
        }
        return ports;
    }

    /** @param program the node that reads it; null for none */
    static void limit(OutputPort port, @Nullable String program) {
        if (program != null) {
            port.limitTo(
                    ProgramHost.MAX_PAYLOAD_BYTES,
                    "the most that fits into a frame of dora's protocol, in which node '" + program + "' gets it");
        }
    }

    private TimerTicks ticks(InputSource.Timer timer) {
        TimerTicks ticks = new TimerTicks(Times.nanos(timer.interval()));
        if (options.metrics()) {
            ticks.measure(digits);
        }
        return ticks;
    }

    private OutputPort.Payloads payloads(NodeAgent agent, OptionalLong budgetBytes, String output) {
        WakeSignal signal = agent.signal();
        Runnable wake = signal == null ? () -> {} : signal::signal;
        return new OutputPort.Payloads(budgetBytes, wake, () -> onFirstGivenUp.accept(output), options.debug());
    }

    private void connectInputs(PlannedNode node) {
        Incarnations made = incarnations(node);
        for (int slot = 0; slot < node.code().size(); slot++) {
            List<GraphInput> inputs = node.code().get(slot).operator().inputs();
            for (int i = 0; i < inputs.size(); i++) {
                connect(made, slot, inputs.get(i), i);
            }
        }
    }

    private void connect(Incarnations made, int slot, GraphInput spec, int index) {
        Supplier<InputPort> input = () -> made.ports().get(slot).inputs().get(index);
        InputSource source = spec.source();
        String name = source + " -> " + input.get().name();
        if (source instanceof InputSource.Timer) { // whose ticks are made by the node itself
            timers.add(new WiredTimer(input.get().name(), made.nodeId(), source.toString(), input));
        } else if (source instanceof InputSource.Logs wanted) {
            LogSink sink = logs.source(wanted, made.nodeId(), input.get().name());
            connectRing(made, spec, input, name, sink, sink.port());
        } else if (isFromElsewhere(source)) {
            connectBoundary(made, spec, input, name);
        } else if (source instanceof InputSource.Application application) {
            AppPublisher publisher = publishers.computeIfAbsent(application.name(), this::newPublisher);
            limit(publisher.port(), made.node().isProcess() ? made.nodeId() : null);
            connectRing(made, spec, input, name, publisher, publisher.port());
        } else if (source instanceof InputSource.OutputRef from) {
            OutputEnd producer = known(outputs, from.toString());
            Optional<LogSink> sink = logs.output(from.toString());
            if (sink.isPresent()) {
                connectRing(made, spec, input, name, sink.get(), sink.get().port());
            } else if (isDirect(made.node(), spec)) {
                edges.add(new WiredEdge(name, producer, made.nodeId(), spec, input, null));
            } else {
                connectRing(made, spec, input, name, producer, producer.port());
            }
        } else {
            throw new AssertionError("prepare let the source through: " + source);
        }
    }

    private boolean isFromElsewhere(InputSource source) {
        return boundary != null
                && (source instanceof InputSource.Application
                        || source instanceof InputSource.OutputRef from && !plan.isHere(from.node()));
    }

    private void connectBoundary(Incarnations made, GraphInput spec, Supplier<InputPort> input, String name) {
        String producer = spec.source() instanceof InputSource.OutputRef from ? from.node() : "";
        BoundaryEdge edge = new BoundaryEdge(name, producer, made.nodeId(), spec);
        BoundaryInput end = new BoundaryInput(edge, made, input, this::newRing, listener());
        edges.add(end.wired());
        boundary().add(end);
    }

    private Boundary boundary() {
        return Objects.requireNonNull(boundary);
    }

    private PartListener listener() {
        return boundary().listener();
    }

    /** The outputs that nodes elsewhere read, and what comes from there to readers of logs. */
    private void addBoundary() {
        PartSpec part = plan.part();
        if (part == null) {
            return;
        }
        for (BoundaryEdge edge : BoundaryEdge.outputs(part.graph(), part.nodes())) {
            if (edge.isOfLogs()) {
                boundary().logs().addOutput(edge);
            } else {
                OutputEnd end = known(outputs, edge.input().source().toString());
                boundary().add(new BoundaryOutput(edge, end, this::newRing, listener()));
            }
        }
        for (BoundaryEdge edge : BoundaryEdge.inputs(part.graph(), part.nodes())) {
            if (edge.isOfLogs()) {
                boundary().logs().addInput(edge);
            }
        }
    }

    private io.millrace.local.edge.Edge newRing(
            BoundaryEdge edge, @Nullable WakeSignal reader, @Nullable WakeSignal writer) {
        return newRing(edge.input(), reader, writer, edge.name());
    }

    private boolean isDirect(PlannedNode node, GraphInput input) {
        return node.isReactive()
                && !input.queueWritten()
                && input.source() instanceof InputSource.OutputRef from
                && from.node().equals(node.node().id())
                && logs.output(from.toString()).isEmpty();
    }

    private AppPublisher newPublisher(String name) {
        return new AppPublisher(
                name, options.clock(), () -> onFirstGivenUp.accept("millrace/app/" + name), options.debug());
    }

    private void connectRing(
            Incarnations made,
            GraphInput spec,
            Supplier<InputPort> input,
            String name,
            WiredEdge.Source source,
            OutputPort producer) {
        io.millrace.local.edge.Edge ring = newRing(spec, made.agent().signal(), source.signal(), name);
        producer.connect(ring.writer());
        input.get().connect(ring.reader());
        edges.add(new WiredEdge(name, source, made.nodeId(), spec, input, ring));
    }

    private io.millrace.local.edge.Edge newRing(
            GraphInput spec, @Nullable WakeSignal reader, @Nullable WakeSignal writer, String name) {
        io.millrace.local.edge.Edge ring = io.millrace.local.edge.Edge.create(
                spec.policy(), spec.queueSize(), reader, writer, RingChoice.AUTOMATIC, () -> onFirstDrop.accept(name));
        if (options.metrics()) {
            ring.measure(options.clock(), digits);
        }
        return ring;
    }

    private void addCode(PlannedNode node, NodeAgent agent, List<NodePorts> ports) {
        FailureNotices notices = noticesOf(node.node().id());
        if (node.isProcess()) {
            addProgram(node, agent, notices, ports.get(0));
            return;
        }
        if (node.code().get(0) instanceof PlannedLoop loop) {
            OwnLoop code = new OwnLoop.Padded(agent, notices, loop.instances(), ports.get(0));
            code.setContext(context(node, loop, agent, ports.get(0), code));
            agent.setCode(code);
            return;
        }
        List<ReactiveLoop.Part> parts = new ArrayList<>();
        for (int slot = 0; slot < ports.size(); slot++) {
            PlannedOperator operator = (PlannedOperator) node.code().get(slot);
            connectDirect(node, slot, ports);
            parts.add(new ReactiveLoop.Part(
                    part(node.node().id(), operator.operator().id()),
                    operator.instances(),
                    context(node, operator, agent, ports.get(slot), null),
                    ports.get(slot)));
        }
        agent.setCode(new ReactiveLoop(agent, notices, parts));
    }

    private void addProgram(PlannedNode node, NodeAgent agent, FailureNotices notices, NodePorts ports) {
        PlannedCode planned = node.code().get(0);
        String nodeId = node.node().id();
        String operatorId = planned.operator().id();
        ProgramLog log = new ProgramLog(
                logs.logger(nodeId, operatorId), logs.stdout(nodeId, operatorId).orElse(null));
        ProgramRun run = new ProgramRun(node, agent, ports, programs, log);
        OwnLoop code = new OwnLoop(agent, notices, () -> new ProcessNode(run), ports);
        run.drivenBy(code);
        code.setContext(context(node, planned, agent, ports, code));
        agent.setCode(code);
    }

    /** The inputs of one operator that others of the node feed by a call. */
    private void connectDirect(PlannedNode node, int slot, List<NodePorts> ports) {
        for (InputPort input : ports.get(slot).inputs()) {
            GraphInput spec = node.code().get(slot).operator().inputs().get(input.index());
            if (isDirect(node, spec) && spec.source() instanceof InputSource.OutputRef from) {
                ports.forEach(producer -> producer.outputs().stream()
                        .filter(output -> output.name().equals(from.toString()))
                        .forEach(output -> producer.addDirect(output, slot, input)));
            }
        }
    }

    private AgentContext context(
            PlannedNode node, PlannedCode code, NodeAgent agent, NodePorts ports, @Nullable OwnLoop loop) {
        String operatorId = code.operator().id();
        String part = part(node.node().id(), operatorId);
        AgentContext context = new AgentContext(
                new AgentContext.Facts(
                        plan.graph().name(),
                        node.node().id(),
                        operatorId,
                        () -> plan.files().directory(node.directory()),
                        new Config(part, code.config()),
                        node.node().env(),
                        plan.epoch()),
                agent,
                ports,
                loop,
                logs.logger(node.node().id(), operatorId),
                plan.checkpoints().next(node.node().id(), operatorId));
        if (node.node().execution().isolation() == Isolation.PROCESS) {
            Optional<LogSink> stdout = logs.stdout(node.node().id(), operatorId);
            context.setPrints(new ProgramLog(logs.logger(node.node().id(), operatorId), stdout.orElse(null)));
        }
        return context;
    }

    private FailureNotices noticesOf(String nodeId) {
        Map<Notified, List<String>> inputs = new LinkedHashMap<>();
        for (Edge edge : plan.graph().edges()) {
            if (edge.from().node().equals(nodeId) && !edge.isWithinNode()) {
                Notified to = plan.isHere(edge.node())
                        ? known(incarnations, edge.node())
                        : boundary().neighbour(edge.node());
                inputs.computeIfAbsent(to, consumer -> new ArrayList<>())
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

    private Incarnations incarnations(PlannedNode node) {
        return known(incarnations, node.node().id());
    }

    // A node runs again.

    /**
     * The next incarnation of a node whose last one has ended: it takes over the edges as they are. The coordinator's thread.
     *
     * @param number the same as the former's, if it is not to run
     */
    void renew(String nodeId, int number) {
        Incarnations made = known(incarnations, nodeId);
        NodeAgent former = made.agent();
        Waiting waiting = crew.waitingAfter(made.node(), former.waiting());
        Incarnation next = incarnation(made.node(), number, waiting, former.commands());
        next.agent().setHandling(former.handling());
        for (int slot = 0; slot < next.ports().size(); slot++) {
            next.ports().get(slot).inherit(made.ports().get(slot));
        }
        addCode(made.node(), next.agent(), next.ports());
        follow(made, next);
    }

    /**
     * An incarnation in the place of one whose thread does not come back: every edge of the node is made anew, and what waits in the old ones is lost. Whatever
     * that thread may still do, it reaches nobody. The coordinator's thread.
     *
     * @param number the same as the former's, if it is not to run
     */
    void replace(String nodeId, int number) {
        Incarnations made = known(incarnations, nodeId);
        NodeAgent former = made.agent();
        former.leaveBehind();
        Incarnation next = incarnation(made.node(), number, crew.waitingFor(made.node()), new Commands());
        if (number == former.incarnation()) { // else two threads would write them
            next.agent().setHandling(former.handling());
        }
        Map<InputPort, InputPort> successors = new HashMap<>();
        for (int slot = 0; slot < next.ports().size(); slot++) {
            for (InputPort input : made.ports().get(slot).inputs()) {
                successors.put(input, next.ports().get(slot).inputs().get(input.index()));
            }
        }
        for (WiredEdge edge : edges) {
            if (edge.ring() != null && edge.isWhole() && edge.node().equals(nodeId)) {
                replaceInput(edge, next, known(successors, edge.input()));
            }
        }
        outputs.forEach((name, end) -> {
            if (end.isOf(nodeId)) {
                end.moveSubscriptions(output(next, name));
            }
        });
        for (WiredEdge edge : edges) {
            if (edge.ring() != null
                    && edge.isWhole()
                    && edge.source().node().equals(nodeId)
                    && !edge.node().equals(nodeId)) {
                replaceOutput(edge, next);
            }
        }
        if (boundary != null) {
            boundary.renew(nodeId, next);
        }
        addCode(made.node(), next.agent(), next.ports());
        follow(made, next);
        former.commands().moveTo(next.agent().commands(), former::endPorts);
    }

    /** Messages that wait at a node's inputs. */
    long backlogOf(String nodeId) {
        return edges.stream()
                .filter(edge -> edge.node().equals(nodeId))
                .mapToLong(WiredEdge::backlog)
                .sum();
    }

    private void replaceInput(WiredEdge edge, Incarnation next, InputPort input) {
        io.millrace.local.edge.Edge former = Objects.requireNonNull(edge.ring());
        boolean isOwn = edge.source().node().equals(edge.node());
        WakeSignal writer = isOwn ? next.agent().signal() : edge.source().signal();
        io.millrace.local.edge.Edge fresh = newRing(edge.spec(), next.agent().signal(), writer, edge.name());
        input.connect(fresh.reader());
        if (isOwn) {
            output(next, edge.spec().source().toString()).connect(fresh.writer());
            edge.changeTo(fresh);
        } else {
            edge.source().replace(former.writer(), fresh, () -> edge.changeTo(fresh));
        }
    }

    private void replaceOutput(WiredEdge edge, Incarnation next) {
        Incarnations consumer = known(incarnations, edge.node());
        io.millrace.local.edge.Edge fresh =
                newRing(edge.spec(), consumer.agent().signal(), next.agent().signal(), edge.name());
        output(next, edge.spec().source().toString()).connect(fresh.writer());
        boolean isTaken = consumer.post(() -> {
            edge.input().replace(fresh.reader());
            edge.changeTo(fresh);
        });
        if (!isTaken) {
            fresh.reader().close();
        }
    }

    static OutputPort output(Incarnation incarnation, String name) {
        return incarnation.ports().stream()
                .flatMap(ports -> ports.outputs().stream())
                .filter(output -> output.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no output " + name));
    }

    private void follow(Incarnations made, Incarnation next) {
        for (WiredEdge edge : edges) {
            if (edge.node().equals(made.nodeId())) {
                edge.keepCountsOf(edge.input());
            }
        }
        made.follow(next);
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

    /** Of a part; null for a whole dataflow. */
    /** Warnings and notes of the preparation. */
    List<Problem> findings() {
        return plan.findings();
    }

    @Nullable PartSpec part() {
        return plan.part();
    }

    /** Likewise. */
    @Nullable Boundary boundaryOrNull() {
        return boundary;
    }

    StartGate gate() {
        return gate;
    }

    /** One for each node, in the order of the graph. */
    Collection<Incarnations> incarnations() {
        return Collections.unmodifiableCollection(incarnations.values());
    }

    /** @throws NullPointerException if there is no such node */
    Incarnations incarnations(String nodeId) {
        return known(incarnations, nodeId);
    }

    /** Those that count now. */
    List<NodeAgent> agents() {
        return incarnations.values().stream().map(Incarnations::agent).toList();
    }

    GraphNode plannedNode(NodeAgent agent) {
        return known(incarnations, agent.nodeId()).node().node();
    }

    /** Whether somebody starts it by hand. */
    boolean isDynamic(String nodeId) {
        return known(incarnations, nodeId).node().isDynamic();
    }

    /** Whether any program can expect nothing more, and still runs. */
    boolean isAnyProgramIdle() {
        return programs.isAnyPulseShown();
    }

    Stragglers newStragglers() {
        return Stragglers.of(plan.graph(), options);
    }

    /** @param running nodes that have not ended */
    List<String> findStragglers(Stragglers stragglers, long nowNs, Set<String> running) {
        Set<String> byHand = running.stream().filter(this::isDynamic).collect(Collectors.toSet());
        Set<String> open = publishers.entrySet().stream()
                .filter(entry -> !entry.getValue().isClosed())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        if (boundary != null) {
            open.addAll(boundary.openSources());
        }
        return stragglers.find(nowNs, running, byHand, open, programs::lookAtPulse);
    }

    ClassLoader classLoader(NodeAgent agent) {
        return known(incarnations, agent.nodeId()).node().loader();
    }

    Map<String, AppPublisher> publishers() {
        return publishers;
    }

    /** By its name; a node of one operator may be named without it. */
    Optional<OutputEnd> output(String name) {
        return plan.graph().findOutput(name).map(ref -> outputs.get(ref.toString()));
    }

    /** By its full name, as {@link #output} has it, or {@code millrace/app/NAME}. */
    Optional<? extends TappedOutput> tappedOutput(String name) {
        Optional<OutputEnd> output = output(name);
        return output.isPresent()
                ? output
                : publishers.values().stream()
                        .filter(publisher -> publisher.port().name().equals(name))
                        .findFirst();
    }

    /** All that there is to tap. */
    List<TappedOutput> tappedOutputs() {
        List<TappedOutput> all = new ArrayList<>(outputs.values());
        all.addAll(publishers.values());
        return all;
    }

    List<String> outputNames() {
        return List.copyOf(outputs.keySet());
    }

    List<WiredEdge> edges() {
        return edges;
    }

    /** All of which something is counted here: edges to elsewhere, too. */
    List<WiredEdge> countedEdges() {
        if (boundary == null) {
            return edges;
        }
        List<WiredEdge> all = new ArrayList<>(edges);
        all.addAll(boundary.halves());
        return all;
    }

    List<WiredTimer> timers() {
        return timers;
    }

    NodeLogs logs() {
        return logs;
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
        io.millrace.local.edge.Edge ring = edge.ring();
        if (ring != null) {
            return ring.form();
        }
        return edge.isWhole() ? "direct call" : "not connected";
    }

    /** From now on nodes' threads use what is connected. */
    void startBoundary() {
        if (boundary != null) {
            boundary.start();
        }
    }

    /** A node does not run any more. */
    void onEnded(String nodeId) {
        if (boundary != null) {
            boundary.onEnded(nodeId);
        }
    }

    /** As {@link Boundary#endApplicationInputs}. */
    void endApplicationInputs(boolean all) {
        if (boundary != null) {
            boundary.endApplicationInputs(all);
        }
    }

    /** From now on checkpoints are written, if they are to be kept. */
    void startState() {
        plan.checkpoints().start();
    }

    /** The dataflow has finished: it leaves nothing to a later run. */
    void forgetState() {
        plan.checkpoints().forget();
    }

    void close() {
        publishers.values().forEach(AppPublisher::close);
        if (boundary != null) {
            boundary.close();
        }
        logs.close();
        holds.close();
        programs.close();
        crew.close();
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
            QueuePolicy policy, int queueSize, WakeSignal reader, TappedOutput producer, String name) {
        return io.millrace.local.edge.Edge.create(
                policy, queueSize, reader, producer.signal(), RingChoice.AUTOMATIC, () -> onFirstDrop.accept(name));
    }
}
