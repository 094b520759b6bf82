package io.millrace.remote.cli;

import io.millrace.graph.Graph;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * One line at the bottom of the terminal: state, time, nodes that run, messages a second. While it stands there, the process's own streams go through it, so that
 * what nodes print and log stays whole.
 */
final class LiveProgress implements Progress {
    private final StatusLine line;
    private final PrintStream err;
    private final PrintStream replacedOut;
    private final PrintStream replacedErr;
    private long lastReceived;
    private Duration lastTime = Duration.ZERO;

    private LiveProgress(StatusLine line, PrintStream err, PrintStream replacedOut, PrintStream replacedErr) {
        this.line = line;
        this.err = err;
        this.replacedOut = replacedOut;
        this.replacedErr = replacedErr;
    }

    static LiveProgress on(Console console) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        StatusLine line = new StatusLine(console.err(), console.columns());
        PrintStream above = line.above(err);
        System.setErr(above);
        if (console.outIsTerminal()) {
            System.setOut(line.above(out));
        }
        return new LiveProgress(line, above, out, err);
    }

    @Override
    public void onStart(Graph graph) {}

    @Override
    public void onEvent(DataflowEvent event) {
        if (!(event instanceof DataflowEvent.StateChanged)) {
            PlainProgress.describe(event).ifPresent(this::say);
        }
    }

    @Override
    public void onStatus(DataflowStatus status, Duration elapsed) {
        line.show(text(status, elapsed));
    }

    private String text(DataflowStatus status, Duration elapsed) {
        long received = status.nodes().stream()
                .mapToLong(DataflowStatus.NodeStatus::received)
                .sum();
        long dropped = status.nodes().stream()
                .mapToLong(DataflowStatus.NodeStatus::dropped)
                .sum();
        long running =
                status.nodes().stream().filter(node -> !node.state().isFinal()).count();
        double seconds = Math.max(1e-3, elapsed.minus(lastTime).toNanos() / 1e9);
        double rate = (received - lastReceived) / seconds;
        lastReceived = received;
        lastTime = elapsed;
        return status.name() + ": " + status.state().name().toLowerCase(Locale.ROOT) + "  "
                + Units.elapsed(elapsed) + "  " + running + "/" + status.nodes().size() + " nodes  "
                + Units.rate(rate) + (dropped == 0 ? "" : "  " + Units.count(dropped) + " dropped");
    }

    @Override
    public void say(String text) {
        err.println("millrace: " + Printable.line(text));
    }

    @Override
    public void close() {
        line.erase();
        System.setOut(replacedOut);
        System.setErr(replacedErr);
    }
}
