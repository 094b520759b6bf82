package io.millrace.local.stepped;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.crew.ThreadCrew;
import io.millrace.local.waiting.Baton;
import io.millrace.local.waiting.StartGate;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A node with its own loop that is stepped: it has a thread, which runs only while it has the baton. */
final class SteppedLoop extends SteppedNode {
    private final Baton baton;
    private final StartGate gate;
    private final LongSupplier done;
    private final long limitNs;
    private final Thread thread;
    private volatile boolean isOver;
    private boolean isStuck;

    /**
     * @param done messages that it has taken and sent
     * @param limitNs how long a turn may last, in real time
     */
    SteppedLoop(
            NodeAgent agent,
            Stepper stepper,
            Baton baton,
            StartGate gate,
            LongSupplier done,
            long limitNs,
            ThreadCrew.Threads threads,
            ClassLoader loader) {
        super(agent, stepper);
        this.baton = baton;
        this.gate = gate;
        this.done = done;
        this.limitNs = limitNs;
        this.thread = threads.thread(this::live, "-" + agent.nodeId());
        this.thread.setContextClassLoader(loader);
    }

    private void live() {
        baton.awaitFirst();
        try {
            if (!agent.orders().isInterruptRequested() && agent.open() && isStarted()) {
                agent.begin();
                while (!agent.isOver()) {
                    agent.work();
                }
            }
            agent.close();
        } finally {
            isOver = true;
            baton.finish();
        }
    }

    private boolean isStarted() {
        while (!gate.isDecided()) {
            baton.step(
                    0,
                    Long.MAX_VALUE,
                    false,
                    () -> gate.isDecided() || agent.orders().isInterruptRequested());
        }
        return gate.await();
    }

    @Override
    void begin() {
        thread.start();
    }

    @Override
    boolean canRun() {
        if (isOver || isStuck) {
            return false;
        }
        agent.update();
        return baton.canGoOn();
    }

    @Override
    Outcome turn() {
        boolean wasAwaiting = baton.isAwaiting();
        long before = done.getAsLong();
        if (!baton.pass(limitNs)) {
            isStuck = true;
            if (agent.orders().isInterruptRequested()) {
                interrupt(agent); // which had no effect before
            }
            return Outcome.STUCK;
        }
        // Who only asks for events, or is refused again and again, gets nowhere; whoever has waited for something has
        // it now.
        return wasAwaiting || isOver || done.getAsLong() != before ? Outcome.PROGRESS : Outcome.NOTHING;
    }

    @Override
    long untilDueNs() {
        if (isOver || isStuck) {
            return Long.MAX_VALUE;
        }
        return baton.isAwaiting() ? baton.untilDueNs() : agent.untilDueNs(); // who polls finds what a timer brings
    }

    @Override
    boolean isOver() {
        return isOver;
    }

    /** Where it stands, if it holds its turn for too long. */
    StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    void awaitEndIfStuck(long timeoutNs) {
        if (!isStuck || timeoutNs <= 0) {
            return;
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, timeoutNs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Thread thread(NodeAgent node) {
        return thread;
    }

    /** Where it waits for its turn that is all the same to it; but it may be stuck. */
    @Override
    public void interrupt(NodeAgent node) {
        if (isStuck) {
            baton.retire();
            thread.interrupt();
        }
    }
}
