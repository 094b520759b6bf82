package io.millrace.local.run;

import io.millrace.graph.GraphSettings;
import io.millrace.local.jfr.FlightEvents;
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

    /** Some 73 years: sums with it stay positive. */
    private static final long LONGEST_NS = Long.MAX_VALUE / 4;

    private final String name;
    private final Wiring wiring;
    private final StartOptions options;
    private final Crew crew;
    /** Who steps this as well; null where it has a thread. */
    private final @Nullable Stepper stepper;

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
    private int unfinished;

    // Read by any thread.
    private volatile @Nullable Thread thread;
    private volatile DataflowState state = DataflowState.STARTING;

    /** What drives a node, and what is known of it. */
    private static final class NodeThread {
        private final Carrier carrier;
        private volatile NodeState state = NodeState.WAITING;

        NodeThread(Carrier carrier) {
            this.carrier = carrier;
        }
    }

    /** Something to be done at a time. */
    private record Deadline(long atNs, Runnable action) {}

    Coordinator(Plan plan, StartOptions options) {
        this.name = plan.graph().name();
        this.options = options;
        this.stepper = null;
        this.crew = new ThreadCrew(ThreadPlan.of(plan, options), this::newThread);
        this.wiring = Wiring.of(plan, options, crew, this, this::onFirstDrop, this::onFirstGivenUp);
        addNodes();
    }

    /** One that is stepped, as its nodes are: see {@link #startStepped}. */
    Coordinator(Plan plan, StartOptions options, Stepper stepper) {
        this.name = plan.graph().name();
        this.options = options;
        this.stepper = stepper;
        this.crew = stepper;
        this.wiring = Wiring.of(plan, options, crew, this, this::onFirstDrop, this::onFirstGivenUp);
        addNodes();
    }

    private void addNodes() {
        for (NodeAgent agent : wiring.agents()) {
            nodes.put(agent, new NodeThread(crew.carrierFor(agent, wiring)));
        }
        unfinished = nodes.size();
    }

    private Thread newThread(Runnable action, String suffix) {
        Thread made = options.threadFactory()
                .map(factory -> Objects.requireNonNull(factory.newThread(action), "the thread factory made no thread"))
                .orElseGet(() -> daemon(action, ""));
        made.setName(threadName(suffix));
        return made;
    }

    private Thread daemon(Runnable action, String suffix) {
        Thread made = new Thread(action, threadName(suffix));
        made.setDaemon(true);
        return made;
    }

    private String threadName(String suffix) {
        return "millrace-" + name + suffix;
    }

    /** Begins the start; completes when every node is open, on a thread that nothing else waits for. Any thread, once. */
    CompletableFuture<LocalDataflow> start() {
        Thread own = daemon(this, "");
        own.setDaemon(!options.keepAlive());
        thread = own;
        own.start();
        return started;
    }

    // Any thread.

    /** Whether the caller is called by the coordinator, which then does nothing else. */
    boolean isCallingThread() {
        return Thread.currentThread() == thread;
    }

    DataflowState state() {
        return state;
    }

    NodeState nodeState(NodeAgent agent) {
        return node(agent).state;
    }

    CompletableFuture<DataflowResult> completion() {
        return completion;
    }

    void stop(Duration grace) {
        long graceNs = Math.min(Math.max(0, Times.nanos(grace)), LONGEST_NS);
        if (stepper != null) {
            nodes.keySet().forEach(NodeAgent::announceStop); // whoever has its turn keeps this from having one
        }
        post(() -> beginStop(graceNs));
    }

    void listen(Consumer<DataflowEvent> listener) {
        post(() -> listeners.add(listener));
    }

    private void post(Runnable action) {
        inbox.add(action);
        if (stepper != null) {
            stepper.signal().signal();
        }
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

    private void onFirstGivenUp(String output) {
        inbox.add(() -> LOG.warn(
                "dataflow '{}': the payload_budget of output '{}' is used up, so what waits in its lossy edges is given up, oldest first; raise payload_budget,"
                        + " lower the queue_size of its consumers, or have them release what they retain",
                wiring.name(),
                output));
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
        watchForSlowHandling();
        nodes.keySet().forEach(this::startThread);
        while (unfinished > 0) {
            takeOne();
        }
        finish();
    }

    // In steps, on the thread that steps the nodes.

    /** As {@link #start()} and the begin of {@link #run()}. */
    CompletableFuture<LocalDataflow> startStepped() {
        thread = Thread.currentThread();
        logPlan();
        nodes.keySet().forEach(this::startThread);
        return started;
    }

    /** Does one thing that is to be done now; false if there is nothing. */
    boolean step() {
        if (unfinished == 0) {
            return false;
        }
        Runnable next = inbox.poll();
        if (next == null && untilDueNs() <= 0) {
            next = deadlines.remove().action;
        }
        if (next == null) {
            return false;
        }
        try {
            next.run();
        } catch (Throwable t) { // as in takeOne
            LOG.error("dataflow '{}': a step of its coordinator failed", name, t);
        }
        if (unfinished == 0) {
            finish();
        }
        return true;
    }

    /** Nanoseconds until something is to be done without anybody's asking; {@link Long#MAX_VALUE} for never. */
    long untilDueNs() {
        Deadline next = deadlines.peek();
        return next == null ? Long.MAX_VALUE : next.atNs - nanoTime();
    }

    /** Whether {@link #step} has something to do. */
    boolean canStep() {
        return unfinished > 0 && (!inbox.isEmpty() || untilDueNs() <= 0);
    }

    /** A node keeps all others from their turn: it has failed, and nothing can go on as it would have. */
    void fail(String node, Throwable failure) {
        if (state == DataflowState.STARTING) {
            failStart(": " + failure.getMessage(), failure);
        } else {
            onFailure(node, failure);
            beginStop(0);
        }
    }

    Wiring wiring() {
        return wiring;
    }

    /** The thread changes that steps it. */
    void stepOn(Thread stepping) {
        thread = stepping;
    }

    private long nanoTime() {
        return stepper == null ? System.nanoTime() : stepper.nanoTime();
    }

    private void watchForSlowHandling() {
        if (options.metrics() && stepper == null) { // else time stands still while a node is in its code
            long thresholdNs = Math.min(Times.nanos(options.slowHandling()), LONGEST_NS);
            lookForSlowHandling(new SlowWatch(
                    wiring.agents(),
                    options.clock(),
                    thresholdNs,
                    (agent, lastedNs) -> FlightEvents.slowHandling(
                            wiring.name(), agent.nodeId(), node(agent).carrier.thread(agent), lastedNs)));
        }
    }

    private void lookForSlowHandling(SlowWatch watch) {
        watch.look();
        after(watch.intervalNs(), () -> lookForSlowHandling(watch));
    }

    private void startThread(NodeAgent agent) {
        if (startFailure != null) {
            move(agent, NodeState.STOPPED);
            return;
        }
        try {
            node(agent).carrier.start(agent);
        } catch (Throwable t) { // no memory for one, or a factory that has started it already, or makes its own kind
            move(agent, NodeState.FAILED);
            failStart(": the thread of node '" + agent.nodeId() + "' cannot be started: " + NodeAgent.describe(t), t);
        }
    }

    private void takeOne() {
        try {
            Runnable next = next();
            if (next != null) {
                next.run();
            }
        } catch (InterruptedException e) {
            onInterrupt();
        } catch (Throwable t) { // nothing may keep a dataflow from ending
            LOG.error("dataflow '{}': a step of its coordinator failed", wiring.name(), t);
        }
    }

    /** Nobody but the application can have done this, and it means: end. */
    private void onInterrupt() {
        if (state != DataflowState.STARTING) {
            beginStop(0);
        } else if (startFailure == null) {
            failStart(": it was interrupted", null);
        }
    }

    private @Nullable Runnable next() throws InterruptedException {
        Deadline next = deadlines.peek();
        if (next == null) {
            return inbox.take();
        }
        long waitNs = next.atNs - nanoTime();
        return waitNs <= 0 ? deadlines.remove().action : inbox.poll(waitNs, TimeUnit.NANOSECONDS);
    }

    private void after(long delayNs, Runnable action) {
        deadlines.add(new Deadline(nanoTime() + Math.min(delayNs, LONGEST_NS), action));
    }

    private void logPlan() {
        LOG.info("dataflow '{}': {}", wiring.name(), wiring.summary());
        crew.remark().ifPresent(remark -> LOG.warn("dataflow '{}': {}", wiring.name(), remark));
    }

    private void openGateWhenReady() {
        boolean allReady = nodes.values().stream().allMatch(node -> node.state == NodeState.READY);
        if (state == DataflowState.STARTING && allReady && startFailure == null) {
            LocalDataflow handle = new LocalDataflow(wiring, options, this);
            if (hasActedWhenOpen(handle)) {
                wiring.gate().open();
                nodes.keySet().forEach(NodeAgent::wake);
                become(DataflowState.RUNNING);
                tellStarted(handle);
            }
        }
    }

    private boolean hasActedWhenOpen(LocalDataflow handle) {
        try {
            options.whenOpen().ifPresent(action -> action.accept(handle));
            return true;
        } catch (Throwable t) { // the application's code, and its failure is that of the start
            failStart(": what was to be done before messages flow has failed: " + NodeAgent.describe(t), t);
            return false;
        }
    }

    /** What an application has attached to the start may wait for the end, which would never come if it stood in this thread's way. */
    private void tellStarted(LocalDataflow handle) {
        if (stepper != null) {
            started.complete(handle);
            return;
        }
        try {
            daemon(() -> started.complete(handle), "-started").start();
        } catch (OutOfMemoryError e) { // no room for a thread, but every node has its own
            started.complete(handle);
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
        failStart(" within " + options.startTimeout() + ": still in open: node " + late, null);
    }

    /** @param how the end of a sentence */
    private void failStart(String how, @Nullable Throwable cause) {
        startFailure = new DataflowStartException("dataflow '" + wiring.name() + "' did not start" + how, cause);
        // Before the gate opens: who waits there only has to be closed, and that is not to be interrupted.
        interruptRunning();
        wiring.gate().abort();
        crew.relieve();
        nodes.keySet().forEach(NodeAgent::wake);
        after(ABANDON_AFTER_NS / 2, crew::relieve);
        after(ABANDON_AFTER_NS, this::abandonRunning);
    }

    private void nodeEnded(NodeAgent agent, @Nullable Throwable failure, String failedPart) {
        if (nodeState(agent).isFinal()) {
            return;
        }
        if (failure == null) {
            move(agent, isStopRequested ? NodeState.STOPPED : NodeState.FINISHED);
            return;
        }
        move(agent, NodeState.FAILED);
        if (state != DataflowState.STARTING) {
            onFailure(failedPart, failure);
        } else if (startFailure == null) {
            failStart(": node '" + failedPart + "' failed in open: " + NodeAgent.describe(failure), failure);
        } else {
            startFailure.addSuppressed(failure);
        }
    }

    private void onFailure(String part, Throwable failure) {
        failures.add(new DataflowResult.Failure(part, failure));
        tell(new DataflowEvent.NodeFailed(part, failure));
        if (wiring.settings().onFailure() == GraphSettings.OnFailure.STOP) {
            beginStop(Math.min(Times.nanos(options.closeGrace()), LONGEST_NS));
        }
        LOG.error("dataflow '{}': node '{}' failed", wiring.name(), part, failure);
    }

    // Stopping.

    private void beginStop(long graceNs) {
        if (state == DataflowState.STARTING) {
            return;
        }
        long endsNs = nanoTime() + graceNs;
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
        crew.relieve();
        after(graceNs / 2, () -> {
            crew.relieve();
            running().forEach(NodeAgent::postStop);
        });
        after(graceNs, this::interruptRunning);
        after(graceNs + ABANDON_AFTER_NS / 2, crew::relieve);
        after(graceNs + ABANDON_AFTER_NS, this::abandonRunning);
    }

    private List<NodeAgent> running() {
        return nodes.entrySet().stream()
                .filter(node -> !node.getValue().state.isFinal())
                .map(Map.Entry::getKey)
                .toList();
    }

    private void interruptRunning() {
        nodes.forEach((agent, node) -> {
            if (!node.state.isFinal()) {
                agent.requestInterrupt();
                node.carrier.interrupt(agent);
            }
        });
    }

    private void abandonRunning() {
        for (NodeAgent agent : running()) {
            Thread left = node(agent).carrier.thread(agent);
            IllegalStateException stuck = new IllegalStateException("node '" + agent.nodeId()
                    + "' did not end when it was interrupted, and its thread '" + left.getName() + "' was left behind");
            stuck.setStackTrace(left.getStackTrace());
            move(agent, NodeState.ABANDONED);
            if (startFailure != null) {
                startFailure.addSuppressed(stuck);
            } else {
                failures.add(new DataflowResult.Failure(agent.nodeId(), stuck));
            }
            LOG.error("dataflow '{}': {}; it stands at", wiring.name(), stuck.getMessage(), stuck);
        }
    }

    private void finish() {
        closeWiring();
        if (startFailure != null) {
            started.completeExceptionally(startFailure);
            return;
        }
        become(
                !failures.isEmpty()
                        ? DataflowState.FAILED
                        : isStopRequested ? DataflowState.STOPPED : DataflowState.FINISHED);
        completion.complete(new DataflowResult(state, failures, Statuses.of(wiring, state, this::nodeState)));
    }

    private void closeWiring() {
        try {
            wiring.close();
        } catch (RuntimeException e) {
            LOG.error("dataflow '{}': something of it could not be given back", wiring.name(), e);
        }
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
        if (next.isFinal()) {
            unfinished--;
        }
        tell(new DataflowEvent.NodeStateChanged(agent.nodeId(), next));
    }

    private NodeThread node(NodeAgent agent) {
        return Objects.requireNonNull(nodes.get(agent), "not a node of this dataflow");
    }

    private void tell(DataflowEvent event) {
        FlightEvents.emit(wiring.name(), event);
        wiring.logs().onEvent(event);
        for (Consumer<DataflowEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (Throwable t) { // a listener is the application's, and its failure nobody else's
                LOG.error("dataflow '{}': a listener failed on {}", wiring.name(), event, t);
            }
        }
    }
}
