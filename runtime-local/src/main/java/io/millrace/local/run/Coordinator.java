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
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
    /** How often it is looked at whether somebody records. */
    private static final long NOT_RECORDING_NS = TimeUnit.SECONDS.toNanos(1);
    /** From the interrupt until a node is left behind. */
    private static final long ABANDON_AFTER_NS = TimeUnit.SECONDS.toNanos(1);
    /** What a node has at the most that is asked to end. */
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);

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
    private final HealthChecks health;
    private final CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();
    private final CompletableFuture<List<Throwable>> over = new CompletableFuture<>();

    // The coordinator's thread.
    private final Map<String, NodeLife> nodes = new LinkedHashMap<>();
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>(Comparator.comparingLong(Deadline::atNs));
    private final List<Consumer<DataflowEvent>> listeners = new ArrayList<>();
    private final List<DataflowResult.Failure> failures = new ArrayList<>();
    private @Nullable Stragglers stragglers; // made when a program may be one
    private boolean isStopRequested;
    private boolean wasAbandonedInOpen;
    private long stopEndsNs;
    private @Nullable DataflowStartException startFailure;
    private int unfinished;
    private boolean mayRun; // a part only when it is told
    private boolean isOpenTold;
    private boolean isDismissed;
    private boolean isOnlyDynamicLeftTold;

    // Read by any thread.
    private volatile @Nullable Thread thread;
    private volatile DataflowState state = DataflowState.STARTING;

    /** Something to be done at a time. */
    private record Deadline(long atNs, Runnable action) {}

    Coordinator(Plan plan, StartOptions options) {
        this.name = plan.graph().name();
        this.options = options;
        this.stepper = null;
        this.health = HealthChecks.of(plan.graph());
        this.crew = new ThreadCrew(ThreadPlan.of(plan, options), this::newThread);
        this.wiring = wire(plan);
        this.mayRun = plan.part() == null;
        addNodes();
    }

    /** One that is stepped, as its nodes are: see {@link #startStepped}. */
    Coordinator(Plan plan, StartOptions options, Stepper stepper) {
        this.name = plan.graph().name();
        this.options = options;
        this.stepper = stepper;
        this.health = HealthChecks.of(plan.graph());
        this.crew = stepper;
        this.wiring = wire(plan);
        this.mayRun = true;
        addNodes();
    }

    private Wiring wire(Plan plan) {
        return Wiring.of(plan, options, crew, this, this::onFirstDrop, this::onFirstGivenUp, this::onEndedElsewhere);
    }

    private void addNodes() {
        for (Incarnations node : wiring.incarnations()) {
            nodes.put(node.nodeId(), new NodeLife(node, crew.carrierFor(node.agent(), wiring)));
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
        begin();
        return started;
    }

    /** As {@link #start}, for a part. */
    void begin() {
        Thread own = daemon(this, "");
        own.setDaemon(!options.keepAlive());
        thread = own;
        own.start();
    }

    // Any thread.

    /** Whether the caller is called by the coordinator, which then does nothing else. */
    boolean isCallingThread() {
        return Thread.currentThread() == thread;
    }

    DataflowState state() {
        return state;
    }

    NodeState nodeState(String nodeId) {
        return Objects.requireNonNull(nodes.get(nodeId), "not a node of this dataflow")
                .state();
    }

    Collection<NodeLife> lives() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    CompletableFuture<DataflowResult> completion() {
        return completion;
    }

    // Of a part.

    /** When every node is open; exceptionally with a {@link DataflowStartException} if the start fails. */
    CompletableFuture<@Nullable Void> opened() {
        return opened;
    }

    /** When nothing is left of it, however that came: with what nodes threw when they were closed because their start had failed. */
    CompletableFuture<List<Throwable>> over() {
        return over;
    }

    /** Has messages flow, once every node is open. */
    void release() {
        post(() -> {
            mayRun = true;
            openGateWhenReady();
        });
    }

    /** Has the start fail, unless messages flow. */
    void abandon() {
        post(() -> {
            if (state == DataflowState.STARTING && startFailure == null) {
                String late = stillOpening();
                wasAbandonedInOpen = !late.isEmpty();
                failStart(": it was abandoned" + (late.isEmpty() ? "" : ", still in open: node " + late), null);
            }
        });
    }

    /** Nodes that somebody starts by hand are waited for no longer than the others. */
    void dismiss() {
        post(() -> {
            isDismissed = true;
            dismissWhenAlone();
        });
    }

    /** Has a node fail, and run again as if its policy allowed one more. What waits for it stays. */
    void restartNode(String nodeId) {
        post(() -> {
            NodeLife life = known(nodeId);
            boolean mayRestart = life.state() == NodeState.RUNNING || life.state() == NodeState.STUCK;
            if (!mayRestart || isStopRequested || life.isStopAsked()) {
                LOG.warn("dataflow '{}': node '{}' is {} and is not started anew", wiring.name(), nodeId, life.state());
                return;
            }
            LOG.info("dataflow '{}': node '{}' is started anew, as was asked", wiring.name(), nodeId);
            NodeAgent agent = life.agent();
            life.askRestart();
            agent.setSupervised();
            agent.postFail(StuckException.asked(nodeId));
            Duration grace = requestGrace();
            afterIfStill(life, agent, Times.nanos(grace) / 2, agent::postTerminate);
            afterIfStill(life, agent, Times.nanos(grace), () -> {
                if (life.state() == NodeState.RUNNING || life.state() == NodeState.STUCK) {
                    interruptStuck(life, StuckException.whenAsked(nodeId, grace, life.thread()));
                }
            });
        });
    }

    /** Has a node end for good. */
    void stopNode(String nodeId) {
        post(() -> {
            NodeLife life = known(nodeId);
            if (state != DataflowState.RUNNING || life.state().isFinal() || life.isStopAsked()) {
                LOG.warn("dataflow '{}': node '{}' is {} and is not stopped", wiring.name(), nodeId, life.state());
                return;
            }
            LOG.info("dataflow '{}': node '{}' is stopped, as was asked", wiring.name(), nodeId);
            life.askStop();
            if (life.state() == NodeState.RESTARTING) {
                settle(life);
                move(life, NodeState.STOPPED);
                return;
            }
            if (life.state().mayBecome(NodeState.STOPPING)) {
                move(life, NodeState.STOPPING);
            }
            NodeAgent agent = life.agent();
            long graceNs = Times.nanos(requestGrace());
            agent.postStop();
            afterIfStill(life, agent, graceNs / 2, agent::postTerminate);
            afterIfStill(life, agent, graceNs, life::interrupt);
            afterIfStill(life, agent, graceNs + ABANDON_AFTER_NS, () -> abandon(life));
        });
    }

    private Duration requestGrace() {
        return options.closeGrace().compareTo(LONGEST_REQUEST) > 0 ? LONGEST_REQUEST : options.closeGrace();
    }

    private void afterIfStill(NodeLife life, NodeAgent agent, long delayNs, Runnable action) {
        after(delayNs, () -> {
            if (life.agent() == agent && !life.state().isFinal()) {
                action.run();
            }
        });
    }

    private NodeLife known(String nodeId) {
        return Objects.requireNonNull(nodes.get(nodeId), "not a node of this dataflow");
    }

    private void onEndedElsewhere(LogSink reader, String node) {
        post(() -> wiring.logs().onEndedElsewhere(reader, node));
    }

    /** Whether nodes take commands that are posted to them. */
    boolean isGateOpen() {
        return wiring.gate().isDecided();
    }

    void stop(Duration grace) {
        long graceNs = Math.min(Math.max(0, Times.nanos(grace)), LONGEST_NS);
        if (stepper != null) {
            wiring.agents().forEach(NodeAgent::announceStop); // whoever has its turn keeps this from having one
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

    void onFirstDrop(String edge) {
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
        report(agent, life -> {
            if (life.state() == NodeState.WAITING) {
                move(life, NodeState.OPENING);
            }
        });
    }

    @Override
    public void onOpened(NodeAgent agent) {
        report(agent, life -> {
            move(life, NodeState.READY);
            openGateWhenReady();
        });
    }

    @Override
    public void onRunning(NodeAgent agent) {
        report(agent, this::nodeRuns);
    }

    @Override
    public void onEnded(NodeAgent agent, @Nullable Throwable failure, String failedPart) {
        report(agent, life -> nodeEnded(life, failure, failedPart));
    }

    /** What an incarnation says that was left behind, or given up, is of no interest. */
    private void report(NodeAgent agent, Consumer<NodeLife> news) {
        inbox.add(() -> {
            NodeLife life = life(agent);
            if (life.agent() == agent && !life.state().isFinal()) {
                news.accept(life);
            }
        });
    }

    // The coordinator's thread.

    @Override
    public void run() {
        logPlan();
        wiring.startState();
        wiring.startBoundary();
        after(Times.nanos(options.startTimeout()), this::onStartTimeout);
        watchForSlowHandling();
        for (NodeLife life : nodes.values()) {
            startThread(life);
        }
        after(health.intervalNs(), this::lookAfterHealth);
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
        wiring.startState();
        nodes.values().forEach(this::startThread);
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
            List<Supplier<NodeAgent>> agents = new ArrayList<>();
            for (NodeLife life : nodes.values()) {
                agents.add(life::agent);
            }
            lookForSlowHandling(new SlowWatch(
                    agents,
                    options.clock(),
                    thresholdNs,
                    (agent, lastedNs) -> FlightEvents.slowHandling(
                            wiring.name(), agent.nodeId(), life(agent).thread(), lastedNs)));
        }
    }

    /** Where nobody records, only that is looked at, and seldom: a dataflow without work is not to wake its coordinator all the time. */
    private void lookForSlowHandling(SlowWatch watch) {
        boolean isRecording = FlightEvents.isRecording();
        if (isRecording) {
            watch.look();
        }
        after(
                isRecording ? watch.intervalNs() : Math.max(watch.intervalNs(), NOT_RECORDING_NS),
                () -> lookForSlowHandling(watch));
    }

    private void startThread(NodeLife life) {
        if (startFailure != null) {
            move(life, NodeState.STOPPED);
            return;
        }
        try {
            life.start();
        } catch (Throwable t) { // no memory for one, or a factory that has started it already, or makes its own kind
            move(life, NodeState.FAILED);
            failStart(": the thread of node '" + life.nodeId() + "' cannot be started: " + NodeAgent.describe(t), t);
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
        if (LOG.isInfoEnabled()) {
            LOG.info("dataflow '{}': {}", wiring.name(), wiring.summary());
        }
        crew.remark().ifPresent(remark -> LOG.warn("dataflow '{}': {}", wiring.name(), remark));
    }

    private void openGateWhenReady() {
        if (state == DataflowState.STARTING && startFailure == null && areAllReady()) {
            if (!mayRun) {
                tellOpened();
                return;
            }
            LocalDataflow handle = new LocalDataflow(wiring, options, this);
            if (hasActedWhenOpen(handle)) {
                wiring.gate().open();
                for (NodeLife life : nodes.values()) {
                    life.agent().wake();
                }
                become(DataflowState.RUNNING);
                tellStarted(handle);
            }
        }
    }

    private boolean areAllReady() {
        for (NodeLife life : nodes.values()) {
            if (life.state() != NodeState.READY) {
                return false;
            }
        }
        return true;
    }

    private boolean hasActedWhenOpen(LocalDataflow handle) {
        if (wiring.part() != null) {
            return true; // that is for all parts, and so for their owner
        }
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

    /** As {@link #tellStarted}. */
    private void tellOpened() {
        if (!isOpenTold) {
            isOpenTold = true;
            daemon(() -> opened.complete(null), "-opened").start();
        }
    }

    private void onStartTimeout() {
        if (state != DataflowState.STARTING || startFailure != null || isOpenTold) {
            return;
        }
        failStart(" within " + options.startTimeout() + ": still in open: node " + stillOpening(), null);
    }

    private String stillOpening() {
        return nodes.values().stream()
                .filter(node -> node.state() != NodeState.READY)
                .map(node -> "'" + node.nodeId() + "'")
                .collect(Collectors.joining(", "));
    }

    /** @param how the end of a sentence */
    private void failStart(String how, @Nullable Throwable cause) {
        startFailure = new DataflowStartException("dataflow '" + wiring.name() + "' did not start" + how, cause);
        // Before the gate opens: who waits there only has to be closed, and that is not to be interrupted.
        interruptRunning();
        wiring.gate().abort();
        crew.relieve();
        nodes.values().forEach(life -> life.agent().wake());
        after(ABANDON_AFTER_NS / 2, crew::relieve);
        after(ABANDON_AFTER_NS, this::abandonRunning);
    }

    private void nodeRuns(NodeLife life) {
        if (life.state() != NodeState.READY) {
            return;
        }
        move(life, isStopRequested || life.isStopAsked() ? NodeState.STOPPING : NodeState.RUNNING);
        int incarnation = life.agent().incarnation();
        if (incarnation > 0) {
            LOG.info("dataflow '{}': node '{}' runs again, restart {}", wiring.name(), life.nodeId(), incarnation);
            tell(new DataflowEvent.NodeRestarted(life.nodeId(), incarnation));
        }
    }

    private void nodeEnded(NodeLife life, @Nullable Throwable thrown, String failedPart) {
        Throwable failure = life.causeOfEnd(thrown);
        NodeAgent ended = life.agent();
        boolean isAsked = life.takeRestartAsked() && ended.isRetired();
        boolean mayRestart = state != DataflowState.STARTING
                && !isStopRequested
                && !life.isStopAsked()
                && (stragglers == null || !stragglers.isFound(life.nodeId()))
                && (isAsked || life.restarts().covers(failure != null, ended.isLastEventOut(), ended.isExhausted()));
        if (mayRestart && restart(life, failure, failedPart, isAsked)) {
            return;
        }
        if (ended.isRetired()) {
            wiring.renew(life.nodeId(), ended.incarnation());
            settle(life);
        }
        if (failure == null) {
            move(
                    life,
                    isStopRequested || life.isStopAsked() || startFailure != null
                            ? NodeState.STOPPED
                            : NodeState.FINISHED);
            return;
        }
        move(life, NodeState.FAILED);
        if (state != DataflowState.STARTING) {
            onFailure(failedPart, failure);
        } else if (startFailure == null) {
            failStart(": node '" + failedPart + "' failed in open: " + NodeAgent.describe(failure), failure);
        } else {
            startFailure.addSuppressed(failure);
        }
    }

    // Restarting.

    /** False if its restarts are used up, of which one that was asked for is none. */
    private boolean restart(NodeLife life, @Nullable Throwable failure, String failedPart, boolean isAsked) {
        long delayNs = isAsked ? 0 : life.restarts().next(nanoTime());
        if (delayNs == Restarts.USED_UP) {
            return false;
        }
        wiring.renew(life.nodeId(), life.agent().incarnation() + 1);
        awaitRestart(life, failure, failedPart, delayNs);
        return true;
    }

    private void awaitRestart(NodeLife life, @Nullable Throwable failure, String failedPart, long delayNs) {
        NodeAgent next = life.agent();
        move(life, NodeState.RESTARTING);
        after(delayNs, () -> startAgain(life, next));
        Duration delay = Duration.ofNanos(delayNs);
        if (failure == null) {
            LOG.info("dataflow '{}': node '{}' has ended and will run again in {}", wiring.name(), failedPart, delay);
        } else {
            tell(new DataflowEvent.NodeFailed(failedPart, failure));
            LOG.warn(
                    "dataflow '{}': node '{}' failed and will run again in {}",
                    wiring.name(),
                    failedPart,
                    delay,
                    failure);
        }
    }

    private void startAgain(NodeLife life, NodeAgent next) {
        if (life.agent() != next || life.state() != NodeState.RESTARTING) {
            return;
        }
        try {
            life.setCarrier(crew.carrierFor(next, wiring));
            life.start();
        } catch (Throwable t) { // as at the first start
            settle(life);
            move(life, NodeState.FAILED);
            onFailure(life.nodeId(), t);
            return;
        }
        move(life, NodeState.OPENING);
        if (stepper == null) { // else a turn has its own limit, of real time
            after(Times.nanos(options.startTimeout()), () -> onRestartTimeout(life, next));
        }
    }

    private void onRestartTimeout(NodeLife life, NodeAgent next) {
        if (life.agent() == next && life.state() == NodeState.OPENING && !isStopRequested) {
            interruptStuck(life, StuckException.inOpen(life.nodeId(), options.startTimeout(), life.thread()));
        }
    }

    /** The node does not run again: its edges close. */
    private void settle(NodeLife life) {
        life.agent().settle(life.incarnations().ports());
    }

    // Health.

    private void lookAfterHealth() {
        long nowNs = System.nanoTime();
        nodes.values().forEach(life -> lookAfter(life, life.look(nowNs)));
        if (state == DataflowState.RUNNING && wiring.isAnyProgramIdle()) {
            endStragglers(nowNs);
        }
        after(health.intervalNs(), this::lookAfterHealth);
    }

    private void endStragglers(long nowNs) {
        Stragglers known = stragglers;
        if (known == null) {
            known = wiring.newStragglers();
            stragglers = known;
        }
        long silentForNs = known.graceNs();
        Set<String> running = running().stream().map(NodeLife::nodeId).collect(Collectors.toCollection(TreeSet::new));
        long graceNs = Math.min(Times.nanos(options.closeGrace()), LONGEST_NS);
        wiring.findStragglers(known, nowNs, running)
                .forEach(
                        node -> Objects.requireNonNull(nodes.get(node)).agent().postEndStraggler(silentForNs, graceNs));
    }

    /** @param heldNs for how long the same callback was seen to run */
    private void lookAfter(NodeLife life, long heldNs) {
        if (life.state() == NodeState.RUNNING && heldNs >= life.healthCheckTimeoutNs()) {
            onStuck(life, Duration.ofNanos(heldNs));
        } else if (life.state() == NodeState.STUCK && heldNs == 0 && !life.isInterrupted()) {
            move(life, NodeState.RUNNING);
            LOG.info("dataflow '{}': node '{}' is no longer stuck", wiring.name(), life.nodeId());
        }
    }

    private void onStuck(NodeLife life, Duration stuckFor) {
        StuckException stuck = StuckException.inCallback(life.nodeId(), stuckFor, life.thread());
        move(life, NodeState.STUCK);
        tell(new DataflowEvent.NodeStuck(life.nodeId(), stuckFor, List.of(stuck.getStackTrace())));
        LOG.error("dataflow '{}': {}; it stands at", wiring.name(), stuck.getMessage(), stuck);
        life.setApart(); // whatever becomes of it, others that share its thread go on
        if (life.restarts().isEver()) {
            interruptStuck(life, stuck);
        }
    }

    private void interruptStuck(NodeLife life, StuckException stuck) {
        NodeAgent agent = life.agent();
        life.setApart();
        life.interruptFor(stuck);
        after(ABANDON_AFTER_NS, () -> replaceStuck(life, agent, stuck));
    }

    private void replaceStuck(NodeLife life, NodeAgent former, StuckException stuck) {
        if (life.agent() != former || life.state().isFinal() || isStopRequested) {
            return;
        }
        Thread left = life.thread();
        life.causeOfEnd(null); // told now
        long delayNs = life.restarts().next(nanoTime());
        boolean runsAgain = delayNs != Restarts.USED_UP;
        LOG.error(
                "dataflow '{}': node '{}' did not end when it was interrupted: its thread '{}' is left behind, with {} messages that waited for it",
                wiring.name(),
                life.nodeId(),
                left.getName(),
                wiring.backlogOf(life.nodeId()));
        wiring.replace(life.nodeId(), former.incarnation() + (runsAgain ? 1 : 0));
        life.agent().tellFailed(stuck);
        if (runsAgain) {
            awaitRestart(life, stuck, life.nodeId(), delayNs);
        } else {
            settle(life);
            move(life, NodeState.ABANDONED);
            onFailure(life.nodeId(), stuck);
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
            running().forEach(this::beginStop);
            wiring.endApplicationInputs(false);
            after(graceNs / 4, () -> wiring.endApplicationInputs(true));
        }
        crew.relieve();
        after(graceNs / 2, () -> {
            crew.relieve();
            running().forEach(life -> life.agent().postStop());
        });
        after(
                graceNs - graceNs / 4,
                () -> running().forEach(life -> life.agent().postTerminate()));
        after(graceNs, this::interruptRunning);
        after(graceNs + ABANDON_AFTER_NS / 2, crew::relieve);
        after(graceNs + ABANDON_AFTER_NS, this::abandonRunning);
    }

    private void beginStop(NodeLife life) {
        if (life.state() == NodeState.RESTARTING) { // and so it will not
            settle(life);
            move(life, NodeState.STOPPED);
            return;
        }
        if (life.state().mayBecome(NodeState.STOPPING)) {
            move(life, NodeState.STOPPING);
        }
        life.agent().postBeginStop();
    }

    private List<NodeLife> running() {
        return nodes.values().stream().filter(life -> !life.state().isFinal()).toList();
    }

    private void interruptRunning() {
        running().forEach(NodeLife::interrupt);
    }

    private void abandonRunning() {
        running().forEach(this::abandon);
    }

    private void abandon(NodeLife life) {
        Thread left = life.thread();
        IllegalStateException stuck = new IllegalStateException("node '" + life.nodeId()
                + "' did not end when it was interrupted, and its thread '" + left.getName() + "' was left behind");
        stuck.setStackTrace(left.getStackTrace());
        move(life, NodeState.ABANDONED);
        if (startFailure != null) {
            startFailure.addSuppressed(stuck);
        } else {
            failures.add(new DataflowResult.Failure(life.nodeId(), stuck));
        }
        LOG.error("dataflow '{}': {}; it stands at", wiring.name(), stuck.getMessage(), stuck);
    }

    private void finish() {
        if (startFailure == null && failures.isEmpty() && !isStopRequested) {
            wiring.forgetState();
        }
        closeWiring();
        if (startFailure != null) {
            started.completeExceptionally(startFailure);
            opened.completeExceptionally(startFailure);
            over.complete(thrownInStart(startFailure));
            return;
        }
        become(
                !failures.isEmpty()
                        ? DataflowState.FAILED
                        : isStopRequested ? DataflowState.STOPPED : DataflowState.FINISHED);
        completion.complete(new DataflowResult(state, failures, Statuses.of(wiring, state, this::nodeState)));
        over.complete(List.of());
    }

    /** What nodes threw, or who was still in open when the start was given up from outside. */
    private List<Throwable> thrownInStart(DataflowStartException failure) {
        return wasAbandonedInOpen ? List.of(failure) : List.of(failure.getSuppressed());
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

    private void move(NodeLife life, NodeState next) {
        life.become(next);
        if (next.isFinal()) {
            unfinished--;
            wiring.onEnded(life.nodeId());
            dismissWhenAlone();
        }
        tell(new DataflowEvent.NodeStateChanged(life.nodeId(), next));
    }

    /** Nodes that somebody starts by hand keep no dataflow from its end. */
    private void dismissWhenAlone() {
        List<NodeLife> left = running();
        if (!left.stream().allMatch(life -> wiring.isDynamic(life.nodeId()))) {
            return;
        }
        Boundary boundary = wiring.boundaryOrNull();
        if (boundary == null || isDismissed) {
            left.forEach(life -> life.agent().postDismiss());
        } else if (!left.isEmpty() && !isOnlyDynamicLeftTold) {
            isOnlyDynamicLeftTold = true;
            boundary.listener().onOnlyDynamicLeft();
        }
    }

    private NodeLife life(NodeAgent agent) {
        return Objects.requireNonNull(nodes.get(agent.nodeId()), "not a node of this dataflow");
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
