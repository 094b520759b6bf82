package io.millrace.local.wiring;

import io.millrace.graph.GraphInput;
import io.millrace.graph.QueuePolicy;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.runtime.SubscribeOptions;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the rings that carry edges, and tells when one drops its first message. Any thread. */
public final class RingFactory implements BoundaryInput.Rings {
    private final Measures measures;
    private final Consumer<String> onFirstDrop;

    /** @param onFirstDrop told of an edge when its first message gives way to a newer one */
    RingFactory(Measures measures, Consumer<String> onFirstDrop) {
        this.measures = measures;
        this.onFirstDrop = onFirstDrop;
    }

    /**
     * For an input of the graph, with its policy and size; measured. Read by an input's port.
     *
     * @throws IllegalStateException if there is no memory for it
     */
    Edge ring(GraphInput input, @Nullable WakeSignal reader, @Nullable WakeSignal writer, String edge) {
        Edge ring = measured(input, reader, writer, edge);
        return input.policy().isLossless() ? ring.takeBrief() : ring;
    }

    private Edge measured(GraphInput input, @Nullable WakeSignal reader, @Nullable WakeSignal writer, String edge) {
        Edge ring;
        try {
            ring = ring(input.policy(), input.queueSize(), reader, writer, edge);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(input.location() + ": edge '" + edge + "': " + e.getMessage(), e);
        }
        measures.measure(ring);
        return ring;
    }

    @Override
    public Edge ring(BoundaryEdge edge, @Nullable WakeSignal reader, @Nullable WakeSignal writer) {
        return measured(edge.input(), reader, writer, edge.name());
    }

    /** For who reads an output without being part of the graph; only whether it holds its writer up is measured. */
    public Edge ringBeside(SubscribeOptions options, WakeSignal reader, TappedOutput producer, String edge) {
        Edge ring = ring(options.policy(), options.queueSize(), reader, producer.signal(), edge);
        ring.writer().measureFull();
        return ring;
    }

    private Edge ring(
            QueuePolicy policy, int queueSize, @Nullable WakeSignal reader, @Nullable WakeSignal writer, String edge) {
        return Edge.create(policy, queueSize, reader, writer, RingChoice.AUTOMATIC, () -> onFirstDrop.accept(edge));
    }
}
