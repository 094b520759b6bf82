package io.millrace.local.program;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.OutsideNode;
import io.millrace.local.code.ProgramException;
import io.millrace.local.process.Child;
import io.millrace.local.waiting.SelectorWaiting;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeInterruptedException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node that is a process: to the dataflow a node with its own loop, whose code is a conversation with a program. Opening it starts the program and ends when that has
 * subscribed, closing it leaves nothing of it behind. Used by the node's thread, which waits for its edges and for the program's sockets at once.
 *
 * <pre>
 *   start -> registers, subscribes -> [start gate] -> events out, messages in -> exits
 *                                                        | told to stop, and does not
 *                                                        +-> SIGTERM -> SIGKILL, to the group
 * </pre>
 */
public final class ProcessNode implements OutsideNode {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessNode.class);

    /** How long a program that was started by hand keeps a dataflow that has ended otherwise. */
    private static final long DISMISSAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final ProgramRun run;
    private final NodeAgent agent;
    private final SelectorWaiting waiting;
    private final BooleanSupplier hasWork = this::hasWork;
    private final ProgramPulse pulse;

    private @Nullable NodeSockets sockets;
    private @Nullable ProgramSession session;
    private @Nullable EventFeed feed;
    private @Nullable Visitors visitors; // if it is started by hand
    private @Nullable Child child;
    private Straggler straggler = Straggler.NONE;
    private boolean isBegun;
    private @Nullable Drain drain; // once its exit was seen
    private boolean isTerminated;
    private boolean isDismissed;
    private boolean areInputsEnded;
    private long overNs; // if isDismissed
    private @Nullable Throwable failure; // of what another thread did for this one
    private long heardNs; // when the program last said something, or had no need to

    public ProcessNode(ProgramRun run) {
        this.run = run;
        this.agent = run.agent();
        this.waiting = run.waiting();
        this.pulse = run.host().pulse(agent.nodeId());
    }

    // Life.

    @Override
    public void open(NodeContext context) throws Exception {
        sockets = NodeSockets.open("node '" + agent.nodeId() + "'", waiting.selector(), 0);
        EventFeed made =
                new EventFeed(agent, run.loop(), run.names(), run.host().clock());
        feed = made;
        session = new ProgramSession(
                run.dataflowId(), agent.nodeId(), run.outputs(), made, waiting, run.isStartedByHand());
        if (run.isStartedByHand()) {
            visitors = new Visitors(agent.nodeId(), sockets, session, made);
            run.host()
                    .await(
                            agent.nodeId(),
                            run.configuration(sockets().address()).replyJson());
            return;
        }
        run.makeDirectory(context);
        child = run.start(sockets().address(), agent.orders()::wake);
        for (int idleCycles = 0; !session().isSubscribed() && !agent.orders().isStopRequested(); idleCycles++) {
            checkInterruptedInOpen();
            int work = turn();
            if (isDrained()) {
                throw new ProgramException(end().beforeSubscribing(session().complaint()));
            }
            idle(work, idleCycles);
        }
    }

    @Override
    public void run(NodeContext context) throws Exception {
        isBegun = true;
        heardNs = agent.update();
        session().begin();
        waiting.relieveBy(this::relieve);
        try {
            converse();
        } catch (NodeInterruptedException | ClosedByInterruptException e) {
            endByForce();
            throw e;
        }
        if (child != null) {
            straggler.check(end(), agent.orders().isStopRequested());
        }
    }

    private void converse() throws IOException {
        for (int idleCycles = 0; !isOver(); idleCycles++) {
            agent.waits().checkInterrupt("its program", "");
            throwIfFailed();
            int work = turn();
            checkHealth(work);
            showPulse(work);
            pressStraggler();
            idle(work, idleCycles);
            idleCycles = work > 0 ? -1 : idleCycles;
        }
    }

    /** The grace is over. A program that has had SIGTERM and runs on has failed; one that was given no time has not. */
    private void endByForce() {
        Child running = child;
        if (running != null && isTerminated && !isExitSeen()) {
            running.close();
            straggler.checkAfterGrace(end().by(running.onExit().join())); // it is there since the close
        }
    }

    /** Whatever fails here, the program is ended. */
    @Override
    public void close() throws Exception {
        waiting.endRelief();
        pulse.hide();
        run.host().forget(agent.nodeId());
        try {
            if (session != null && !isBegun) {
                session.abort("the dataflow does not start, for another node could not be opened");
            }
        } finally {
            Child started = child;
            if (started != null) {
                started.close();
            }
            if (sockets != null) {
                sockets.close();
            }
        }
        if (session != null) {
            session.logRepeats();
        }
        run.logLosses(feed == null ? 0 : feed.unattended());
    }

    // Commands, on the node's thread.

    @Override
    public void terminate() {
        Child running = child;
        if (running != null && !isExitSeen() && !isTerminated) {
            isTerminated = true;
            LOG.warn("node '{}': its program was told to stop and has not: it gets SIGTERM", agent.nodeId());
            running.terminate();
        }
    }

    @Override
    public void endStraggler(long silentForNs, long graceNs) {
        if (child != null && !isExitSeen()) {
            straggler = Straggler.of(silentForNs, agent.update(), graceNs);
            LOG.warn(
                    "node '{}': its inputs have closed, all else has ended, and for {} its program has neither taken nor"
                            + " sent anything: it is told to stop",
                    agent.nodeId(),
                    straggler.silentFor());
        }
    }

    private void pressStraggler() {
        if (!straggler.isAny() || isExitSeen()) {
            return;
        }
        if (isPast(straggler.killNs())) {
            Objects.requireNonNull(child).kill();
        } else if (isPast(straggler.terminateNs())) {
            terminate();
        }
    }

    @Override
    public void dismiss() {
        isDismissed = true;
        overNs = agent.update() + DISMISSAL_NS;
        if (!run.hasDataInputs()) {
            run.loop().stop();
        }
    }

    // The conversation.

    private int turn() throws IOException {
        agent.orders().carryOutUnchecked();
        int work = sockets().look();
        waiting.beginTurn();
        try {
            for (NodeConnection connection : sockets().connections()) {
                work += serve(connection);
            }
        } finally {
            waiting.endTurn();
        }
        endInputsWhenDropped();
        if (visitors != null) {
            work += visitors.attend(agent.update());
        } else if (drain != null) {
            drain.look(agent.update(), work > 0, isAnythingHeld());
        } else if (run.exit() != null) {
            drain = new Drain(agent.update());
            work++;
        }
        return work;
    }

    private boolean isExitSeen() {
        return drain != null;
    }

    private int serve(NodeConnection connection) {
        if (connection.isClosed()) {
            return 0;
        }
        try {
            int count = session().serve(connection);
            return connection.isClosed() ? count + 1 : count;
        } catch (IOException e) { // a program that is gone, whose exit says why
            sockets().drop(connection, e);
            return 1;
        }
    }

    /** Gives the program what waits for it, for this node's thread, which sleeps; returns whether that is to be woken. On another thread. */
    private boolean relieve() {
        if (failure != null
                || isExitSeen()
                || agent.orders().isAnyWaiting()
                || Thread.currentThread().isInterrupted()) { // which would close the connection
            return true;
        }
        try {
            for (NodeConnection connection : sockets().connections()) {
                if (session().relieve(connection)) {
                    heardNs = agent.nowNs();
                    return !connection.isWritten() || feed().isClosing();
                }
            }
        } catch (IOException e) { // this node's thread finds the connection as it is, and that not all was written
            LOG.debug("node '{}': an answer to its program cannot be written", agent.nodeId(), e);
        } catch (Throwable t) { // whatever is wrong here fails this node, and not the one whose thread it is
            failure = t;
        }
        return true;
    }

    private void throwIfFailed() {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Whoever feeds a program that takes nothing more is not to wait for it, unless another run of it goes on where this one stopped. */
    private void endInputsWhenDropped() {
        if (feed().isDropped() && !areInputsEnded && !run.mayRunAgain() && !run.isStartedByHand()) {
            areInputsEnded = true;
            run.endInputs();
        }
    }

    /** A program that waits for events, or for room, waits for others; one that does neither has to say something now and then. */
    private void checkHealth(int work) {
        long limitNs = run.healthCheckTimeoutNs();
        if (limitNs == Long.MAX_VALUE || isExitSeen() || run.isStartedByHand()) {
            return;
        }
        long nowNs = agent.update();
        if (work > 0 || isWaitingForOthers()) {
            heardNs = nowNs;
        } else if (nowNs - heardNs >= limitNs && !agent.orders().isStopRequested()) {
            throw new ProgramException("node '" + agent.nodeId()
                    + "' is stuck: its program has neither asked for an event nor sent anything for longer than its"
                    + " health_check_timeout of " + Duration.ofNanos(limitNs));
        }
    }

    private void showPulse(int work) {
        if (run.isStartedByHand() || work == 0 && pulse.isShown()) {
            return;
        }
        if (run.hasNothingToExpect() && !isAnythingHeld()) {
            pulse.beat();
        } else {
            pulse.hide();
        }
    }

    private boolean isAnythingHeld() {
        for (NodeConnection connection : sockets().connections()) {
            if (connection.held() != null) {
                return true;
            }
        }
        return false;
    }

    private boolean isWaitingForOthers() {
        for (NodeConnection connection : sockets().connections()) {
            if (connection.isAsking() || connection.held() != null) {
                return true;
            }
        }
        return false;
    }

    private boolean isOver() {
        if (run.isStartedByHand()) {
            return feed().isExhausted()
                    && (!session().isSubscribed() || isDismissed && (feed().isEnded() || isPast(overNs)));
        }
        return isDrained();
    }

    /** Whether the program has exited, and nothing of what it has sent is still under way. */
    private boolean isDrained() {
        return drain != null && (drain.isOver() || !isAnyOpen());
    }

    private boolean isAnyOpen() {
        for (NodeConnection connection : sockets().connections()) {
            if (!connection.isClosed()) {
                return true;
            }
        }
        return false;
    }

    private boolean isPast(long timeNs) {
        return agent.update() - timeNs >= 0;
    }

    // Waiting.

    private void idle(int work, int idleCycles) {
        if (work == 0) {
            sockets().await();
            agent.waits().idle(idleCycles, untilDueNs(), true, hasWork);
        }
    }

    private long untilDueNs() {
        long until = isAskedForEvents() ? feed().untilDueNs() : Long.MAX_VALUE;
        if (run.healthCheckTimeoutNs() != Long.MAX_VALUE && !isExitSeen()) {
            until = Math.min(until, Math.max(1, heardNs + run.healthCheckTimeoutNs() - agent.nowNs()));
        }
        if (sockets().lookAfterMs() > 0) {
            until = Math.min(until, TimeUnit.MILLISECONDS.toNanos(sockets().lookAfterMs()));
        }
        if (visitors != null) {
            until = Math.min(until, visitors.untilDueNs(agent.nowNs()));
        }
        if (straggler.isAny() && !isExitSeen()) {
            until = Math.min(until, straggler.untilDueNs(agent.nowNs()));
        }
        if (drain != null) {
            until = Math.min(until, Math.max(1, drain.untilOverNs()));
        }
        return isDismissed ? Math.min(until, Math.max(1, overNs - agent.nowNs())) : until;
    }

    private boolean hasWork() {
        if (!isExitSeen() && run.exit() != null) {
            return true;
        }
        for (NodeConnection connection : sockets().connections()) {
            if (session().hasWork(connection)) {
                return true;
            }
        }
        return run.isStartedByHand() && !session().isSubscribed() && run.loop().hasWork();
    }

    private boolean isAskedForEvents() {
        if (run.isStartedByHand() && !session().isSubscribed()) {
            return true;
        }
        for (NodeConnection connection : sockets().connections()) {
            if (connection.isAsking()) {
                return true;
            }
        }
        return false;
    }

    private void checkInterruptedInOpen() {
        if (agent.orders().isInterruptRequested()) {
            ProgramException late = new ProgramException("node '" + agent.nodeId() + "': its program "
                    + whereItStands()
                    + end().lastWords(session().complaint()));
            LOG.warn("{}", late.getMessage()); // the failure of the start names the node, and has no room for more
            throw late;
        }
    }

    private String whereItStands() {
        if (isExitSeen()) {
            return "has exited";
        }
        return sockets().connections().stream().anyMatch(NodeConnection::isInFrame)
                ? "has begun a frame and not sent the rest of it"
                : "runs, but has not subscribed";
    }

    private ProgramEnd end() {
        return run.end();
    }

    private NodeSockets sockets() {
        return Objects.requireNonNull(sockets, "before open");
    }

    private ProgramSession session() {
        return Objects.requireNonNull(session, "before open");
    }

    private EventFeed feed() {
        return Objects.requireNonNull(feed, "before open");
    }
}
