package io.millrace.remote.cli;

import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowEvent.NodeFailed;
import io.millrace.runtime.DataflowEvent.NodeStateChanged;
import io.millrace.runtime.DataflowEvent.StateChanged;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.NodeState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** A line for each change of state and each failure: for logs and pipes. */
record PlainProgress(PrintStream err) implements Progress {

    @Override
    public void onEvent(DataflowEvent event) {
        describe(event).ifPresent(this::say);
    }

    /** What is worth a line. */
    static Optional<String> describe(DataflowEvent event) {
        if (event instanceof StateChanged changed) {
            return changed.state().isFinal() ? Optional.empty() : Optional.of(changed.state().name().toLowerCase(Locale.ROOT));
        }
        if (event instanceof NodeFailed failed) {
            return Optional.of("node '" + failed.node() + "' failed: " + Failures.message(failed.error()));
        }
        if (event instanceof NodeStateChanged changed && changed.state() == NodeState.ABANDONED) {
            return Optional.of("node '" + changed.node() + "' did not end and was abandoned");
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
