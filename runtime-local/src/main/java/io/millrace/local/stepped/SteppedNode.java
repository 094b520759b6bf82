package io.millrace.local.stepped;

import io.millrace.local.agent.NodeAgent;
import io.millrace.local.crew.Carrier;

/** A node that has its turn when the {@link Stepper} says so. Used by the stepper's thread. */
abstract class SteppedNode implements Carrier {
    /** Turns that come to nothing before a node counts as one that will not get further by more of them. */
    private static final int PATIENCE = 100;

    /** What came of a turn. */
    enum Outcome {
        /** It has done something. */
        PROGRESS,
        /** It would do the same again, and nothing came of it. */
        NOTHING,
        /** It did not give its turn up in time. */
        STUCK
    }

    final NodeAgent agent;
    private final Stepper stepper;
    private int fruitless;

    SteppedNode(NodeAgent agent, Stepper stepper) {
        this.agent = agent;
        this.stepper = stepper;
    }

    @Override
    public final void start(NodeAgent started) {
        begin();
        stepper.join(this);
    }

    @Override
    public final void setApart(NodeAgent node) {} // nobody waits for it longer than its turn may last

    abstract void begin();

    /** Whether it could do something now. */
    abstract boolean canRun();

    abstract Outcome turn();

    /** Nanoseconds until it could do something without anybody's doing; {@link Long#MAX_VALUE} for never. */
    abstract long untilDueNs();

    abstract boolean isOver();

    /** Whether its turns have come to nothing again and again since somebody made progress last. */
    boolean isIdling() {
        return fruitless >= PATIENCE;
    }

    void onFruitlessTurn() {
        fruitless++;
    }

    /** Somebody has made progress. */
    void onProgress() {
        fruitless = 0;
    }
}
