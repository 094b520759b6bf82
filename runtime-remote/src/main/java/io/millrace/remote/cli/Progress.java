package io.millrace.remote.cli;

import io.millrace.graph.Graph;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowStatus;
import java.time.Duration;
import java.util.function.Supplier;

/** What people see of a dataflow while it runs. */
interface Progress extends AutoCloseable {

    /** It runs: every node is open. */
    void onStart(Graph graph);

    /** Something happened. Called on a thread of the dataflow, one event at a time; does not block for long. */
    void onEvent(DataflowEvent event);

    /** Called every now and then while it runs. */
    void onStatus(DataflowStatus status, Duration elapsed);

    /** As often as {@link #onStatus}: where more is shown. */
    default void onMetrics(Supplier<DataflowMetrics> metrics, Duration elapsed) {}

    /** Something to tell, as a line of its own. Any thread. */
    void say(String line);

    /** Leaves the terminal as it was. */
    @Override
    void close();

    /** The form that suits the console: a line that is redrawn in place, plain lines, or nothing. */
    static Progress on(Console console, boolean quiet) {
        return on(console, quiet, false);
    }

    /** @param top whether a terminal shows tables that are redrawn, and not only a line */
    static Progress on(Console console, boolean quiet, boolean top) {
        if (quiet) {
            return new SilentProgress(console.err());
        }
        if (!console.errIsTerminal()) {
            return new PlainProgress(console.err());
        }
        return top ? TopProgress.on(console) : LiveProgress.on(console);
    }
}
