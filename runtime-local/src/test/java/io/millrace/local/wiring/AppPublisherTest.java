package io.millrace.local.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.codec.Codec;
import io.millrace.codec.Codecs;
import io.millrace.graph.QueuePolicy;
import io.millrace.layout.MessageView;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Claim;
import io.millrace.node.Clock;
import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import io.millrace.testkit.ManualClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class AppPublisherTest {
    private static final Duration LONG = Duration.ofDays(1_000_000_000);

    private final AppPublisher publisher = new AppPublisher("commands", Clock.system());
    private final Threads threads = new Threads();

    private EdgeReader connect(QueuePolicy policy, int queueSize) {
        return connect(publisher, policy, queueSize);
    }

    private static EdgeReader connect(AppPublisher publisher, QueuePolicy policy, int queueSize) {
        Edge edge = Edge.create(policy, queueSize, null, publisher.signal(), RingChoice.AUTOMATIC, () -> {});
        publisher.port().connect(edge.writer());
        return edge.reader();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageView take(EdgeReader reader) {
        assertThat(reader.next()).isTrue();
        return new MessageView().wrap(reader.buffer(), reader.recordOffset(), reader.body());
    }

    @Test
    void shouldSendWhatIsOffered() throws InterruptedException {
        EdgeReader reader = connect(QueuePolicy.BACKPRESSURE, 4);
        ByteBuffer payload = bytes("abc").position(1);

        assertThat(publisher.offer(payload)).isEqualTo(SendResult.ACCEPTED);
        assertThat(publisher.offer(payload, Parameters.of("n", 5L))).isEqualTo(SendResult.ACCEPTED);
        assertThat(publisher.send(payload, Duration.ZERO)).isEqualTo(SendResult.ACCEPTED);
        assertThat(publisher.send("text", Duration.ZERO)).isEqualTo(SendResult.ACCEPTED);

        assertThat(payload.position()).isEqualTo(1);
        assertThat(take(reader).text()).isEqualTo("bc");
        assertThat(take(reader).parameters()).isEqualTo(Parameters.of("n", 5L));
        assertThat(take(reader).sequence()).isEqualTo(2);
        MessageView text = take(reader);
        assertThat(text.format()).isEqualTo(PayloadFormat.UTF8);
        assertThat(text.text()).isEqualTo("text");
    }

    @Test
    void shouldSendWhatACodecWrites() throws InterruptedException {
        EdgeReader reader = connect(QueuePolicy.BACKPRESSURE, 2);

        assertThat(publisher.offer(Codecs.LONG, 5L)).isEqualTo(SendResult.ACCEPTED);
        assertThat(publisher.send(Codecs.TEXT, "five", Duration.ZERO)).isEqualTo(SendResult.ACCEPTED);
        assertThat(publisher.offer(Codecs.LONG, 6L)).isEqualTo(SendResult.FULL);

        assertThat(Codecs.LONG.readLong(take(reader))).isEqualTo(5);
        assertThat(Codecs.TEXT.read(take(reader))).isEqualTo("five");
        publisher.close();
        assertThat(publisher.offer(Codecs.LONG, 7L)).isEqualTo(SendResult.CLOSED);
    }

    /** Changes its mind when it is to be written, as a value does that another thread changes. */
    private static final class Fickle extends Codec<byte[]> {
        private Fickle() {
            super(Codec.FIRST_OWN_ID, "what changes");
        }

        @Override
        public int length(byte[] value) {
            return value.length - 1;
        }

        @Override
        protected void put(byte[] value, Claim claim) {
            claim.putBytes(0, value, 0, value.length);
        }

        @Override
        protected byte[] get(Message message) {
            return message.toByteArray();
        }
    }

    @Test
    void shouldStayUsableWhenACodecFailsWhileItWrites() {
        EdgeReader reader = connect(QueuePolicy.BACKPRESSURE, 2);

        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> publisher.offer(new Fickle(), new byte[3]));

        assertThat(publisher.offer(bytes("x"))).isEqualTo(SendResult.ACCEPTED);
        assertThat(take(reader).sequence()).isZero();
    }

    @Test
    void shouldStampMessagesByTheClockOfTheDataflow() {
        ManualClock clock = new ManualClock();
        AppPublisher stamping = new AppPublisher("commands", clock);
        EdgeReader reader = connect(stamping, QueuePolicy.BACKPRESSURE, 4);
        clock.advance(Duration.ofMillis(500));

        stamping.offer(bytes("x"));

        assertThat(Duration.between(ManualClock.DEFAULT_START, take(reader).time()))
                .isBetween(Duration.ofNanos(499_999_990), Duration.ofMillis(500));
    }

    @Test
    void shouldBeFullAtOnceWhenThereIsNoTimeToWait() throws InterruptedException {
        connect(QueuePolicy.BACKPRESSURE, 1);
        publisher.offer(bytes("one"));

        assertThat(publisher.offer(bytes("two"))).isEqualTo(SendResult.FULL);
        assertThat(publisher.send("two", Duration.ZERO)).isEqualTo(SendResult.FULL);
        assertThat(publisher.send("two", Duration.ofSeconds(-1))).isEqualTo(SendResult.FULL);
        assertThat(publisher.send("two", Duration.ofMillis(2))).isEqualTo(SendResult.FULL);
    }

    @Test
    void shouldWaitUntilThereIsRoom() throws Exception {
        EdgeReader reader = connect(QueuePolicy.BACKPRESSURE, 1);
        publisher.offer(bytes("one"));
        Threads.Task<SendResult> sender =
                threads.run(() -> publisher.send("two", LONG)).awaitWaiting();

        assertThat(take(reader).text()).isEqualTo("one");

        assertThat(sender.get()).isEqualTo(SendResult.ACCEPTED);
        assertThat(take(reader).text()).isEqualTo("two");
    }

    @Test
    void shouldNotKeepAnotherThreadWaitingWhenOneWaits() throws Exception {
        EdgeReader reader = connect(QueuePolicy.BACKPRESSURE, 1);
        publisher.offer(bytes("one"));
        Threads.Task<SendResult> sender =
                threads.run(() -> publisher.send("two", LONG)).awaitWaiting();

        assertThat(publisher.offer(bytes("three"))).isEqualTo(SendResult.FULL);
        assertThat(publisher.send("three", Duration.ofMillis(2))).isEqualTo(SendResult.FULL);

        take(reader);
        assertThat(sender.get()).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void shouldLetThoseWaitingGoOneByOneWhenThereIsRoom() throws Exception {
        EdgeReader reader = connect(QueuePolicy.BACKPRESSURE, 1);
        publisher.offer(bytes("first"));
        for (int i = 0; i < 5; i++) {
            threads.run(() -> publisher.send("later", LONG)).awaitWaiting();
        }
        for (int i = 0; i < 6; i++) {
            while (!reader.next()) {
                Thread.onSpinWait();
            }
        }

        threads.joinAll();
        assertThat(reader.hasNext()).isFalse();
    }

    @Test
    void shouldBeClosedWhenAnotherThreadClosesItMeanwhile() throws Exception {
        EdgeReader reader = connect(QueuePolicy.BACKPRESSURE, 1);
        publisher.offer(bytes("one"));
        Threads.Task<SendResult> first =
                threads.run(() -> publisher.send("two", LONG)).awaitWaiting();
        Threads.Task<SendResult> second =
                threads.run(() -> publisher.send("three", LONG)).awaitWaiting();

        publisher.close();

        assertThat(first.get()).isEqualTo(SendResult.CLOSED);
        assertThat(second.get()).isEqualTo(SendResult.CLOSED);
        assertThat(reader.isDrained()).isFalse();
        assertThat(take(reader).text()).isEqualTo("one");
        assertThat(reader.isDrained()).isTrue();
    }

    @Test
    void shouldBeClosedWhenTheConsumerEndsMeanwhile() throws Exception {
        EdgeReader reader = connect(QueuePolicy.BACKPRESSURE, 1);
        publisher.offer(bytes("one"));
        Threads.Task<SendResult> sender =
                threads.run(() -> publisher.send("two", LONG)).awaitWaiting();

        reader.close();

        assertThat(sender.get()).isEqualTo(SendResult.CLOSED);
        assertThat(publisher.offer(bytes("three"))).isEqualTo(SendResult.CLOSED);
    }

    @Test
    void shouldSendNothingOnceItIsClosed() throws InterruptedException {
        EdgeReader reader = connect(QueuePolicy.DROP_OLDEST, 1);

        publisher.close();
        publisher.close();

        assertThat(publisher.offer(bytes("x"))).isEqualTo(SendResult.CLOSED);
        assertThat(publisher.send("x", LONG)).isEqualTo(SendResult.CLOSED);
        assertThat(reader.isDrained()).isTrue();
    }

    @Test
    void shouldSayThatItWasInterruptedWhenItWaits() throws Exception {
        EdgeReader reader = connect(QueuePolicy.BACKPRESSURE, 1);
        publisher.offer(bytes("one"));
        Threads.Task<Boolean> interrupted = threads.run(() -> {
                    assertThatExceptionOfType(InterruptedException.class)
                            .isThrownBy(() -> publisher.send("two", LONG))
                            .withMessage("interrupted while waiting for room in 'millrace/app/commands'");
                    return Thread.currentThread().isInterrupted();
                })
                .awaitWaiting();
        Threads.Task<?> inLine = threads.run(() -> {
                    assertThatExceptionOfType(InterruptedException.class)
                            .isThrownBy(() -> publisher.send("three", LONG));
                    return null;
                })
                .awaitWaiting();

        inLine.thread().interrupt();
        inLine.get();
        interrupted.thread().interrupt();

        assertThat(interrupted.get()).isFalse();
        assertThat(take(reader).text()).isEqualTo("one");
        assertThat(publisher.send("four", LONG)).isEqualTo(SendResult.ACCEPTED);
        assertThat(take(reader).text()).isEqualTo("four");
    }

    @Test
    void shouldNotMindTheInterruptWhenItNeedNotWait() throws Exception {
        connect(QueuePolicy.BACKPRESSURE, 1);
        Threads.Task<Boolean> sender = threads.run(() -> {
            Thread.currentThread().interrupt();
            assertThat(publisher.send("one", LONG)).isEqualTo(SendResult.ACCEPTED);
            return Thread.currentThread().isInterrupted();
        });

        assertThat(sender.get()).isTrue();
    }

    @Test
    void shouldStillSendWhenOneMessageCouldNotBeCopied() {
        connect(QueuePolicy.BACKPRESSURE, 4);
        Parameters tooLarge = Parameters.of("t", "x".repeat(70_000));

        assertThatIllegalArgumentException().isThrownBy(() -> publisher.offer(bytes("x"), tooLarge));

        assertThat(publisher.offer(bytes("y"))).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void shouldDeliverEachMessageOnceAndInOrderWhenManyThreadsSend() throws Exception {
        int senders = 6;
        int messages = 3_000;
        EdgeReader reader = connect(QueuePolicy.BACKPRESSURE, 3);
        for (int sender = 0; sender < senders; sender++) {
            int number = sender;
            threads.run(() -> send(number, messages));
        }

        int[] next = new int[senders];
        MessageView view = new MessageView();
        for (int count = 0; count < senders * messages; count++) {
            while (!reader.next()) {
                Thread.onSpinWait();
            }
            view.wrap(reader.buffer(), reader.recordOffset(), reader.body());
            assertThat(view.sequence()).isEqualTo(count);
            int sender = view.getInt(0);
            assertThat(view.getInt(4)).as("of sender %s", sender).isEqualTo(next[sender]++);
        }

        threads.joinAll();
        assertThat(reader.hasNext()).isFalse();
    }

    private Object send(int sender, int messages) throws InterruptedException, ExecutionException {
        ByteBuffer payload = ByteBuffer.allocate(8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < messages; i++) {
            payload.putInt(0, sender).putInt(4, i);
            SendResult result = i % 3 == 0 ? publisher.offer(payload) : SendResult.FULL;
            if (result == SendResult.FULL) {
                result = publisher.send(payload, LONG);
            }
            assertThat(result).isEqualTo(SendResult.ACCEPTED);
        }
        return sender;
    }
}
