package io.millrace.remote.log;

/** Hears of one member of a log, on that member's thread, in order; must not block, and must not throw. */
public interface LogListener {
    /**
     * Another member leads, or none does, or this one has begun to. Called only when something changed.
     *
     * <p>When {@link Leadership#own()} becomes true the state machine has all that earlier leaders had acknowledged. When it
     * becomes false another member may already be leading.
     */
    void onLeadership(Leadership leadership);

    /** This member has stopped by itself and needs to be closed: its state machine threw, or its disk failed. Called at most once. */
    void onStopped(String reason);
}
