package io.millrace.local.state;

import org.jspecify.annotations.Nullable;

/** Where the checkpoints of a node's, or an operator's, incarnations follow each other. What one stores that is no longer the last is not looked at. */
final class CheckpointSlot {
    private final String part;
    private final Runnable onDirty;
    private volatile Checkpoint current;
    private volatile boolean isDirty;
    private boolean hasFailed; // the writer's, and then of who closes

    /** @param onDirty run on the node's thread when there is something to write, and was not before */
    CheckpointSlot(String part, byte @Nullable [] restored, Runnable onDirty) {
        this.part = part;
        this.onDirty = onDirty;
        this.current = new Checkpoint(part, restored, this);
    }

    String part() {
        return part;
    }

    /** For the next incarnation; what the one before stores from now on counts for nothing. */
    Checkpoint next() {
        Checkpoint next = new Checkpoint(part, current.latest(), this);
        current = next;
        return next;
    }

    void onStored(Checkpoint by) {
        if (by == current && !isDirty) {
            isDirty = true;
            onDirty.run();
        }
    }

    /** What has to be written, once; null for nothing. */
    byte @Nullable [] takeDirty() {
        if (!isDirty) {
            return null;
        }
        isDirty = false; // before it is read: what is stored meanwhile is written again
        return current.latest();
    }

    /** It was written. */
    void onWritten() {
        hasFailed = false;
    }

    /** It could not be written, and is to be tried again; returns whether it could before. */
    boolean onWriteFailed() {
        isDirty = true;
        boolean isFirst = !hasFailed;
        hasFailed = true;
        return isFirst;
    }
}
