package io.millrace.local.jfr;

import io.millrace.runtime.DataflowEvent;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.FlightRecorder;

/**
 * Events of the Flight Recorder. Any thread.
 *
 * <p>Until something is recorded in this JVM no event class is loaded: the first one brings a hundred classes of the JDK along, which the start of a dataflow would wait for.
 */
public final class FlightEvents {
    /** Frames of a slow callback that are told. */
    private static final int MAX_FRAMES = 16;

    private FlightEvents() {}

    /** Whether anything is recorded in this JVM, or was. Loads nothing. */
    public static boolean isRecording() {
        return FlightRecorder.isInitialized();
    }

    /** What an application is told, too. */
    public static void emit(String dataflow, DataflowEvent event) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        if (event instanceof DataflowEvent.StateChanged changed) {
            DataflowStateEvent.commit(dataflow, changed.state());
        } else if (event instanceof DataflowEvent.NodeStateChanged changed) {
            NodeStateEvent.commit(dataflow, changed.node(), changed.state());
        } else if (event instanceof DataflowEvent.NodeFailed failed) {
            NodeFailedEvent.commit(dataflow, failed.node(), failed.error());
        } else if (event instanceof DataflowEvent.NodeRestarted restarted) {
            NodeRestartedEvent.commit(dataflow, restarted.node(), restarted.incarnation());
        } else if (event instanceof DataflowEvent.NodeStuck stuck) {
            NodeStuckEvent.commit(dataflow, stuck.node(), stuck.stuckFor().toNanos(), stuck.stack());
        } else if (event instanceof DataflowEvent.FirstDrop drop) {
            FirstDropEvent.commit(dataflow, drop.edge());
        }
    }

    /** A callback of this thread has lasted so long, and still does. */
    public static void slowHandling(String dataflow, String node, Thread thread, long lastedNs) {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        SlowHandlingEvent event = new SlowHandlingEvent();
        if (event.isEnabled()) {
            event.dataflow = dataflow;
            event.node = node;
            event.nodeThread = thread;
            event.lasted = lastedNs;
            event.position = position(List.of(thread.getStackTrace()));
            event.commit();
        }
    }

    /** The innermost frames, a line each. */
    static String position(List<StackTraceElement> stack) {
        return stack.stream().limit(MAX_FRAMES).map(StackTraceElement::toString).collect(Collectors.joining("\n"));
    }
}
