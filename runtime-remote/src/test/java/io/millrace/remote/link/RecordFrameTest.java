package io.millrace.remote.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.RingChoice;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordFrameTest {
    private static final int CHANNEL = 3;
    private static final long ENOUGH = 1 << 20;

    private final Edge ring = Edge.create(QueuePolicy.BACKPRESSURE, 200, null, null, RingChoice.AUTOMATIC, () -> {});
    private final EdgeReader reader = ring.reader();
    private final SendStream stream = new SendStream.Padded(UnpooledByteBufAllocator.DEFAULT);
    private final StreamWriter out = new StreamWriter(stream);
    private final DueNotices notices = new DueNotices();
    private final RecordFrame frame = new RecordFrame();

    @AfterEach
    void close() {
        reader.close();
        stream.close();
    }

    private void send(int count, int length) {
        for (int i = 0; i < count; i++) {
            assertThat(Messages.trySend(ring.writer(), i, length)).isTrue();
        }
        assertThat(reader.next()).isTrue();
    }

    private boolean fill(long mostMessages, long mostBytes) {
        return frame.fill(out, CHANNEL, 0, reader, notices, mostMessages, mostBytes);
    }

    @Test
    void shouldTakeAllThatWaitWhenTheyFit() {
        send(50, 64);

        assertThat(fill(ENOUGH, ENOUGH)).isFalse();

        assertThat(frame.count()).isEqualTo(50);
        assertThat(frame.bytes()).isEqualTo(50 * (RecordLayout.HEADER_LENGTH + 64));
        assertThat(stream.position()).isEqualTo(Frames.BODY_OFFSET + frame.bytes());
        assertThat(Frames.messages(stream.reserve(0), 0)).isEqualTo(50);
        assertThat(reader.hasNext()).isFalse();
    }

    @Test
    void shouldKeepInHandWhatDoesNotFitIntoTheFrame() {
        send(10, 1000);

        assertThat(fill(ENOUGH, ENOUGH)).isTrue();
        assertThat(frame.count()).isEqualTo(Frames.DATA_BYTES / (RecordLayout.HEADER_LENGTH + 1000));
        assertThat(reader.number()).isEqualTo(frame.count() + 1);

        assertThat(fill(ENOUGH, ENOUGH)).isFalse();
        assertThat(frame.count()).isEqualTo(3);
    }

    @Test
    void shouldTakeNoMoreThanIsGranted() {
        send(10, 8);

        assertThat(fill(4, ENOUGH)).isFalse();

        assertThat(frame.count()).isEqualTo(4);
        assertThat(reader.next()).isTrue();
        assertThat(reader.number()).isEqualTo(5);
    }

    @Test
    void shouldTakeNoMoreThanATurnMayHave() {
        send(10, 64);

        assertThat(fill(ENOUGH, 200)).isFalse();

        assertThat(frame.count()).isEqualTo(2);
    }

    @Test
    void shouldLeaveANoticeItsPlace() {
        send(10, 8);
        notices.add(ring, 1, new Notice.Restarted("x"));

        assertThat(fill(ENOUGH, ENOUGH)).isTrue();
        assertThat(frame.count()).isEqualTo(1);
        assertThat(notices.nextBefore(reader.number())).isEqualTo(new Notice.Restarted("x"));

        assertThat(fill(ENOUGH, ENOUGH)).isFalse();
        assertThat(frame.count()).isEqualTo(9);
    }
}
