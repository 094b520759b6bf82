package io.millrace.local.agent;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.MessageView;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.RingChoice;
import java.util.ArrayList;
import java.util.List;

/** An edge whose messages a test takes out by hand. */
final class Tube {
    private final Edge edge;
    private final MessageView view = new MessageView();

    private Tube(QueuePolicy policy, int queueSize) {
        edge = Edge.create(policy, queueSize, null, null, RingChoice.OWN, () -> {});
    }

    static Tube lossless(int queueSize) {
        return new Tube(QueuePolicy.BACKPRESSURE, queueSize);
    }

    static Tube dropOldest(int queueSize) {
        return new Tube(QueuePolicy.DROP_OLDEST, queueSize);
    }

    EdgeWriter writer() {
        return edge.writer();
    }

    EdgeReader reader() {
        return edge.reader();
    }

    /** The next message, valid until the next call; fails if none waits. */
    MessageView take() {
        if (!edge.reader().next()) {
            throw new AssertionError("no message waits");
        }
        return view.wrap(
                edge.reader().buffer(),
                edge.reader().recordOffset(),
                edge.reader().body());
    }

    /** All messages that wait, as text. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        while (edge.reader().hasNext()) {
            texts.add(take().text());
        }
        edge.reader().release();
        return texts;
    }
}
