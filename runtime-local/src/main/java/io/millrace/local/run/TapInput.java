package io.millrace.local.run;

import io.millrace.local.edge.Edge;
import io.millrace.local.run.LocalTap.TappedEdge;
import java.util.List;

/** One of the edges that a tap of the application reads: see {@link ApplicationEnds#tap}. Any thread. */
public final class TapInput {
    private final TappedEdge tapped;

    /**
     * One that is fed by somebody else.
     *
     * @param output its full name
     * @param edge whose reader signals what the tap waits with
     * @param end has the writer closed after the last message that is wanted; does not block
     */
    public TapInput(String output, Edge edge, Runnable end) {
        this(new TappedEdge(output, end, edge));
    }

    TapInput(TappedEdge tapped) {
        this.tapped = tapped;
    }

    TappedEdge tapped() {
        return tapped;
    }

    /** What was counted where the messages come from, in all: how many gave way to newer ones there, and how long who sends found no room. Any thread. */
    public void countElsewhere(long dropped, long fullNs) {
        tapped.countElsewhere(dropped, fullNs);
    }

    /** Not all will come: the tap hands over what does, of its other edges too, and then ends with this. Any thread, before the edge's writer is closed. */
    public void fail(RuntimeException why) {
        tapped.fail(why);
    }

    /** Where the thread of the tap stands; empty if it has not begun. Any thread. */
    public List<StackTraceElement> stack() {
        return tapped.stack();
    }

    /** From now on messages come over {@code fresh}; what still waits is handed over first. */
    public void replace(Edge fresh) {
        tapped.changeTo(fresh);
    }
}
