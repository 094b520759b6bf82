package io.millrace.local.agent;

import io.millrace.local.isolated.Surroundings;
import io.millrace.local.process.OutputListener;
import io.millrace.local.state.Checkpoint;
import io.millrace.local.waiting.Times;
import io.millrace.node.Clock;
import io.millrace.node.Config;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** A node's view of its surroundings. Thread rules as in {@link NodeContext}. */
public final class AgentContext implements NodeContext, Surroundings {

    /** What does not change in an incarnation. */
    public record Facts(
            String dataflow,
            String nodeId,
            String operatorId,
            Supplier<Path> directory,
            Config config,
            Map<String, String> env,
            long epoch) {}

    private final Facts facts;
    private final NodeAgent agent;
    private final NodePorts ports;
    private final @Nullable OwnLoop ownLoop;
    private final Checkpoint checkpoint;
    private final Logger logger;
    private @Nullable OutputListener prints;

    /** Without anything that an incarnation before could have left, or the next one find. */
    AgentContext(Facts facts, NodeAgent agent, NodePorts ports, @Nullable OwnLoop ownLoop, Logger logger) {
        this(facts, agent, ports, ownLoop, logger, Checkpoint.unshared(facts.nodeId()));
    }

    /** @param ownLoop null for an operator */
    public AgentContext(
            Facts facts,
            NodeAgent agent,
            NodePorts ports,
            @Nullable OwnLoop ownLoop,
            Logger logger,
            Checkpoint checkpoint) {
        this.facts = facts;
        this.agent = agent;
        this.ports = ports;
        this.ownLoop = ownLoop;
        this.logger = logger;
        this.checkpoint = checkpoint;
    }

    @Override
    public String dataflow() {
        return facts.dataflow();
    }

    @Override
    public String nodeId() {
        return facts.nodeId();
    }

    @Override
    public String operatorId() {
        return facts.operatorId();
    }

    @Override
    public int incarnation() {
        return agent.incarnation();
    }

    @Override
    public long epoch() {
        return facts.epoch();
    }

    @Override
    public Path workingDirectory() {
        return facts.directory().get();
    }

    @Override
    public Config config() {
        return facts.config();
    }

    @Override
    public Map<String, String> env() {
        return facts.env();
    }

    @Override
    public List<Input> inputs() {
        return List.copyOf(ports.inputs());
    }

    @Override
    public Input input(String id) {
        return ports.input(part(), id);
    }

    @Override
    public List<Output> outputs() {
        return List.copyOf(ports.outputs());
    }

    @Override
    public Output output(String id) {
        return ports.output(part(), id);
    }

    @Override
    public Clock clock() {
        return agent.clock();
    }

    @Override
    public Logger logger() {
        return logger;
    }

    @Override
    public void checkpoint(ByteBuffer state) {
        checkpoint.store(state);
        if (ownLoop != null) {
            agent.pulse().beat();
        }
    }

    @Override
    public Optional<ByteBuffer> restored() {
        return checkpoint.restored();
    }

    @Override
    public boolean isStopping() {
        if (ownLoop != null) {
            ownLoop.onLook();
        }
        return agent.orders().isStopRequested();
    }

    @Override
    public @Nullable Event poll() {
        OwnLoop loop = ownLoop();
        agent.waits().pause();
        return loop.poll();
    }

    @Override
    public @Nullable Event next() {
        OwnLoop loop = ownLoop();
        agent.waits().pause();
        return loop.next(Long.MAX_VALUE);
    }

    @Override
    public @Nullable Event next(Duration timeout) {
        OwnLoop loop = ownLoop();
        agent.waits().pause();
        return loop.next(Math.max(0, Times.nanos(timeout)));
    }

    @Override
    public boolean hasEnded() {
        return ownLoop().hasEnded();
    }

    @Override
    public boolean sleep(Duration duration) {
        ownLoop().checkStarted("the context does not sleep");
        agent.waits().pause();
        return agent.waits().sleep(Math.max(0, Times.nanos(duration)));
    }

    /** Before the start, for a node in a process of its own. */
    public void setPrints(OutputListener listener) {
        prints = listener;
    }

    @Override
    public OutputListener prints() {
        return prints != null ? prints : (stream, line) -> logger.info(line);
    }

    @Override
    public void failBy(Runnable check) {
        agent.orders().post(check::run);
    }

    private OwnLoop ownLoop() {
        if (ownLoop == null) {
            throw new IllegalStateException(
                    "'" + part() + "' is an operator: it is called back with its events and does not poll them");
        }
        return ownLoop;
    }

    private String part() {
        return facts.operatorId().isEmpty() ? facts.nodeId() : facts.nodeId() + "/" + facts.operatorId();
    }
}
