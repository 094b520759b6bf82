package io.millrace.local.wiring;

import io.millrace.graph.Edge;
import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.GraphInput;
import io.millrace.graph.InputSource;
import io.millrace.local.agent.AgentContext;
import io.millrace.local.agent.FailureNotices;
import io.millrace.local.agent.InputPort;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.NodePorts;
import io.millrace.local.agent.Notified;
import io.millrace.local.agent.OwnLoop;
import io.millrace.local.agent.ReactiveLoop;
import io.millrace.local.logs.NodeLogs;
import io.millrace.local.logs.ProgramLog;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.PlannedCode;
import io.millrace.local.plan.PlannedCode.PlannedLoop;
import io.millrace.local.plan.PlannedCode.PlannedOperator;
import io.millrace.local.plan.PlannedNode;
import io.millrace.local.program.ProcessNode;
import io.millrace.local.program.ProgramHost;
import io.millrace.local.program.ProgramRun;
import io.millrace.local.wiring.Incarnations.Incarnation;
import io.millrace.node.Config;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gives agents the code that they are to run, with its context. Any thread; not one that runs a node. */
final class CodeFactory {
    private final Plan plan;
    private final WiredNodes nodes;
    private final @Nullable Boundary boundary; // of a part
    private final NodeLogs logs;
    private final ProgramHost programs;

    CodeFactory(Plan plan, WiredNodes nodes, @Nullable Boundary boundary, NodeLogs logs, ProgramHost programs) {
        this.plan = plan;
        this.nodes = nodes;
        this.boundary = boundary;
        this.logs = logs;
        this.programs = programs;
    }

    /** Once for each incarnation, when all nodes are there. */
    void addCode(PlannedNode node, Incarnation to) {
        NodeAgent agent = to.agent();
        NodePorts first = to.ports().get(0);
        FailureNotices notices = noticesOf(node.node().id());
        if (node.isProcess()) {
            agent.setCode(program(node, agent, notices, first));
        } else if (node.code().get(0) instanceof PlannedLoop loop) {
            OwnLoop code = new OwnLoop.Padded(agent, notices, loop.instances(), first);
            code.setContext(context(node, loop, agent, first, code));
            agent.setCode(code);
        } else {
            agent.setCode(operators(node, agent, notices, to.ports()));
        }
    }

    private OwnLoop program(PlannedNode node, NodeAgent agent, FailureNotices notices, NodePorts ports) {
        PlannedCode planned = node.code().get(0);
        ProgramRun run = new ProgramRun(node, agent, ports, programs, printsOf(node, planned));
        OwnLoop code = new OwnLoop(agent, notices, () -> new ProcessNode(run), ports);
        run.drivenBy(code);
        code.setContext(context(node, planned, agent, ports, code));
        return code;
    }

    private ReactiveLoop operators(PlannedNode node, NodeAgent agent, FailureNotices notices, List<NodePorts> ports) {
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
        return new ReactiveLoop(agent, notices, parts);
    }

    /** The inputs of one operator that others of the node feed by a call. */
    private void connectDirect(PlannedNode node, int slot, List<NodePorts> ports) {
        for (InputPort input : ports.get(slot).inputs()) {
            GraphInput spec = node.code().get(slot).operator().inputs().get(input.index());
            if (Connector.isDirect(node, spec, logs) && spec.source() instanceof InputSource.OutputRef from) {
                ports.forEach(producer -> producer.outputs().stream()
                        .filter(output -> output.name().equals(from.toString()))
                        .forEach(output -> producer.addDirect(output, slot, input)));
            }
        }
    }

    private AgentContext context(
            PlannedNode node, PlannedCode code, NodeAgent agent, NodePorts ports, @Nullable OwnLoop loop) {
        String nodeId = node.node().id();
        String operatorId = code.operator().id();
        AgentContext context = new AgentContext(
                new AgentContext.Facts(
                        plan.graph().name(),
                        nodeId,
                        operatorId,
                        () -> plan.files().directory(node.directory()),
                        new Config(part(nodeId, operatorId), code.config()),
                        node.node().env(),
                        plan.epoch()),
                agent,
                ports,
                loop,
                logs.logger(nodeId, operatorId),
                plan.checkpoints().next(nodeId, operatorId));
        if (node.node().execution().isolation() == Isolation.PROCESS) {
            context.setPrints(printsOf(node, code));
        }
        return context;
    }

    /** Where goes what a process of the node's own prints. */
    private ProgramLog printsOf(PlannedNode node, PlannedCode code) {
        String nodeId = node.node().id();
        String operatorId = code.operator().id();
        return new ProgramLog(
                logs.logger(nodeId, operatorId), logs.stdout(nodeId, operatorId).orElse(null));
    }

    private FailureNotices noticesOf(String nodeId) {
        Map<Notified, List<String>> inputs = new LinkedHashMap<>();
        for (Edge edge : plan.graph().edges()) {
            if (edge.from().node().equals(nodeId) && !edge.isWithinNode()) {
                inputs.computeIfAbsent(notified(edge.node()), consumer -> new ArrayList<>())
                        .add(part(edge.node(), edge.operator()) + "/"
                                + edge.input().id());
            }
        }
        return new FailureNotices(inputs);
    }

    private Notified notified(String nodeId) {
        return plan.isHere(nodeId)
                ? nodes.of(nodeId)
                : Objects.requireNonNull(boundary).neighbour(nodeId);
    }

    private static String part(String nodeId, String operatorId) {
        return operatorId.isEmpty() ? nodeId : nodeId + "/" + operatorId;
    }
}
