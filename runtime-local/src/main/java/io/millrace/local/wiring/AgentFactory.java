package io.millrace.local.wiring;

import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.InputSource;
import io.millrace.local.agent.Commands;
import io.millrace.local.agent.InputPort;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.NodePorts;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.agent.TimerTicks;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.logs.NodeLogs;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.PlannedCode;
import io.millrace.local.plan.PlannedNode;
import io.millrace.local.pool.SlabPool;
import io.millrace.local.program.ProgramLimits;
import io.millrace.local.waiting.StartGate;
import io.millrace.local.waiting.Times;
import io.millrace.local.waiting.Waiting;
import io.millrace.local.wiring.Incarnations.Incarnation;
import io.millrace.runtime.StartOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Makes agents with their ports, which nothing is connected to and no code belongs to yet. Any thread. */
final class AgentFactory {
    private final StartOptions options;
    private final boolean exitsWhenNodesFinish;
    private final StartGate gate;
    private final Wiring.Watcher watcher;
    private final NodeLogs logs;
    private final Measures measures;
    private final Retentions retentions;
    private final ProgramLimits limits;

    AgentFactory(
            Plan plan,
            StartOptions options,
            StartGate gate,
            Wiring.Watcher watcher,
            NodeLogs logs,
            Measures measures,
            Retentions retentions) {
        this.options = options;
        this.exitsWhenNodesFinish = plan.graph().settings().exitWhenNodesFinish();
        this.gate = gate;
        this.watcher = watcher;
        this.logs = logs;
        this.measures = measures;
        this.retentions = retentions;
        this.limits = new ProgramLimits(plan);
    }

    /**
     * @param number of the incarnation
     * @param commands what its thread is asked to do, perhaps by who asked the incarnation before
     */
    Incarnation create(PlannedNode node, int number, Waiting waiting, Commands commands) {
        NodeAgent agent = new NodeAgent.Padded(
                node.node().id(), number, options.clock(), waiting, exitsWhenNodesFinish, gate, watcher, commands);
        agent.setHandling(measures.handling());
        if (options.debug()) {
            agent.sending().setDebugging();
        }
        if (node.mayRunAgain()) {
            agent.setSupervised();
        }
        SlabPool copies = retentions.copiesOf(node);
        List<NodePorts> ports = new ArrayList<>();
        for (PlannedCode code : node.code()) {
            ports.add(ports(node, code, agent, copies));
        }
        return new Incarnation(agent, ports);
    }

    private NodePorts ports(PlannedNode node, PlannedCode code, NodeAgent agent, SlabPool copies) {
        NodePorts ports = new NodePorts();
        for (GraphInput input : code.operator().inputs()) {
            String name = node.node().portName(code.operator(), input.id());
            InputPort port = new InputPort.Padded(input, ports.inputs().size(), name, agent, options.debug());
            port.retainIn(retentions.ofInput(node, input, name, copies));
            if (input.source() instanceof InputSource.Timer timer) {
                port.connect(ticks(timer));
            }
            measures.measure(port);
            ports.add(port);
        }
        OptionalLong budgetBytes = node.node().execution().payloadBudgetBytes();
        for (GraphOutput output : code.operator().outputs()) {
            String name = node.node().portName(code.operator(), output.id());
            if (logs.output(name).isPresent()) {
                ports.addLogOutput(output.id());
            } else {
                ports.add(outputPort(output.id(), name, agent, budgetBytes));
            }
        }
        return ports;
    }

    private TimerTicks ticks(InputSource.Timer timer) {
        TimerTicks ticks = new TimerTicks(Times.nanos(timer.interval()));
        measures.measure(ticks);
        return ticks;
    }

    private OutputPort outputPort(String id, String name, NodeAgent agent, OptionalLong budgetBytes) {
        WakeSignal signal = agent.signal();
        Runnable wake = signal == null ? () -> {} : signal::signal;
        OutputPort port = new OutputPort.Padded(
                id,
                name,
                agent.sending(),
                new OutputPort.Payloads(budgetBytes, wake, () -> watcher.onFirstGivenUp(name), options.debug()));
        measures.measure(port);
        limits.limit(port);
        return port;
    }
}
