package io.millrace.local.run;

import io.millrace.graph.GraphSettings;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over one running dataflow: starts its nodes, keeps the barrier, ends it in order. All state belongs to its own thread; others post to its inbox.
 *
 * <pre>
 *   STARTING --all open--> RUNNING --stop--> STOPPING
 *      |                      |                 |        all nodes ended
 *      +-- open failed -------+-----------------+------> FINISHED | FAILED | STOPPED
 * </pre>
 */
final class Coordinator implements Runnable, NodeAgent.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    /** From the interrupt until a node is left behind. */
    private static final long ABANDON_AFTER_NS = TimeUnit.SECONDS.toNanos(1);

    private final Wiring wiring;
    private final StartOptions options;
    private final CompletableFuture<LocalDataflow> started = new CompletableFuture<>();
    private final CompletableFuture<DataflowResult> completion = new CompletableFuture<>();
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();

    // The coordinator's thread.
    private final Map<NodeAgent, NodeThread> nodes = new LinkedHashMap<>();
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>(Comparator.comparingLong(Deadline::atNs));
    private final List<Consumer<DataflowEvent>> listeners = new ArrayList<>();
    private final List<DataflowResult.Failure> failures = new ArrayList<>();
    private boolean isStopRequested;
    private long stopEndsNs;
    private @Nullable DataflowStartException startFailure;
    private boolean isOver;

    // Read by any thread.
    private volatile DataflowState state = DataflowState.STARTING;

    /** A node's thread and what is known of it. */
    private static final class NodeThread {
        private final Thread thread;
        private volatile NodeState state = NodeState.WAITING;

        NodeThread(Thread thread) {
            this.thread = thread;
        }
    }

    /** Something to be done at a time. */
    private record Deadline(long atNs, Runnable action) {}

    Coordinator(Plan plan, StartOptions options) {
        this.options = options;
        this.wiring = Wiring.of(plan, options, this, this::onFirstDrop);
        for (NodeAgent agent : wiring.agents()) {
            nodes.put(agent, new NodeThread(newThread(agent)));
        }
    }

    private Thread newThread(NodeAgent agent) {
        Thread thread =
                options.threadFactory().map(factory -> factory.newThread(agent)).orElseGet(() -> new Thread(agent));
        thread.setName("millrace-" + wiring.name() + "-" + agent.nodeId());
        if (options.threadFactory().isEmpty()) {
            thread.setDaemon(true);
        }
        thread.setContextClassLoader(wiring.classLoader(agent));
        return thread;
    }

    /** Begins the start; completes when every node is open. Any thread, once. */
    CompletableFuture<LocalDataflow> start() {
        Thread thread = new Thread(this, "millrace-" + wiring.name());
        thread.setDaemon(!options.keepAlive());
        thread.start();
        return started;
    }

    // Any thread.

    DataflowState state() {
        return state;
    }

    NodeState nodeState(NodeAgent agent) {
        NodeThread node = nodes.get(agent);
        return node == null ? NodeState.WAITING : node.state;
    }

    CompletableFuture<DataflowResult> completion() {
        return completion;
    }

    void stop(Duration grace) {
        long graceNs = Math.max(0, Times.nanos(grace));
        inbox.add(() -> beginStop(graceNs));
    }

    void listen(Consumer<DataflowEvent> listener) {
        inbox.add(() -> listeners.add(listener));
    }

    private void onFirstDrop(String edge) {
        inbox.add(() -> {
            LOG.warn(
                    "dataflow '{}': edge '{}' drops messages, for its consumer is slower than its producer; raise the input's queue_size,"
                            + " or write queue_policy: backpressure to have the producer wait",
                    wiring.name(),
                    edge);
            tell(new DataflowEvent.FirstDrop(edge));
        });
    }

    @Override
    public void onOpening(NodeAgent agent) {
        inbox.add(() -> move(agent, NodeState.OPENING));
    }

    @Override
    public void onOpened(NodeAgent agent) {
        inbox.add(() -> {
            move(agent, NodeState.READY);
            openGateWhenReady();
        });
    }

    @Override
    public void onRunning(NodeAgent agent) {
        inbox.add(() -> move(agent, NodeState.RUNNING));
    }

    @Override
    public void onEnded(NodeAgent agent, @Nullable Throwable failure, String failedPart) {
        inbox.add(() -> nodeEnded(agent, failure, failedPart));
    }

    // The coordinator's thread.

    @Override
    public void run() {
        logPlan();
        after(Times.nanos(options.startTimeout()), this::onStartTimeout);
        nodes.values().forEach(node -> node.thread.start());
        openGateWhenReady();
        endWhenAllEnded();
        while (!isOver) {
            takeOne();
        }
        finish();
    }

    private void takeOne() {
        Deadline next = deadlines.peek();
        long waitNs = next == null ? Long.MAX_VALUE : next.atNs - System.nanoTime();
        if (next != null && waitNs <= 0) {
            deadlines.remove();
            next.action.run();
            return;
        }
        try {
            Runnable message = inbox.poll(waitNs, TimeUnit.NANOSECONDS);
            if (message != null) {
                message.run();
            }
        } catch (InterruptedException e) {
            // Nobody but the application can have done this, and it means: end.
            beginStop(0);
        }
    }

    private void after(long delayNs, Runnable action) {
        long bounded = Math.min(delayNs, Long.MAX_VALUE / 4);
        deadlines.add(new Deadline(System.nanoTime() + bounded, action));
    }

    private void logPlan() {
        LOG.info("dataflow '{}': {}", wiring.name(), wiring.summary());
    }

    private void openGateWhenReady() {
        boolean allReady = nodes.values().stream().allMatch(node -> node.state == NodeState.READY);
        if (state == DataflowState.STARTING && allReady && startFailure == null) {
            wiring.gate().open();
            become(DataflowState.RUNNING);
            started.complete(new LocalDataflow(wiring, options, this));
        }
    }

    private void onStartTimeout() {
        if (state != DataflowState.STARTING || startFailure != null) {
            return;
        }
        String late = nodes.entrySet().stream()
                .filter(node -> node.getValue().state != NodeState.READY)
                .map(node -> "'" + node.getKey().nodeId() + "'")
                .collect(Collectors.joining(", "));
        failStart(
                "dataflow '" + wiring.name() + "' did not start within " + options.startTimeout()
                        + ": still in open: node " + late,
                null);
    }

    private void failStart(String message, @Nullable Throwable cause) {
        startFailure = new DataflowStartException(message, cause);
        wiring.gate().abort();
        // Who is open already ends by the gate, and closes undisturbed.
        interrupt(node -> node.state != NodeState.READY);
        after(ABANDON_AFTER_NS, this::abandonRunning);
    }

    private void nodeEnded(NodeAgent agent, @Nullable Throwable failure, String failedPart) {
        if (nodeState(agent).isFinal()) {
            return;
        }
        if (failure != null && state == DataflowState.STARTING) {
            move(agent, NodeState.FAILED);
            if (startFailure == null) {
                failStart(
                        "dataflow '" + wiring.name() + "' did not start: node '" + failedPart + "' failed in open: "
                                + NodeAgent.describe(failure),
                        failure);
            } else {
                startFailure.addSuppressed(failure);
            }
        } else if (failure != null) {
            move(agent, NodeState.FAILED);
            onFailure(failedPart, failure);
        } else {
            move(agent, isStopRequested ? NodeState.STOPPED : NodeState.FINISHED);
        }
        endWhenAllEnded();
    }

    private void onFailure(String part, Throwable failure) {
        LOG.error("dataflow '{}': node '{}' failed", wiring.name(), part, failure);
        failures.add(new DataflowResult.Failure(part, failure));
        tell(new DataflowEvent.NodeFailed(part, failure));
        if (wiring.settings().onFailure() == GraphSettings.OnFailure.STOP) {
            beginStop(Times.nanos(options.closeGrace()));
        }
    }

    // Stopping.

    private void beginStop(long graceNs) {
        if (state != DataflowState.RUNNING && state != DataflowState.STOPPING) {
            return;
        }
        long endsNs = System.nanoTime() + Math.min(graceNs, Long.MAX_VALUE / 4);
        if (isStopRequested && endsNs - stopEndsNs >= 0) {
            return;
        }
        stopEndsNs = endsNs;
        if (!isStopRequested) {
            isStopRequested = true;
            become(DataflowState.STOPPING);
            wiring.publishers().values().forEach(AppPublisher::close);
            running().forEach(NodeAgent::postBeginStop);
        }
        after(graceNs / 2, () -> running().forEach(NodeAgent::postStop));
        after(graceNs, this::interruptRunning);
        after(graceNs + ABANDON_AFTER_NS, this::abandonRunning);
    }

    private List<NodeAgent> running() {
        return nodes.entrySet().stream()
                .filter(node -> !node.getValue().state.isFinal())
                .map(Map.Entry::getKey)
                .toList();
    }

    private void interruptRunning() {
        interrupt(node -> true);
    }

    private void interrupt(Predicate<NodeThread> which) {
        nodes.forEach((agent, node) -> {
            if (!node.state.isFinal() && which.test(node)) {
                agent.requestInterrupt();
                node.thread.interrupt();
            }
        });
    }

    private void abandonRunning() {
        for (NodeAgent agent : running()) {
            Thread thread = node(agent).thread;
            IllegalStateException stuck = new IllegalStateException(
                    "node '" + agent.nodeId() + "' did not end when it was interrupted, and its thread '"
                            + thread.getName() + "' was left behind");
            stuck.setStackTrace(thread.getStackTrace());
            move(agent, NodeState.ABANDONED);
            LOG.error("dataflow '{}': {}; it stands at", wiring.name(), stuck.getMessage(), stuck);
            failures.add(new DataflowResult.Failure(agent.nodeId(), stuck));
        }
        endWhenAllEnded();
    }

    private void endWhenAllEnded() {
        isOver = running().isEmpty();
    }

    private void finish() {
        wiring.close();
        if (state == DataflowState.STARTING) {
            started.completeExceptionally(
                    startFailure != null ? startFailure : new AssertionError("no node, and no reason"));
            return;
        }
        become(
                !failures.isEmpty()
                        ? DataflowState.FAILED
                        : isStopRequested ? DataflowState.STOPPED : DataflowState.FINISHED);
        completion.complete(new DataflowResult(state, failures, Statuses.of(wiring, state, this::nodeState)));
    }

    private void become(DataflowState next) {
        state = next;
        tell(new DataflowEvent.StateChanged(next));
    }

    private void move(NodeAgent agent, NodeState next) {
        NodeThread node = node(agent);
        if (node.state.isFinal()) {
            return;
        }
        node.state = next;
        tell(new DataflowEvent.NodeStateChanged(agent.nodeId(), next));
    }

    private NodeThread node(NodeAgent agent) {
        return Objects.requireNonNull(nodes.get(agent), "not a node of this dataflow");
    }

    private void tell(DataflowEvent event) {
        for (Consumer<DataflowEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (Throwable e) { // the application's code must not end the dataflow's thread
                LOG.error("dataflow '{}': a listener failed on {}", wiring.name(), event, e);
            }
        }
    }
}
