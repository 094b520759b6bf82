package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.MessageView;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeReader;
import io.millrace.local.edge.RingChoice;
import io.millrace.local.pool.SlabPool;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.RetainedMessage;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldsTest {
    private static final int BUDGET = 64 * 1024;

    private final List<Warning> warnings = new CopyOnWriteArrayList<>();
    private final Holds holds = new Holds("flow", true, (text, site) -> warnings.add(new Warning(text, site)));
    private final SlabPool copies = new SlabPool("copies", OptionalLong.of(BUDGET), () -> {}, true);
    private final Retention retention =
            new Retention(holds, copies, "node 'detector'", "input 'detector/image' (output 'camera/frame')");
    private final OutputPort port = new OutputPort(
            "frame",
            "camera/frame",
            Owner.waiting(),
            new OutputPort.Payloads(OptionalLong.of(BUDGET), () -> {}, () -> {}, true));
    private final Edge edge = Edge.create(QueuePolicy.BACKPRESSURE, 50, null, null, RingChoice.OWN, () -> {});
    private final EdgeReader reader = edge.reader();
    private final MessageView view = new MessageView(message -> retention.retain(message, reader.slab()));

    private record Warning(String text, @Nullable Throwable site) {}

    HoldsTest() {
        port.connect(edge.writer());
    }

    @AfterEach
    void close() {
        holds.close();
        Threads.awaitNone("millrace-flow");
    }

    private void send(long number, int length) {
        Claim claim = port.claim(length, Parameters.of("number", number)).format(PayloadFormat.JSON);
        for (int i = 0; i + Long.BYTES <= length; i += Long.BYTES) {
            claim.putLong(i, number);
        }
        claim.commit();
    }

    private Message receive() {
        assertThat(reader.next()).isTrue();
        return view.wrap(reader.buffer(), reader.recordOffset(), reader.body());
    }

    private RetainedMessage retainNext() {
        RetainedMessage kept = receive().retain();
        reader.release();
        view.invalidate();
        return kept;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 4_000, 4_096, 5_000, 30_000})
    void shouldStayWholeWhenMessagesFollow(int length) {
        send(1, length);
        RetainedMessage kept = retainNext();
        for (int number = 2; number < 200; number++) {
            send(number, 64);
            receive();
        }

        assertThat(kept.length()).isEqualTo(length);
        for (int i = 0; i + Long.BYTES <= length; i += Long.BYTES) {
            assertThat(kept.getLong(i)).isEqualTo(1);
        }
        assertThat(kept.parameters()).isEqualTo(Parameters.of("number", 1));
        assertThat(kept.format()).isEqualTo(PayloadFormat.JSON);
        assertThat(kept.sequence()).isZero();
        assertThat(kept.incarnation()).isEqualTo(3);
        assertThat(kept.toByteArray()).hasSize(length);
        kept.release();
        assertThat(copies.outstandingBytes()).isZero();
    }

    @Test
    void shouldCountAgainstTheOutputWhenALargePayloadIsRetained() {
        send(1, 30_000);
        RetainedMessage kept = retainNext();

        assertThat(port.outstandingBytes()).isPositive();
        assertThat(copies.outstandingBytes()).isZero();
        assertThat(port.tryClaim(50_000)).as("no memory for another one").isNull();
        kept.release();
        assertThat(port.outstandingBytes()).isZero();
        assertThat(port.tryClaim(50_000)).isNotNull();
    }

    @Test
    void shouldThrowAndBeWrittenOverWhenUsedAfterItsRelease() {
        send(1, 30_000);
        RetainedMessage kept = retainNext();
        ByteBuffer buffer = kept.buffer();
        int begin = kept.offset();

        kept.release();
        kept.release();

        assertThatIllegalStateException()
                .isThrownBy(() -> kept.getLong(0))
                .withMessage("this retained message is no longer valid: it was used after its release");
        assertThat(buffer.getLong(begin)).isEqualTo(0xDBDB_DBDB_DBDB_DBDBL);
        assertThat(holds.count()).isZero();
    }

    @Test
    void shouldReleaseEachByItselfWhenRetainedAgain() {
        send(1, 30_000);
        RetainedMessage kept = retainNext();
        RetainedMessage again = kept.retain();
        kept.release();

        assertThat(again.getLong(16)).isEqualTo(1);
        assertThat(port.outstandingBytes()).isPositive();
        again.release();
        assertThat(port.outstandingBytes()).isZero();
    }

    @Test
    void shouldSayWhatToDoWhenCopiesExceedTheBudget() {
        List<RetainedMessage> kept = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            send(i, 4_000);
            kept.add(retainNext());
        }
        send(16, 4_000);

        assertThatIllegalStateException()
                .isThrownBy(this::retainNext)
                .withMessageStartingWith("node 'detector' retains so many messages that a copy of 4")
                .withMessageContaining("payload_budget of 65536 bytes: release what is not needed any more");
        kept.forEach(RetainedMessage::release);
        send(17, 4_000);
        retainNext().release();
    }

    @Test
    void shouldSendOnInTheSameSlabWhenAPayloadIsLarge() {
        OutputPort onward = new OutputPort(
                "out",
                "detector/out",
                Owner.waiting(),
                new OutputPort.Payloads(OptionalLong.of(100), () -> {}, () -> {}, true));
        Edge next = Edge.create(QueuePolicy.DROP_OLDEST, 2, null, null, RingChoice.OWN, () -> {});
        onward.connect(next.writer());
        send(7, 30_000);
        RetainedMessage kept = retainNext();
        ByteBuffer memory = kept.buffer();

        assertThat(onward.send(kept)).isEqualTo(SendResult.ACCEPTED);
        kept.release();

        assertThat(next.reader().next()).isTrue();
        assertThat(next.reader().body()).isSameAs(memory);
        MessageView there = new MessageView()
                .wrap(
                        next.reader().buffer(),
                        next.reader().recordOffset(),
                        next.reader().body());
        assertThat(there.getLong(29_992)).isEqualTo(7);
        assertThat(there.length()).isEqualTo(30_000);
        assertThat(there.parameters()).isEqualTo(Parameters.of("number", 7));
        assertThat(there.format()).isEqualTo(PayloadFormat.JSON);
        assertThat(onward.outstandingBytes()).isZero();
        assertThat(port.outstandingBytes()).isPositive();
        next.reader().release();
        assertThat(port.outstandingBytes()).isZero();
        assertThatIllegalStateException().isThrownBy(() -> onward.send(kept));
    }

    @Test
    void shouldTakeMemoryBackAndNameWhoForgotWhenARetainedMessageIsGarbage() {
        send(1, 30_000);
        send(2, 20_000);
        forget();
        forget();

        await().atMost(Threads.DEADLINE).untilAsserted(() -> {
            System.gc();
            assertThat(port.outstandingBytes()).isZero();
            assertThat(warnings).isNotEmpty();
        });
        assertThat(holds.count()).isZero();
        holds.close();
        assertThat(warnings).hasSize(2);
        assertThat(warnings.get(0).text())
                .startsWith(
                        "dataflow 'flow': a message that node 'detector' retained from input 'detector/image' (output 'camera/frame')"
                                + " was never released");
        assertThat(warnings.get(0).site().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("forget"));
        assertThat(warnings.get(1).text()).startsWith("dataflow 'flow': 2 messages that node 'detector' retained");
    }

    private void forget() {
        assertThat(retainNext().length()).isPositive();
    }

    @Test
    void shouldSayWhatIsStillRetainedWhenTheDataflowEnds() {
        send(1, 30_000);
        send(2, 100);
        RetainedMessage first = retainNext();
        RetainedMessage second = retainNext();

        holds.close();

        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0).text())
                .startsWith("dataflow 'flow' has ended, and 2 messages of ")
                .endsWith(
                        "that node 'detector' retained from input 'detector/image' (output 'camera/frame') are not released");
        assertThat(warnings.get(0).site()).isNotNull();
        assertThat(first.getLong(0)).isEqualTo(1);
        second.release();
        first.release();
        assertThat(port.outstandingBytes()).isZero();
    }

    @Test
    void shouldSayNothingWhenAllIsReleased() {
        send(1, 30_000);
        retainNext().close();
        holds.close();

        assertThat(warnings).isEmpty();
    }

    @Test
    void shouldBeReleasedOnceWhenManyThreadsReleaseIt() throws Exception {
        for (int round = 0; round < 200; round++) {
            send(round, 10_000);
            RetainedMessage kept = retainNext();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(new Thread(kept::release));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(port.outstandingBytes()).isZero();
        }
    }
}
