package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.graph.GraphInput;
import io.millrace.graph.InputSource;
import io.millrace.graph.Location;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.Message;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InputPortTest {
    private final Rig rig = new Rig();
    private final OutputPort source = new OutputPort("out", "source/out", Owner.waiting());

    private InputPort port(String from, boolean debug) {
        GraphInput spec = new GraphInput(
                "in",
                InputSource.parse(from),
                QueuePolicy.BACKPRESSURE,
                10,
                false,
                Optional.empty(),
                Optional.empty(),
                Location.NONE);
        return new InputPort(spec, 2, "node/in", rig.agent, debug);
    }

    private InputPort connected(Tube tube, boolean debug) {
        source.connect(tube.writer());
        InputPort port = port("source/out", debug);
        port.connect(tube.reader());
        return port;
    }

    private static Message next(InputPort port) {
        return Objects.requireNonNull(port.next(0), "no message waits");
    }

    @Test
    void shouldDescribeItself() {
        InputPort port = port("dora/timer/millis/100", false);

        assertThat(port.id()).isEqualTo("in");
        assertThat(port.index()).isEqualTo(2);
        assertThat(port.name()).isEqualTo("node/in");
        assertThat(port.source()).isEqualTo("dora/timer/millis/100");
        assertThat(port.isDataInput()).isFalse();
        assertThat(port.isClosed()).isFalse();
    }

    @Test
    void shouldThrowAndScribbleWhenAMessageIsUsedTooLateInDebugMode() {
        for (Tube tube : new Tube[] {Tube.lossless(4), Tube.dropOldest(4)}) {
            InputPort port = connected(tube, true);
            source.send("secret");
            source.send("second");
            Message kept = next(port);
            ByteBuffer memory = kept.buffer();
            int offset = kept.offset();
            assertThat(memory.get(offset)).isEqualTo((byte) 's');

            port.release();

            assertThatIllegalStateException()
                    .isThrownBy(kept::text)
                    .withMessage("this message is no longer valid: it was used after its callback returned, or after"
                            + " the next poll");
            for (int i = 0; i < 6; i++) {
                assertThat(memory.get(offset + i)).as("byte %s", i).isEqualTo((byte) 0xDB);
            }
            assertThat(next(port).text())
                    .as("what is not in hand is left alone")
                    .isEqualTo("second");
        }
    }

    @Test
    void shouldThrowWhenAMessageIsUsedAfterTheNextInDebugMode() {
        InputPort port = connected(Tube.lossless(4), true);
        source.send("first");
        source.send("second");
        Message kept = next(port);

        Message current = next(port);

        assertThatIllegalStateException().isThrownBy(kept::length);
        assertThat(current.text()).isEqualTo("second");
    }

    @Test
    void shouldLeaveABodyAloneWhenOthersReadItToo() {
        InputPort port = connected(Tube.lossless(4), true);
        InputPort other = connected(Tube.lossless(4), true);
        ByteBuffer large = ByteBuffer.allocate(10_000).put(9_999, (byte) 7);
        source.send(large);
        next(port);

        port.release();

        assertThat(next(other).getByte(9_999)).isEqualTo((byte) 7);
    }

    @Test
    void shouldUseOneMessageAgainWhenItIsNotInDebugMode() {
        InputPort port = connected(Tube.lossless(4), false);
        source.send("first");
        source.send("second");

        assertThat(next(port)).isSameAs(next(port));
    }

    @Test
    void shouldTellWhenNothingWillComeAnyMore() {
        Tube tube = Tube.lossless(4);
        InputPort port = connected(tube, false);
        source.send("last");
        source.close();

        assertThat(port.isNewlyDrained()).isFalse();
        next(port);
        assertThat(port.isNewlyDrained()).isTrue();
        port.markClosed();
        assertThat(port.isNewlyDrained()).isFalse();
        assertThat(port.isClosed()).isTrue();
    }

    @Test
    void shouldGiveWhatWasQueuedInOrderAndThenEnd() {
        InputPort port = port("node/other/out", false);
        port.enqueue(Records.text("a"), 0, null);
        port.enqueue(Records.text("b"), 0, null);
        port.onSourceClosed();

        assertThat(port.hasWaiting()).isTrue();
        assertThat(next(port).text()).isEqualTo("a");
        assertThat(port.isNewlyDrained()).isFalse();
        assertThat(next(port).text()).isEqualTo("b");
        assertThat(port.hasNext(0)).isFalse();
        assertThat(port.next(0)).isNull();
        assertThat(port.isNewlyDrained()).isTrue();
        assertThat(port.taken()).isEqualTo(2);
    }

    @Test
    void shouldKeepTheQueuedMessageInHandWhenMoreComes() {
        InputPort port = port("node/other/out", true);
        port.enqueue(Records.text("in hand"), 0, null);
        Message inHand = next(port);

        for (int i = 0; i < 2_000; i++) {
            port.enqueue(Records.text("more " + i), 0, null);
        }

        assertThat(inHand.text()).isEqualTo("in hand");
        assertThat(next(port).text()).isEqualTo("more 0");
        assertThatIllegalStateException().isThrownBy(inHand::text);
    }

    @Test
    void shouldTickNoMoreWhenItsTimerIsClosed() {
        InputPort port = port("dora/timer/millis/1", false);
        port.connect(new TimerTicks(1_000_000));
        port.start(0);
        assertThat(next(port).length()).isZero();
        assertThat(port.untilDueNs(0)).isEqualTo(1_000_000);

        port.closeTimer();

        assertThat(port.hasNext(5_000_000)).isFalse();
        assertThat(port.next(5_000_000)).isNull();
        assertThat(port.untilDueNs(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(port.isNewlyDrained()).isTrue();
    }

    @Test
    void shouldTellTheProducerWhenItsNodeHasEnded() {
        Tube tube = Tube.lossless(4);
        InputPort port = connected(tube, false);
        source.send("waits");
        assertThat(port.isEnded()).isFalse();

        port.end();

        assertThat(port.isEnded()).isTrue();
        assertThat(source.isClosed()).isTrue();
        assertThat(tube.reader().discarded()).isEqualTo(1);
    }
}
