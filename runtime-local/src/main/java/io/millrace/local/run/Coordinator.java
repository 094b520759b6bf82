package io.millrace.local.run;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.NodeFault;
import io.millrace.local.crew.Crew;
import io.millrace.local.crew.DataflowThreads;
import io.millrace.local.crew.ThreadCrew;
import io.millrace.local.crew.ThreadPlan;
import io.millrace.local.logs.LogSink;
import io.millrace.local.plan.Plan;
import io.millrace.local.wiring.Statuses;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches over one running dataflow, on a thread of its own, to which everything else belongs that decides: others post to its {@link Agenda}.
 *
 * <pre>
 *   any thread, nodes --post--> Agenda --> Startup         has nodes open, and messages flow
 *                                          NodeSupervisor  a node ended, or does not come back  &lt;-- HealthWatch looks
 *                                          NodeRequests    one node is to end, or to run again
 *                                          Shutdown        all nodes are to end
 *                                             all of them move NodeLives and the DataflowLife, of which Listeners are told
 * </pre>
 */
public final class Coordinator implements Runnable, Wiring.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);

    private final DataflowThreads threads;
    private final Agenda agenda;
    private final Wiring wiring;
    private final Listeners listeners;
    private final DataflowLife life;
    private final NodeLives nodes;
    private final Shutdown shutdown;
    private final Startup startup;
    private final NodeSupervisor supervisor;
    private final NodeRequests requests;
    private final HealthWatch health;

    private final CompletableFuture<DataflowResult> completion = new CompletableFuture<>();
    private final CompletableFuture<List<Throwable>> over = new CompletableFuture<>();
    private volatile @Nullable Thread thread;

    /** One that has a thread of its own, and nodes that have theirs. */
    Coordinator(Plan plan, StartOptions options) {
        this(plan, options, new DataflowThreads(plan.graph().name(), options));
    }

    private Coordinator(Plan plan, StartOptions options, DataflowThreads threads) {
        this(plan, options, threads, new ThreadCrew(ThreadPlan.of(plan, options), threads), new Agenda());
    }

    /**
     * One that is stepped: see {@link #startStepped}.
     *
     * @param stepper steps the nodes as well
     * @param agenda by the stepper's clock
     */
    public Coordinator(Plan plan, StartOptions options, Crew stepper, Agenda agenda) {
        this(plan, options, new DataflowThreads(plan.graph().name(), options), stepper, agenda);
    }

    private Coordinator(Plan plan, StartOptions options, DataflowThreads threads, Crew crew, Agenda agenda) {
        this.threads = threads;
        this.agenda = agenda;
        this.wiring = wire(plan, options, crew, this);
        this.listeners = new Listeners(wiring.name());
        listeners.add(wiring.logs()::onEvent);
        this.life = new DataflowLife(wiring.name(), listeners);
        this.nodes = new NodeLives(wiring, listeners);
        this.shutdown = new Shutdown(wiring, agenda, life, nodes, listeners);
        this.startup = new Startup(
                wiring, agenda, life, nodes, shutdown, threads, () -> new LocalDataflow(wiring, options, this));
        StragglerWatch stragglers = new StragglerWatch(wiring, nodes);
        this.supervisor = new NodeSupervisor(wiring, agenda, life, nodes, listeners, startup, shutdown, stragglers);
        this.requests = new NodeRequests(wiring, agenda, life, nodes, supervisor);
        this.health = new HealthWatch(wiring, agenda, life, nodes, supervisor, stragglers);
    }

    private static Wiring wire(Plan plan, StartOptions options, Crew crew, Wiring.Watcher watcher) {
        try {
            return Wiring.of(plan, options, crew, watcher);
        } catch (RuntimeException | Error e) { // as when there is no memory for an edge
            crew.close();
            throw e;
        }
    }

    /** Begins the start; completes when every node is open, on a thread that nothing else waits for. Any thread, once. */
    CompletableFuture<LocalDataflow> start() {
        begin();
        return startup.started();
    }

    /** As {@link #start}, for a part. */
    void begin() {
        Thread own = threads.coordinator(this);
        thread = own;
        own.start();
    }

    // Any thread.

    /** Whether the caller is called by the coordinator, which then does nothing else. */
    boolean isCallingThread() {
        return Thread.currentThread() == thread;
    }

    /** Whether the caller is called by a node. */
    boolean isNodeThread() {
        return wiring.crew().isNodeThread();
    }

    /** Whether the dataflow, or a node of it, would wait for the caller if that waited for it. */
    boolean isOwnThread() {
        return isCallingThread() || isNodeThread();
    }

    DataflowState state() {
        return life.state();
    }

    NodeState nodeState(String nodeId) {
        return nodes.of(nodeId).state();
    }

    Collection<NodeLife> lives() {
        return nodes.all();
    }

    public Wiring wiring() {
        return wiring;
    }

    public CompletableFuture<DataflowResult> completion() {
        return completion;
    }

    /** Whether nodes take commands that are posted to them. */
    boolean isGateOpen() {
        return wiring.gate().isDecided();
    }

    public void stop(Duration grace) {
        if (wiring.crew().isStepped()) {
            wiring.nodes()
                    .agents()
                    .forEach(agent -> agent.orders().announceStop()); // whoever has its turn keeps this from having one
        }
        agenda.post(() -> shutdown.begin(Shutdown.graceNs(grace)));
    }

    void listen(Consumer<DataflowEvent> listener) {
        if (isCallingThread()) {
            listeners.add(listener); // what is done before messages flow comes before what is told of it
        } else {
            agenda.post(() -> listeners.add(listener));
        }
    }

    // Of a part. Any thread.

    /** When every node is open; exceptionally with a {@link DataflowStartException} if the start fails. */
    CompletableFuture<@Nullable Void> opened() {
        return startup.opened();
    }

    /** When nothing is left of it, however that came: with what nodes threw when they were closed because their start had failed. */
    CompletableFuture<List<Throwable>> over() {
        return over;
    }

    /** Has messages flow, once every node is open. */
    void release() {
        agenda.post(startup::release);
    }

    /** Has the start fail, unless messages flow. */
    void abandon() {
        agenda.post(startup::abandon);
    }

    /** Nodes that somebody starts by hand are waited for no longer than the others. */
    void dismiss() {
        agenda.post(nodes::dismiss);
    }

    /** Has a node end, and run again as if its policy allowed one more. What waits for it stays. */
    void restartNode(String nodeId) {
        agenda.post(() -> requests.restart(nodeId));
    }

    /** Has a node end for good. */
    void stopNode(String nodeId) {
        agenda.post(() -> requests.stop(nodeId));
    }

    // Told by nodes, on their threads.

    @Override
    public void onOpening(NodeAgent agent) {
        report(agent, node -> {
            if (node.state() == NodeState.WAITING) {
                nodes.move(node, NodeState.OPENING);
            }
        });
    }

    @Override
    public void onOpened(NodeAgent agent) {
        report(agent, startup::onOpened);
    }

    @Override
    public void onRunning(NodeAgent agent) {
        report(agent, supervisor::onRunning);
    }

    @Override
    public void onEnded(NodeAgent agent, @Nullable Throwable failure, String failedPart) {
        report(agent, node -> supervisor.onEnded(node, failure, failedPart));
    }

    /** What an incarnation says that was left behind, or given up, is of no interest. */
    private void report(NodeAgent agent, Consumer<NodeLife> news) {
        agenda.post(() -> {
            NodeLife node = nodes.of(agent.nodeId());
            if (node.agent() == agent && !node.state().isFinal()) {
                news.accept(node);
            }
        });
    }

    @Override
    public void onFirstDrop(String edge) {
        agenda.post(() -> {
            LOG.warn(
                    "dataflow '{}': edge '{}' drops messages, for its consumer is slower than its producer; raise the input's queue_size,"
                            + " or write queue_policy: backpressure to have the producer wait; what a node logs or prints waits for nobody",
                    wiring.name(),
                    edge);
            listeners.tell(new DataflowEvent.FirstDrop(edge));
        });
    }

    @Override
    public void onFirstGivenUp(String output) {
        agenda.post(() -> LOG.warn(
                "dataflow '{}': the payload_budget of output '{}' is used up, so what waits in its lossy edges is given up, oldest first; raise payload_budget,"
                        + " lower the queue_size of its consumers, or have them release what they retain",
                wiring.name(),
                output));
    }

    @Override
    public void onEndedElsewhere(LogSink reader, String node) {
        agenda.post(() -> wiring.logs().onEndedElsewhere(reader, node));
    }

    // The coordinator's thread.

    @Override
    public void run() {
        try {
            logPlan();
            wiring.startState();
            wiring.startBoundary();
            startup.limitTime();
            health.begin();
        } catch (Throwable t) { // as when there is no room for a thread
            startup.fail(": " + NodeFault.describe(t), t);
        }
        startup.startNodes();
        while (!nodes.areAllOver()) {
            takeOne();
        }
        finish();
    }

    private void takeOne() {
        try {
            Runnable next = agenda.take();
            if (next != null) {
                next.run();
            }
        } catch (InterruptedException e) {
            onInterrupt();
        } catch (Throwable t) {
            onStepFailed(t);
        }
    }

    /** Nobody but the application can have done this, and it means: end. */
    private void onInterrupt() {
        if (life.mayStart()) {
            startup.fail(": it was interrupted", null);
        } else {
            shutdown.begin(0);
        }
    }

    /** Nothing may keep a dataflow from ending. */
    private void onStepFailed(Throwable failure) {
        try {
            LOG.error("dataflow '{}': a step of its coordinator failed", wiring.name(), failure);
        } catch (Throwable t) { // not even for want of memory to say so
            return;
        }
    }

    private void logPlan() {
        if (LOG.isInfoEnabled()) {
            LOG.info("dataflow '{}': {}", wiring.name(), wiring.summary());
        }
        wiring.crew().remark().ifPresent(remark -> LOG.warn("dataflow '{}': {}", wiring.name(), remark));
    }

    // In steps, on the thread that steps the nodes.

    /** As {@link #start()} and the begin of {@link #run()}. */
    public CompletableFuture<LocalDataflow> startStepped() {
        thread = Thread.currentThread();
        logPlan();
        wiring.startState();
        startup.startNodes();
        return startup.started();
    }

    /** Does one thing that is to be done now; false if there is nothing. */
    public boolean step() {
        Runnable next = nodes.areAllOver() ? null : agenda.poll();
        if (next == null) {
            return false;
        }
        try {
            next.run();
        } catch (Throwable t) {
            onStepFailed(t);
        }
        if (nodes.areAllOver()) {
            finish();
        }
        return true;
    }

    /** As {@link Agenda#untilDueNs}. */
    public long untilDueNs() {
        return agenda.untilDueNs();
    }

    /** Whether {@link #step} has something to do. */
    public boolean canStep() {
        return !nodes.areAllOver() && agenda.canPoll();
    }

    /** A node keeps all others from their turn: it has failed, and nothing can go on as it would have. */
    public void fail(String node, Throwable failure) {
        if (life.isStarting()) {
            startup.fail(": " + failure.getMessage(), failure);
        } else {
            shutdown.onFailure(node, failure);
            shutdown.begin(0);
        }
    }

    /** The thread changes that steps it. */
    public void stepOn(Thread stepping) {
        thread = stepping;
    }

    // The end.

    private void finish() {
        DataflowStartException startFailure = life.startFailure();
        if (startFailure == null && life.end() == DataflowState.FINISHED) {
            attemptAtEnd(wiring::forgetState);
        }
        attemptAtEnd(wiring::close);
        if (startFailure != null) {
            startup.completeFailed(startFailure);
            over.complete(startup.thrown(startFailure));
            return;
        }
        try {
            life.become(life.end());
            completion.complete(new DataflowResult(
                    life.state(), life.failures(), Statuses.of(wiring, life.state(), this::nodeState)));
        } catch (Throwable t) { // who waits for the end must not wait for ever
            onStepFailed(t);
            completion.completeExceptionally(t);
        }
        over.complete(List.of());
    }

    private void attemptAtEnd(Runnable step) {
        try {
            step.run();
        } catch (Throwable t) { // whatever it is, who waits for the end is told of it
            LOG.error("dataflow '{}': something of it could not be given back", wiring.name(), t);
        }
    }
}
