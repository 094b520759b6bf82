package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.wiring.AppPublisher;
import io.millrace.node.Claim;
import io.millrace.node.Clock;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OutputFeedTest {
    private final AppPublisher producer = new AppPublisher("commands", Clock.system(), () -> {}, false);

    private static Edge edge() {
        return Edge.create(QueuePolicy.BACKPRESSURE, 4, null, null, RingChoice.AUTOMATIC, () -> {});
    }

    private OutputFeed feed(Edge edge) {
        return new OutputFeed("commands", producer, edge, false, fresh -> {});
    }

    @Test
    void shouldLoseTheMessageAloneWhenItEndsWhileThatIsBeingWritten() {
        Edge edge = edge();
        OutputFeed feed = feed(edge);
        feed.attach(edge);
        assertThat(producer.offer(ByteBuffer.allocate(8))).isEqualTo(SendResult.ACCEPTED);
        Claim claim = producer.port().claim(8);

        feed.end();
        claim.commit();

        assertThat(producer.offer(ByteBuffer.allocate(8))).isEqualTo(SendResult.ACCEPTED);
        assertThat(edge.reader().next()).isTrue();
        assertThat(edge.reader().next()).isFalse();
        assertThat(edge.reader().isDrained()).isTrue();
    }

    /** Who replaces the producer attaches the edge that it makes. */
    @Test
    void shouldAttachTheEdgeThatItWasMadeWithWhenAnotherHasTakenItsPlace() {
        Edge first = edge();
        Edge fresh = edge();
        OutputFeed feed = feed(first);

        feed.changeTo(fresh);
        feed.attach(first);
        producer.offer(ByteBuffer.allocate(8));

        assertThat(first.reader().hasNext()).isTrue();
        assertThat(fresh.reader().hasNext()).isFalse();
        assertThat(feed.edge()).isSameAs(fresh);
    }
}
