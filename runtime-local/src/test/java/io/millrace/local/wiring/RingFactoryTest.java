package io.millrace.local.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.graph.GraphInput;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.TimeSamples;
import io.millrace.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingFactoryTest {
    private static final GraphInput INPUT =
            Dataflow.parse("""
                    name: flow
                    nodes:
                      - {id: sink, path: sink.py, inputs: {in: {source: millrace/app/in, queue_size: 2}}}
                    """).graph().node("sink").inputs().get(0);

    private final List<String> dropping = new ArrayList<>();

    private Edge ring(boolean isMeasured) {
        Measures measures = new Measures(isMeasured, new ManualClock(), TimeSamples.FINE);
        return new RingFactory(measures, dropping::add).ring(INPUT, null, null, "a/out -> sink/in");
    }

    private static void send(Edge ring) {
        int offset = ring.writer().tryClaim(RecordLayout.HEADER_LENGTH);
        assertThat(offset).isNotNegative();
        RecordLayout.putHeader(ring.writer().buffer(), offset, (byte) 0, 0, 0);
        RecordLayout.putLengths(ring.writer().buffer(), offset, 0, 0);
        ring.writer().commit(null);
    }

    @Test
    void shouldTellOnceOfAnEdgeThatDropsAndTakeAsMuchAsTheInputSays() {
        Edge ring = ring(false);
        send(ring);
        send(ring);
        assertThat(dropping).isEmpty();
        send(ring);
        send(ring);

        assertThat(dropping).containsExactly("a/out -> sink/in");
        assertThat(ring.writer().dropped()).isEqualTo(2);
    }

    @Test
    void shouldMeasureHopsOnlyWhenThatIsOn() {
        for (boolean isMeasured : new boolean[] {true, false}) {
            Edge ring = ring(isMeasured);
            send(ring);
            assertThat(ring.reader().next()).isTrue();

            assertThat(ring.hopTimes().samples()).isEqualTo(isMeasured ? 1 : 0);
        }
    }
}
