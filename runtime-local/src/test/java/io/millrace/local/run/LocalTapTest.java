package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.agent.Owner;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.run.LocalTap.TappedEdge;
import io.millrace.runtime.TapHandler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalTapTest {
    private final WakeSignal signal = new WakeSignal();
    private final OutputPort output = Owner.output("out", "node/out");

    private Edge edge() {
        return Edge.create(QueuePolicy.BACKPRESSURE, 2, signal, null, RingChoice.AUTOMATIC, () -> {});
    }

    private LocalTap tap(TappedEdge edge, TapHandler handler) {
        return new LocalTap("flow", List.of(edge), signal, handler, () -> false, false);
    }

    private TappedEdge attached(Edge edge) {
        output.watch(edge.writer());
        return new TappedEdge("node/out", () -> {}, edge);
    }

    @Test
    void shouldBeOverWhenItWasClosed() {
        Edge edge = edge();
        TappedEdge tapped = attached(edge);
        LocalTap tap = tap(tapped, (from, message) -> {});
        assertThat(tapped.isOver()).isFalse();

        tap.close();
        tap.run();

        assertThat(tapped.isOver()).isTrue();
        assertThat(edge.writer().isClosed()).isTrue();
    }

    @Test
    void shouldBeOverWhenItsHandlerFails() {
        TappedEdge tapped = attached(edge());
        output.send("first");

        tap(tapped, (from, message) -> {
                    throw new IllegalStateException("told to fail");
                })
                .run();

        assertThat(tapped.isOver()).isTrue();
    }

    @Test
    void shouldCloseAnEdgeThatTakesThePlaceOfItsOwnWhenItIsOver() {
        TappedEdge tapped = attached(edge());
        Edge beforeTheEnd = edge();
        Edge afterIt = edge();
        LocalTap tap = tap(tapped, (from, message) -> {});

        tapped.changeTo(beforeTheEnd);
        tap.close();
        tap.run();
        tapped.changeTo(afterIt);

        assertThat(beforeTheEnd.writer().isClosed()).isTrue();
        assertThat(afterIt.writer().isClosed()).isTrue();
    }

    @Test
    void shouldHandOverWhatWaitsBeforeWhatComesByTheEdgeThatTookItsPlace() {
        TappedEdge tapped = attached(edge());
        Edge fresh = edge();
        List<String> texts = new ArrayList<>();
        LocalTap tap = tap(tapped, (from, message) -> texts.add(message.text()));
        output.send("waits");
        output.send("waits, too");

        tapped.changeTo(fresh);
        output.close();
        OutputPort successor = Owner.output("out", "node/out");
        successor.watch(fresh.writer());
        successor.send("comes");
        successor.close();
        tap.run();

        assertThat(texts).containsExactly("waits", "waits, too", "comes");
        assertThat(tap.counts().get(0).received()).isEqualTo(3);
        assertThat(tap.counts().get(0).dropped()).isZero();
    }
}
