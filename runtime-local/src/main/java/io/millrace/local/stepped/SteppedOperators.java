package io.millrace.local.stepped;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.waiting.StartGate;
import io.millrace.local.waiting.Waiting;
import java.util.function.BooleanSupplier;

/** A reactive node that is stepped: a turn is one cycle of its loop, on the stepper's thread. */
final class SteppedOperators extends SteppedNode {
    private enum Stage {
        NEW,
        OPENED,
        RUNNING,
        ENDED
    }

    private final StartGate gate;
    private final Turns turns;
    private final ClassLoader loader;
    private Stage stage = Stage.NEW;

    SteppedOperators(NodeAgent agent, Stepper stepper, StartGate gate, Turns turns, ClassLoader loader) {
        super(agent, stepper);
        this.gate = gate;
        this.turns = turns;
        this.loader = loader;
    }

    /** Nobody waits in a callback. */
    static Waiting waiting(WakeSignal signal) {
        return new Waiting() {
            @Override
            public WakeSignal signal() {
                return signal;
            }

            @Override
            public void bind(Thread thread) {}

            @Override
            public boolean step(int idleCycles, long timeoutNs, boolean needsRoom, BooleanSupplier isOver) {
                throw new AssertionError("a stepped node does not wait");
            }
        };
    }

    @Override
    void begin() {}

    @Override
    boolean canRun() {
        return switch (stage) {
            case NEW -> true;
            case OPENED -> gate.isDecided();
            case RUNNING -> {
                agent.update();
                yield agent.hasWork();
            }
            case ENDED -> false;
        };
    }

    @Override
    Outcome turn() {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(loader);
        try {
            return live();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    private Outcome live() {
        switch (stage) {
            case NEW -> {
                boolean isOpen = !agent.orders().isInterruptRequested() && agent.open();
                stage = Stage.OPENED;
                if (!isOpen) {
                    end();
                }
                return Outcome.PROGRESS;
            }
            case OPENED -> {
                if (!gate.await()) {
                    end();
                } else {
                    agent.begin();
                    stage = Stage.RUNNING;
                }
                return Outcome.PROGRESS;
            }
            default -> {
                agent.batchLimit(turns.batchLimit());
                int work = agent.work();
                if (agent.isOver()) {
                    end();
                    return Outcome.PROGRESS;
                }
                return work > 0 ? Outcome.PROGRESS : Outcome.NOTHING;
            }
        }
    }

    private void end() {
        stage = Stage.ENDED;
        agent.close();
    }

    @Override
    long untilDueNs() {
        return stage == Stage.RUNNING ? agent.untilDueNs() : Long.MAX_VALUE;
    }

    @Override
    boolean isOver() {
        return stage == Stage.ENDED;
    }

    @Override
    public Thread thread(NodeAgent node) {
        return Thread.currentThread();
    }

    @Override
    public void interrupt(NodeAgent node) {} // it is not in its code, or this would not be called
}
