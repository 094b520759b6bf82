package io.millrace.remote.cli;

import io.millrace.graph.Graph;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowStatus;
import java.io.PrintStream;
import java.time.Duration;

/** Says only what goes wrong. */
record SilentProgress(PrintStream err) implements Progress {
    @Override
    public void onStart(Graph graph) {}

    @Override
    public void onEvent(DataflowEvent event) {
        if (event instanceof DataflowEvent.NodeFailed failed) {
            say(Failures.line(failed.node(), failed.error()));
        }
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
