package io.millrace.local.program;

import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.InputSource;
import io.millrace.graph.ProgramEdges;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Source.PythonSource;
import io.millrace.local.agent.InputPort;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.NodePorts;
import io.millrace.local.agent.OwnLoop;
import io.millrace.local.code.ProgramException;
import io.millrace.local.dora.NodeConfig;
import io.millrace.local.dora.NodeConfig.ConfiguredInput;
import io.millrace.local.logs.ProgramLog;
import io.millrace.local.plan.PlannedCode.PlannedProcess;
import io.millrace.local.plan.PlannedNode;
import io.millrace.local.plan.Program;
import io.millrace.local.process.Child;
import io.millrace.local.process.ChildCommand;
import io.millrace.local.process.ChildException;
import io.millrace.local.process.ChildExit;
import io.millrace.local.waiting.SelectorWaiting;
import io.millrace.local.waiting.Times;
import io.millrace.node.NodeContext;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a program: what it is told when it starts, and what comes of it. Used by the node's thread, but for what it prints and how it ends. */
public final class ProgramRun {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramRun.class);

    private final PlannedProcess process;
    private final NodeAgent agent;
    private final NodePorts ports;
    private final WireNames names;
    private final ProgramHost host;
    private final ProgramLog log;
    private final UUID dataflowId;
    private final long healthCheckTimeoutNs;
    private @Nullable OwnLoop loop;
    private volatile @Nullable ChildExit exit;

    public ProgramRun(PlannedNode node, NodeAgent agent, NodePorts ports, ProgramHost host, ProgramLog log) {
        this.process = (PlannedProcess) node.code().get(0);
        this.agent = agent;
        this.ports = ports;
        this.names = new WireNames(process.operator().id(), ports);
        this.host = host;
        this.dataflowId = isStartedByHand() ? UUID.randomUUID() : host.dataflow();
        this.healthCheckTimeoutNs =
                node.node().supervision().healthCheckTimeout().map(Times::nanos).orElse(Long.MAX_VALUE);
        this.log = log;
    }

    /** Before the thread starts. */
    public void drivenBy(OwnLoop ownLoop) {
        loop = ownLoop;
    }

    NodeAgent agent() {
        return agent;
    }

    OwnLoop loop() {
        return Objects.requireNonNull(loop);
    }

    ProgramHost host() {
        return host;
    }

    /** What its program has to say to be let in. Anybody here may ask for that of a node that is started by hand: so it opens nothing but this node. */
    UUID dataflowId() {
        return dataflowId;
    }

    WireNames names() {
        return names;
    }

    SelectorWaiting waiting() {
        return (SelectorWaiting) agent.waiting();
    }

    ProgramOutputs outputs() {
        return new ProgramOutputs(agent, names);
    }

    /** By its policy, or because somebody has asked for that. */
    boolean mayRunAgain() {
        return agent.isSupervised();
    }

    boolean isStartedByHand() {
        return process.program().isStartedByHand();
    }

    /** {@link Long#MAX_VALUE} for never. */
    long healthCheckTimeoutNs() {
        return healthCheckTimeoutNs;
    }

    boolean hasDataInputs() {
        return ports.inputs().stream().anyMatch(InputPort::isDataInput);
    }

    /** Whether no message is sent to it any more, nor any tick, so that it has been given or can ask for all that there is. */
    boolean hasNothingToExpect() {
        boolean hasEnded = false;
        for (InputPort input : ports.inputs()) {
            if (input.isDataInput() ? !input.isSourceClosed() : !agent.endsDespiteTimers()) {
                return false;
            }
            hasEnded |= input.isDataInput();
        }
        return hasEnded;
    }

    /** Nothing more is taken: who feeds this node is not to wait for it. */
    void endInputs() {
        ports.inputs().forEach(InputPort::end);
    }

    /** Makes sure that there is the directory that it is started in. Blocks on the file system. */
    void makeDirectory(NodeContext context) {
        LOG.debug("node '{}' is started in '{}'", agent.nodeId(), context.workingDirectory());
    }

    /**
     * Starts it. Blocks for some milliseconds.
     *
     * @param whenEnded called once, on another thread, after which {@link #exit} says how
     * @throws ProgramException if it cannot be started
     */
    Child start(InetSocketAddress address, Runnable whenEnded) {
        Map<String, String> wiring = new HashMap<>(host.environment());
        NodeConfig configuration = configuration(address);
        if (process.program().kind() == Program.Kind.OPERATOR) {
            wiring.put(NodeConfig.RUNTIME_VARIABLE, configuration.runtimeText(pythonOperator()));
        } else {
            wiring.put(NodeConfig.VARIABLE, configuration.environmentText());
        }
        ChildCommand command = process.program().command().orElseThrow().with(wiring);
        try {
            Child child = Child.start(agent.nodeId(), command, log);
            CompletableFuture<Void> unused = child.onExit().thenAccept(how -> {
                exit = how;
                whenEnded.run();
            });
            return child;
        } catch (ChildException e) {
            throw new ProgramException("node '" + agent.nodeId() + "': " + e.getMessage());
        }
    }

    /** @param unattended messages that came while no program was there */
    void logLosses(long unattended) {
        if (unattended > 0) {
            LOG.warn(
                    "node '{}': {} messages were dropped while no program was there to take them",
                    agent.nodeId(),
                    unattended);
        }
        if (log.lost() > 0) {
            LOG.warn(
                    "node '{}': {} printed lines were not sent, for a consumer under backpressure had no room",
                    agent.nodeId(),
                    log.lost());
        }
    }

    /** How it has ended; null while it runs. Any thread. */
    @Nullable ChildExit exit() {
        return exit;
    }

    ProgramEnd end() {
        return new ProgramEnd(agent.nodeId(), exit, log.lastWords());
    }

    // What it is told.

    NodeConfig configuration(InetSocketAddress address) {
        GraphOperator operator = process.operator();
        String prefix = WireNames.prefix(operator.id());
        boolean isOperator = process.program().kind() == Program.Kind.OPERATOR;
        return new NodeConfig(
                dataflowId,
                agent.nodeId(),
                operator.inputs().stream()
                        .map(input -> configured(prefix, input))
                        .toList(),
                names.outputs(),
                address,
                isOperator ? descriptor(operator) : null,
                isStartedByHand(),
                agent.incarnation());
    }

    private ConfiguredInput configured(String prefix, GraphInput input) {
        boolean isLossless = input.policy() == QueuePolicy.BACKPRESSURE;
        // Silence is found out and told by us: a node that looked for it as well would find it twice.
        return new ConfiguredInput(
                prefix + input.id(),
                source(input.source()),
                isLossless ? Integer.valueOf(ProgramEdges.BACKPRESSURE_QUEUE_SIZE) : Integer.valueOf(input.queueSize()),
                null,
                input.policy());
    }

    /** In dora's words, which its library reads. */
    private static String source(InputSource source) {
        return source instanceof InputSource.Timer timer
                ? "dora/timer/nanos/" + timer.interval().toNanos()
                : source.toString();
    }

    private NodeConfig.PythonOperator pythonOperator() {
        GraphOperator operator = process.operator();
        PythonSource source = (PythonSource) operator.source();
        return new NodeConfig.PythonOperator(
                operator.id(),
                operator.inputs().stream().map(input -> configured("", input)).toList(),
                operator.outputs().stream().map(output -> output.id()).toList(),
                script(),
                source.condaEnv().orElse(null));
    }

    /** Where it was found, which need not be below the directory that it runs in. */
    private String script() {
        return process.program().script().orElseThrow().toString();
    }

    /** dora's runtime wants to see a dataflow, and looks at nothing in it. */
    private Map<String, Object> descriptor(GraphOperator operator) {
        Map<String, Object> own = Map.of("id", operator.id(), "python", script());
        return Map.of("nodes", List.of(Map.of("id", agent.nodeId(), "operators", List.of(own))));
    }
}
