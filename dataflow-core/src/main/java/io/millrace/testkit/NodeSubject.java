package io.millrace.testkit;

import io.millrace.layout.HybridClock;
import io.millrace.node.Event;
import io.millrace.node.Node;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node with its own loop under test: finds in its script what was fed before it ran. */
final class NodeSubject extends Subject implements Subject.EventSource {
    private final Node node;
    private final Script script;

    NodeSubject(Node node, TestContext context, HybridClock hybridClock, Script script) {
        super(context, hybridClock);
        this.node = node;
        this.script = script;
    }

    @Override
    protected void callOpen() throws Exception {
        node.open(context);
    }

    @Override
    protected void callClose() throws Exception {
        node.close();
    }

    @Override
    void accept(TestEvent event) {
        script.add(event);
    }

    @Override
    void feed(TestInput to, List<ByteBuffer> records) {
        records.forEach(record -> script.add(TestEvent.message(to, record)));
    }

    @Override
    void advance(Duration step) {
        script.pause(step.toNanos());
    }

    @Override
    void run() {
        context.events(this);
        try {
            guarded(() -> node.run(context));
        } finally {
            script.expireCurrent();
        }
        end();
    }

    @Override
    public boolean isLastEventOut() {
        return script.isFinished();
    }

    @Override
    public boolean isStopDue() {
        return script.isStopDue();
    }

    @Override
    public boolean sleep(long durationNs) {
        boolean isWhole = script.sleep(durationNs);
        hybridClock.update();
        return isWhole;
    }

    @Override
    public @Nullable TestEvent await(long timeoutNs) {
        TestEvent event = script.await(timeoutNs);
        hybridClock.update();
        if (event != null) {
            takeNote(event);
        }
        return event;
    }

    private void takeNote(TestEvent event) {
        if (event.type() == Event.Type.INPUT) {
            hybridClock.receive(event.show().message().timestamp());
        } else if (event.type() == Event.Type.INPUT_CLOSED) {
            event.testInput().closed(true);
        } else if (event.type() == Event.Type.INPUT_RECOVERED) {
            event.testInput().closed(false);
        } else if (event.type() == Event.Type.STOP) {
            context.stopping();
        }
    }
}
