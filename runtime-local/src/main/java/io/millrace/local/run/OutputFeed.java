package io.millrace.local.run;

import io.millrace.local.edge.Edge;
import io.millrace.local.wiring.OutputEnd;
import io.millrace.local.wiring.TappedOutput;
import io.millrace.runtime.Stall;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An edge from an output of a part to the application, which somebody else reads: see {@link LocalPart#feed}. Any thread. */
public final class OutputFeed implements OutputEnd.Moving {
    private final String output;
    private final TappedOutput producer;
    private final boolean keepsOpen;
    private final Consumer<Edge> onReplaced;
    private final CompletableFuture<@Nullable Void> attached = new CompletableFuture<>();
    private volatile Edge edge;
    private volatile boolean isEnding;
    private volatile boolean isOver;
    private volatile boolean isLate;

    OutputFeed(String output, TappedOutput producer, Edge edge, boolean keepsOpen, Consumer<Edge> onReplaced) {
        this.output = output;
        this.producer = producer;
        this.edge = edge;
        this.keepsOpen = keepsOpen;
        this.onReplaced = onReplaced;
    }

    /** @param first the edge that it was made with: who replaces the producer attaches what takes its place */
    void attach(Edge first) {
        boolean isTaken = producer.post(() -> {
            if (keepsOpen) {
                producer.port().attach(first.writer());
            } else {
                producer.port().watch(first.writer());
            }
            onAttached(first);
        });
        if (!isTaken) {
            first.writer().close();
            onAttached(first);
        }
    }

    /** Nothing can have been sent yet. */
    private void onAttached(Edge first) {
        isLate = first.reader().isWriterClosed();
        attached.complete(null);
    }

    /** The full name of the output. */
    public String output() {
        return output;
    }

    /** The edge that counts. */
    @Override
    public Edge edge() {
        return edge;
    }

    /** Completes when the node has taken notice, on its thread: what it sends from then on comes over the edge. Not before the part runs. */
    public CompletionStage<@Nullable Void> attached() {
        return attached.minimalCompletionStage();
    }

    /** Whether the output had closed before, so that nothing comes. Known once it is attached. */
    public boolean isLate() {
        return isLate;
    }

    /** Nothing is wanted that the node sends once it has taken notice of this: then the writer is closed, behind what the node has sent and there is no room for yet. */
    public void end() {
        isEnding = true;
        if (!producer.post(() -> producer.port().afterOverflow(this::finish))) {
            isOver = true; // the node has ended, and closed it
        }
    }

    private void finish() {
        isOver = true;
        edge.writer().close();
    }

    /** The caller has closed the reader, or will. */
    public void close() {
        isOver = true;
    }

    @Override
    public boolean isOver() {
        return isOver;
    }

    @Override
    public boolean keepsOpen() {
        return keepsOpen;
    }

    @Override
    public void changeTo(Edge fresh) {
        edge = fresh;
        onReplaced.accept(fresh);
        if (isEnding) { // what was wanted and had not come to the edge before is lost with its sender
            finish();
        }
    }

    @Override
    public Optional<Stall> stall(long nowNs) {
        if (isOver) {
            return Optional.empty();
        }
        return keepsOpen
                ? Stalls.ofReader(Stall.Holder.SUBSCRIPTION, output, output + " -> application", edge, null, nowNs)
                : Stalls.ofReader(Stall.Holder.TAP, output, output + " -> tap", edge, null, nowNs);
    }

    @Override
    public String toString() {
        return "feed from '" + output + "'";
    }
}
