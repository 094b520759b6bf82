package io.millrace.contract.nodes;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports every callback as a line, in the order in which they come, {@code open} first; fails if one comes on another thread than {@code open} did.
 *
 * <p>Config {@code fails_at}: the line at which it fails; {@code mishap}: how; {@code fails_in_close}: whether {@code close} throws, with all
 * lines in its message; {@code sends_in_close}: whether {@code close} sends a report.
 */
public final class Recorder implements Operator {
    private final List<String> lines = new ArrayList<>();
    private @Nullable Thread thread;
    private @Nullable Output report;
    private String id = "";
    private String failsAt = "";
    private Mishap mishap = Mishap.EXCEPTION;
    private boolean failsInClose;
    private boolean sendsInClose;
    private int told;

    @Override
    public void open(NodeContext context) throws IOException {
        thread = Thread.currentThread();
        id = context.operatorId().isEmpty() ? context.nodeId() : context.operatorId();
        failsAt = context.config().text("fails_at", "");
        mishap = Mishap.of(context.config().text("mishap", "exception"));
        failsInClose = context.config().flag("fails_in_close", false);
        sendsInClose = context.config().flag("sends_in_close", false);
        note("open");
        report = context.outputs().isEmpty() ? null : context.output("report");
    }

    @Override
    public void onInput(Input input, Message message) throws IOException {
        note(EventLine.input(input, message));
    }

    @Override
    public void onInputClosed(Input input) throws IOException {
        note(EventLine.closed(input));
    }

    @Override
    public void onInputRecovered(Input input) throws IOException {
        note("recovered " + input.id());
    }

    @Override
    public void onAllInputsClosed() throws IOException {
        note(EventLine.ALL_CLOSED);
    }

    @Override
    public void onNodeFailed(NodeFailure failure) throws IOException {
        note(EventLine.failed(failure));
    }

    @Override
    public void onNodeRestarted(String node) throws IOException {
        note("restarted " + node);
    }

    @Override
    public void onStop() throws IOException {
        note(EventLine.STOP);
    }

    @Override
    public void close() {
        checkThread("close");
        if (sendsInClose) {
            report.send("sent in close");
        }
        if (failsInClose) {
            String interrupted = Thread.currentThread().isInterrupted() ? ", interrupted" : "";
            throw new IllegalStateException("'" + id + "' closed after " + lines + interrupted);
        }
    }

    private void note(String line) throws IOException {
        checkThread(line);
        lines.add(line);
        if (line.equals(failsAt)) {
            mishap.happen("recorder was told to fail at '" + line + "'");
        }
        if (report != null) {
            for (; told < lines.size(); told++) {
                report.send(lines.get(told));
            }
        }
    }

    private void checkThread(String callback) {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    "'" + callback + "' came on thread " + Thread.currentThread() + ", open on " + thread);
        }
    }
}
