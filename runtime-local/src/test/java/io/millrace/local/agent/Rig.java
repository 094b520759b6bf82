package io.millrace.local.agent;

import io.millrace.graph.Execution.Idle;
import io.millrace.graph.GraphInput;
import io.millrace.graph.InputSource;
import io.millrace.graph.Location;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.code.InstanceSource;
import io.millrace.local.waiting.StartGate;
import io.millrace.local.waiting.ThreadWaiting;
import io.millrace.node.Config;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * One node, wired by hand. What it is told to do is posted before {@link #run()}, which runs its whole life on the test's thread; or its operators are stepped
 * one cycle at a time, after {@link #slots()}.
 */
public final class Rig {
    public final ManualClock clock = new ManualClock();
    final StartGate gate = new StartGate();
    final List<String> calls = new ArrayList<>();
    public final NodeAgent agent;
    final Map<Notified, List<String>> consumers = new LinkedHashMap<>();

    @Nullable Throwable failure;

    String failedPart = "";

    private final Map<String, NodePorts> ports = new LinkedHashMap<>();
    private final List<ReactiveLoop.Part> parts = new ArrayList<>();
    private final List<Operator> operators = new ArrayList<>();

    public Rig() {
        this(false);
    }

    Rig(boolean exitWhenNodesFinish) {
        agent = new NodeAgent(
                "node", 0, clock, ThreadWaiting.of(Idle.PARK, false), exitWhenNodesFinish, gate, new Watch());
    }

    /** Writes down the steps of the life, and how it ended. */
    private final class Watch implements NodeAgent.Watcher {
        @Override
        public void onOpening(NodeAgent opening) {
            calls.add("opening");
        }

        @Override
        public void onOpened(NodeAgent opened) {
            calls.add("opened");
            gate.open(); // there is no other node to wait for
        }

        @Override
        public void onRunning(NodeAgent running) {
            calls.add("running");
        }

        @Override
        public void onEnded(NodeAgent ended, @Nullable Throwable thrown, String part) {
            calls.add("ended");
            failure = thrown;
            failedPart = part;
        }
    }

    /** An operator's or node's input from an edge. */
    InputPort input(String part, String id, Tube tube) {
        InputPort port = inputPort(part, id, "source/out");
        port.connect(tube.reader());
        return port;
    }

    /** The same, with a limit of its silence. */
    InputPort input(String part, String id, Tube tube, Duration timeout) {
        InputPort port = inputPort(part, id, "source/out", Optional.of(timeout));
        port.connect(tube.reader());
        return port;
    }

    InputPort timer(String part, String id, long intervalNs) {
        InputPort port = inputPort(part, id, "dora/timer/nanos/" + intervalNs);
        port.connect(new TimerTicks(intervalNs));
        return port;
    }

    /** An input that an operator of the same node feeds. */
    InputPort direct(OutputPort source, String part, String id) {
        InputPort port = inputPort(part, id, source.name());
        int slot = List.copyOf(ports.keySet()).indexOf(part);
        ports.get(source.name().split("/", -1)[1]).addDirect(source, slot, port);
        return port;
    }

    private InputPort inputPort(String part, String id, String source) {
        return inputPort(part, id, source, Optional.empty());
    }

    private InputPort inputPort(String part, String id, String source, Optional<Duration> timeout) {
        NodePorts own = ports(part);
        GraphInput spec = new GraphInput(
                id,
                InputSource.parse(source),
                QueuePolicy.BACKPRESSURE,
                10,
                false,
                timeout,
                Optional.empty(),
                Location.NONE);
        InputPort port = new InputPort(spec, own.inputs().size(), "node/" + part + "/" + id, agent, false);
        own.add(port);
        return port;
    }

    OutputPort output(String part, String id) {
        OutputPort port = new OutputPort(id, "node/" + part + "/" + id, agent.sending());
        ports(part).add(port);
        return port;
    }

    private NodePorts ports(String part) {
        return ports.computeIfAbsent(part, name -> new NodePorts());
    }

    private NodeContext context(String part, @Nullable OwnLoop loop) {
        return new AgentContext(
                new AgentContext.Facts(
                        "flow", "node", part, () -> Path.of("/"), new Config("node/" + part, Map.of()), Map.of(), 0),
                agent,
                ports(part),
                loop,
                LoggerFactory.getLogger("millrace.flow." + part));
    }

    /** Parts run in the order in which their ports or they themselves were named first. */
    Rig operator(String part, Operator operator) {
        return operator(part, () -> operator);
    }

    Rig operator(String part, InstanceSource<Operator> source) {
        parts.add(new ReactiveLoop.Part("node/" + part, source, context(part, null), ports(part)));
        return this;
    }

    /** Lives its whole life on this thread. */
    Rig run() {
        agent.setCode(new ReactiveLoop(agent, new FailureNotices(consumers), parts));
        agent.run();
        return this;
    }

    /** Opened and begun, for a test to step its agent. */
    void step() {
        agent.setCode(new ReactiveLoop(agent, new FailureNotices(consumers), parts));
        if (!agent.open()) {
            throw new AssertionError("it cannot be opened", failure);
        }
        agent.begin();
    }

    /** As {@link #run()}, with its own loop. */
    Rig run(Node node) {
        OwnLoop loop = new OwnLoop(agent, new FailureNotices(consumers), () -> node, ports("loop"));
        loop.setContext(context("loop", loop));
        agent.setCode(loop);
        agent.run();
        return this;
    }

    /** The operators, opened and wired, to be stepped by hand. */
    OperatorSlot[] slots() throws Exception {
        OperatorSlot[] slots = new OperatorSlot[parts.size()];
        for (int i = 0; i < slots.length; i++) {
            ReactiveLoop.Part part = parts.get(i);
            Operator operator = part.source().create();
            operators.add(operator);
            operator.open(part.context());
            slots[i] = new OperatorSlot(
                    part.name(),
                    operator,
                    agent,
                    part.ports().inputs(),
                    part.ports().outputs());
        }
        for (ReactiveLoop.Part part : parts) {
            part.ports().connectDirectEdges(slots, agent);
        }
        for (OperatorSlot slot : slots) {
            slot.findReach();
            slot.start(agent.update());
        }
        agent.setCode(new ReactiveLoop(agent, new FailureNotices(consumers), parts));
        return slots;
    }
}
