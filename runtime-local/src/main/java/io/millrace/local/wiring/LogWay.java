package io.millrace.local.wiring;

import io.millrace.local.edge.Edge;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.runtime.DataflowMetrics.EdgeMetrics;
import io.millrace.runtime.DataflowMetrics.Lost;
import io.millrace.runtime.DataflowMetrics.Times;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import org.jspecify.annotations.Nullable;

/**
 * What gives way of log records on their way between a node and a reader elsewhere, on this side of it: it counts as sent and lost on the reader's own edge, such as
 * {@code dora/logs -> viewer/logs}, of which the other parts tell the rest. Any thread.
 */
final class LogWay {
    private final BoundaryEdge edge;

    // Guarded by this.
    private @Nullable Edge ring;
    private Losses before = new Losses(0, 0, 0); // in rings before that one

    private record Losses(long dropped, long forMemory, long conflated) {
        long total() {
            return dropped + forMemory + conflated;
        }
    }

    LogWay(BoundaryEdge edge) {
        this.edge = edge;
    }

    /** From now on they go over this one. */
    synchronized void changeTo(Edge fresh) {
        before = losses();
        ring = fresh;
    }

    private synchronized Losses losses() {
        if (ring == null) {
            return before;
        }
        long forMemory = ring.writer().droppedForMemory(); // before all that were dropped, so that it never seems more
        return new Losses(
                before.dropped + ring.writer().dropped() - forMemory,
                before.forMemory + forMemory,
                before.conflated + ring.writer().conflated());
    }

    boolean hasLost() {
        return losses().total() > 0;
    }

    /** The name of the input that an edge leads to. */
    static String endOf(BoundaryEdge edge) {
        return edge.name().substring(edge.name().indexOf(" -> ") + " -> ".length());
    }

    private String name() {
        return edge.input().source() + " -> " + endOf(edge);
    }

    private synchronized String form() {
        return ring == null ? "" : ring.form();
    }

    EdgeStatus status() {
        Losses lost = losses();
        return new EdgeStatus(
                name(), form(), lost.total(), 0, lost.dropped + lost.forMemory, lost.conflated, 0, lost.forMemory);
    }

    EdgeMetrics metrics() {
        Losses lost = losses();
        return new EdgeMetrics(
                name(),
                edge.consumer(),
                form(),
                edge.input().queueSize(),
                lost.total(),
                0,
                0,
                new Lost(lost.dropped, lost.forMemory, lost.conflated, 0),
                0,
                0,
                Times.NONE);
    }
}
