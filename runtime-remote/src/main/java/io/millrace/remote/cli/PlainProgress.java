package io.millrace.remote.cli;

import io.millrace.graph.Graph;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowEvent.NodeFailed;
import io.millrace.runtime.DataflowEvent.NodeRestarted;
import io.millrace.runtime.DataflowEvent.NodeStateChanged;
import io.millrace.runtime.DataflowEvent.NodeStuck;
import io.millrace.runtime.DataflowEvent.StateChanged;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.NodeState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/** A line for each change of state and each failure: for logs and pipes. */
record PlainProgress(PrintStream err) implements Progress {

    @Override
    public void onStart(Graph graph) {
        say("dataflow '" + graph.name() + "' runs: "
                + Units.counted(graph.nodes().size(), "node") + ", "
                + Units.counted(graph.edges().size(), "edge"));
    }

    @Override
    public void onEvent(DataflowEvent event) {
        describe(event).ifPresent(this::say);
    }

    /** What is worth a line; how it began and ended is told elsewhere. */
    static Optional<String> describe(DataflowEvent event) {
        if (event instanceof StateChanged changed) {
            return changed.state() == DataflowState.STOPPING ? Optional.of("stopping") : Optional.empty();
        }
        if (event instanceof NodeFailed failed) {
            return Optional.of(Failures.line(failed.node(), failed.error()));
        }
        if (event instanceof NodeStateChanged changed && changed.state() == NodeState.ABANDONED) {
            return Optional.of("node '" + changed.node() + "' did not end and was abandoned");
        }
        if (event instanceof NodeRestarted restarted) {
            return Optional.of("node '" + restarted.node() + "' runs again, restart " + restarted.incarnation());
        }
        if (event instanceof NodeStuck stuck) {
            return Optional.of("node '" + stuck.node() + "' is stuck: its code has not come back for "
                    + Units.elapsed(stuck.stuckFor())
                    + stuck.stack().stream()
                            .findFirst()
                            .map(frame -> ", it is at " + frame)
                            .orElse(""));
        }
        return Optional.empty();
    }

    @Override
    public void onStatus(DataflowStatus status, Duration elapsed) {}

    @Override
    public void say(String line) {
        err.println("millrace: " + Printable.line(line));
    }

    @Override
    public void close() {}
}
