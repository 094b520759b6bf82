package io.millrace.local.dora;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was written is read: any values, one frame after the other through the same writer and reader, in pieces of any size. */
class RoundTripTest {
    private static final int ROUNDS = 3000;

    private final FrameWriter writer = new FrameWriter();
    private final FrameReader reader = new FrameReader();

    private ByteBuffer through(PipedChannel channel) throws IOException {
        ByteBuffer body = reader.next();
        while (body == null) {
            writer.writeTo(channel);
            reader.readFrom(channel);
            body = reader.next();
        }
        assertThat(writer.isWritten()).isTrue();
        return body;
    }

    @Test
    void shouldReadTheRequestThatWasWritten() throws IOException {
        RandomMessages messages = new RandomMessages(1);
        RequestCodec codec = new RequestCodec();
        PipedChannel channel = new PipedChannel(2);
        for (int round = 0; round < ROUNDS; round++) {
            Request sent = messages.request();
            Timestamp timestamp = messages.timestamp();
            RequestCodec.encode(sent, timestamp, writer);
            assertThat(codec.decode(through(channel))).isEqualTo(sent);
            assertThat(codec.ntp64()).isEqualTo(timestamp.ntp64());
        }
    }

    @Test
    void shouldReadTheReplyThatWasWritten() throws IOException {
        RandomMessages messages = new RandomMessages(3);
        ReplyCodec codec = new ReplyCodec();
        PipedChannel channel = new PipedChannel(4);
        for (int round = 0; round < ROUNDS; round++) {
            Reply sent = messages.reply();
            ReplyCodec.encode(sent, writer);
            assertThat(codec.decode(through(channel))).isEqualTo(sent);
        }
    }

    @Test
    void shouldReadTheEventsThatWereGathered() throws IOException {
        RandomMessages messages = new RandomMessages(5);
        ReplyCodec codec = new ReplyCodec();
        EventBatch batch = new EventBatch(writer);
        PipedChannel channel = new PipedChannel(6);
        for (int round = 0; round < 300; round++) {
            List<TimedEvent> sent = new ArrayList<>();
            batch.begin();
            for (int i = round % 200; i > 0; i--) {
                TimedEvent event = messages.timedEvent();
                if (batch.offer(event)) {
                    sent.add(event);
                }
            }
            batch.end();
            assertThat(batch.count()).isEqualTo(sent.size());
            assertThat(codec.decode(through(channel))).isEqualTo(new Reply.NextEvents(sent));
        }
    }
}
