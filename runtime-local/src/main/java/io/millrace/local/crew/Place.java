package io.millrace.local.crew;

import io.millrace.local.edge.WakeSignal;
import io.millrace.local.waiting.Waiting;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's place at a {@link Worker}, the same for all incarnations that take over each other's edges. It is in one of these states:
 *
 * <pre>
 *   queued --poll--> in hand --rest--> resting --signal, or due--> queued
 *                       |
 *                       +--has more to do--> queued
 * </pre>
 *
 * While it rests its signal is armed, and nobody looks at its node: whoever changes something for that signals, and the first who does puts the place
 * into the queue. In all other states a signal costs its sender no more than to find that out.
 */
final class Place implements Waiting {
    static final int NOT_DUE = -1;

    private final WakeSignal signal;

    /** The one behind it in the queue. Whoever puts it there writes it; then the worker. */
    @Nullable Place next;

    // The worker.
    int dueIndex = NOT_DUE;
    long dueNs;
    private boolean hasRested;

    /** Written by the coordinator before it queues the place. */
    private Worker.@Nullable Member member;

    Place(ReadyQueue ready) {
        signal = new WakeSignal(() -> ready.push(this));
    }

    @Override
    public WakeSignal signal() {
        return signal;
    }

    @Override
    public void bind(Thread thread) {}

    @Override
    public boolean step(int idleCycles, long timeoutNs, boolean needsRoom, BooleanSupplier isOver) {
        throw new AssertionError("a node that shares its thread does not wait");
    }

    /** Before it is queued for the first time in this incarnation. */
    void occupy(Worker.Member occupant) {
        member = occupant;
    }

    Worker.Member member() {
        Worker.Member occupant = member;
        if (occupant == null) {
            throw new AssertionError("a place was queued that nobody has");
        }
        return occupant;
    }

    /**
     * From now on a signal puts it into the queue. Its node must be looked at once more.
     *
     * @param needsRoom whether the node may wait for room in an edge
     */
    void rest(boolean needsRoom) {
        hasRested = true;
        signal.arm(needsRoom);
    }

    /** It is to be queued by the caller; false if it was by a signal. */
    boolean stopResting() {
        return signal.tryDisarm();
    }

    /** Whether it has rested since this was asked last. */
    boolean takeHasRested() {
        boolean has = hasRested;
        hasRested = false;
        return has;
    }
}
