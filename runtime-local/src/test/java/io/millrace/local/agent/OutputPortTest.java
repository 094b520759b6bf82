package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.layout.MessageView;
import io.millrace.local.edge.Edge;
import io.millrace.node.Claim;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputPortTest {
    private static final int NARROW_QUEUE = 4096; // of which the edge takes 64 bytes in the record

    private final Owner owner = Owner.waiting();
    private final OutputPort port = new OutputPort("out", "node/out", owner);
    private final Owner reactive = Owner.reactive();
    private final OutputPort buffering = new OutputPort("out", "node/out", reactive);

    private static Tube connect(OutputPort port, Tube tube) {
        port.connect(tube.writer());
        return tube;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Each byte tells where it stands. */
    private static ByteBuffer bytes(int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, (byte) (i * 31));
        }
        return bytes;
    }

    private static void assertBytes(MessageView message, int length) {
        assertThat(message.toByteArray()).isEqualTo(bytes(length).array());
    }

    @Nested
    class Sending {

        @Test
        void shouldGiveEveryConsumerTheMessage() {
            Tube first = connect(port, Tube.lossless(4));
            Tube second = connect(port, Tube.dropOldest(4));
            Tube third = connect(port, Tube.lossless(4));

            assertThat(port.send("one")).isEqualTo(SendResult.ACCEPTED);
            assertThat(port.offer(bytes("two"))).isEqualTo(SendResult.ACCEPTED);

            assertThat(first.texts()).containsExactly("one", "two");
            assertThat(second.texts()).containsExactly("one", "two");
            assertThat(third.texts()).containsExactly("one", "two");
            assertThat(port.sent()).isEqualTo(2);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void shouldWriteTheWholeHeader(int consumers) {
            Tube tube = connect(port, Tube.lossless(4));
            for (int i = 1; i < consumers; i++) {
                connect(port, Tube.lossless(4));
            }
            Parameters parameters = Parameters.of("n", 5L);
            port.send("first");

            Claim claim = port.claim(4, parameters);
            claim.putInt(0, 77);
            claim.format(PayloadFormat.JSON).commit();

            assertThat(tube.take().format()).isEqualTo(PayloadFormat.UTF8);
            MessageView message = tube.take();
            assertThat(message.sequence()).isEqualTo(1);
            assertThat(message.incarnation()).isEqualTo(3);
            assertThat(message.timestamp()).isEqualTo(1001);
            assertThat(message.format()).isEqualTo(PayloadFormat.JSON);
            assertThat(message.parameters()).isEqualTo(parameters);
            assertThat(message.getInt(0)).isEqualTo(77);
        }

        @Test
        void shouldLeaveThePayloadsPositionAlone() {
            connect(port, Tube.lossless(4));
            ByteBuffer payload = bytes("abc").position(1);

            port.offer(payload);
            port.send(payload);

            assertThat(payload.position()).isEqualTo(1);
        }

        @Test
        void shouldCountMessagesThatNobodyReads() {
            assertThat(port.send("to nobody")).isEqualTo(SendResult.ACCEPTED);

            assertThat(port.sent()).isEqualTo(1);
            assertThat(port.isClosed()).isFalse();
            assertThat(port.hasRoom()).isTrue();
        }

        @Test
        void shouldSendToNobodyWhenOneHasNoRoom() {
            Tube full = connect(port, Tube.lossless(1));
            Tube empty = connect(port, Tube.lossless(2));
            port.send("one");

            assertThat(port.offer(bytes("two"))).isEqualTo(SendResult.FULL);
            assertThat(port.tryClaim(1)).isNull();
            assertThat(port.hasRoom()).isFalse();

            assertThat(empty.texts()).containsExactly("one");
            assertThat(full.texts()).containsExactly("one");
            assertThat(port.offer(bytes("two"))).isEqualTo(SendResult.ACCEPTED);
        }

        @Test
        void shouldAlwaysHaveRoomWhenConsumersAreLossy() {
            Tube lossy = connect(port, Tube.dropOldest(2));
            for (int i = 0; i < 10; i++) {
                assertThat(port.offer(bytes("m" + i))).isEqualTo(SendResult.ACCEPTED);
            }

            assertThat(lossy.texts()).containsExactly("m8", "m9");
        }

        @Test
        void shouldSendNothingWhenTheClaimIsAborted() {
            Tube first = connect(port, Tube.lossless(1));
            port.claim(4).abort();
            Tube second = connect(port, Tube.lossless(1));
            port.claim(4).abort();
            port.claim(100_000).abort();

            assertThat(first.texts()).isEmpty();
            assertThat(second.texts()).isEmpty();
            assertThat(port.sent()).isZero();
            assertThat(port.send("after")).isEqualTo(SendResult.ACCEPTED);
            assertThat(first.take().sequence()).isZero();
        }

        @Test
        void shouldRefuseASecondClaimWhileOneIsOpen() {
            connect(port, Tube.lossless(4));
            Claim claim = port.claim(4);

            assertThatIllegalStateException()
                    .isThrownBy(() -> port.claim(4))
                    .withMessage("output 'node/out' has a claim that was neither committed nor aborted");
            assertThatIllegalStateException().isThrownBy(() -> port.offer(bytes("x")));
            assertThatIllegalStateException().isThrownBy(() -> port.send("x"));

            claim.commit();
            assertThat(port.send("x")).isEqualTo(SendResult.ACCEPTED);
        }

        @Test
        void shouldRefuseAClaimThatIsUsedAfterItsEnd() {
            connect(port, Tube.lossless(4));
            Claim claim = port.claim(4);
            claim.commit();

            assertThatIllegalStateException().isThrownBy(claim::commit);
            assertThatIllegalStateException().isThrownBy(claim::abort);
            assertThatIllegalStateException().isThrownBy(() -> claim.putInt(0, 1));
            assertThat(port.sent()).isEqualTo(1);
        }

        @Test
        void shouldRefuseToSendWhenItsOwnerMayNot() {
            owner.mayNotSend = true;

            assertThatIllegalStateException().isThrownBy(() -> port.send("x")).withMessage("not now: node/out");
            assertThatIllegalStateException().isThrownBy(() -> port.claim(1));
            assertThatIllegalStateException().isThrownBy(() -> port.tryClaim(1));
        }

        @Test
        void shouldRefuseAPayloadAboveTheLimitByName() {
            String message = "output 'node/out': a payload of 1073741825 bytes is not within 0 to 1073741824, the most"
                    + " that a message may have";

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> port.claim(Output.MAX_PAYLOAD_BYTES + 1))
                    .withMessage(message);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> port.tryClaim(Output.MAX_PAYLOAD_BYTES + 1))
                    .withMessage(message);
            assertThatIllegalArgumentException().isThrownBy(() -> port.claim(-1));
            assertThatIllegalArgumentException().isThrownBy(() -> port.claim(Integer.MIN_VALUE));
        }
    }

    @Nested
    class LargePayloads {

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 4095, 4096, 4097, 100_000, 3_000_000})
        void shouldArriveWholeWhateverTheirLength(int length) {
            Tube first = connect(port, Tube.lossless(2));
            assertThat(port.send(bytes(length))).isEqualTo(SendResult.ACCEPTED);
            assertBytes(first.take(), length);

            Tube second = connect(port, Tube.dropOldest(2));
            assertThat(port.send(bytes(length))).isEqualTo(SendResult.ACCEPTED);
            assertBytes(first.take(), length);
            assertBytes(second.take(), length);
        }

        @Test
        void shouldBeWrittenOnceForAllConsumers() {
            Tube first = connect(port, Tube.lossless(2));
            Tube second = connect(port, Tube.lossless(2));
            Parameters parameters = Parameters.of("n", 5L);
            Claim claim = port.claim(10_000, parameters);
            claim.putBytes(0, bytes(10_000));
            claim.commit();

            MessageView one = first.take();
            MessageView other = second.take();

            assertThat(one.buffer()).isSameAs(other.buffer());
            assertThat(one.parameters()).isEqualTo(parameters);
            assertBytes(one, 10_000);
            Assertions.assertThatThrownBy(() -> one.buffer().put(0, (byte) 1))
                    .isInstanceOf(ReadOnlyBufferException.class);
        }

        @Test
        void shouldLeaveTheRecordInlineAsFarAsTheNarrowestEdgeAllows() {
            Tube wide = connect(port, Tube.lossless(1));
            Tube narrow = connect(port, Tube.lossless(NARROW_QUEUE));
            assertThat(Edge.inlineLimit(NARROW_QUEUE)).isEqualTo(64);
            port.send(bytes(64));
            assertThat(wide.reader().next()).isTrue();
            assertThat(wide.reader().body()).isNull();

            port.send(bytes(65));

            assertThat(wide.reader().next()).isTrue();
            assertThat(wide.reader().body()).isNotNull();
            narrow.take();
            assertBytes(narrow.take(), 65);
        }

        @Test
        void shouldTravelInlineAgainWhenTheNarrowEdgeIsGone() {
            Tube wide = connect(port, Tube.lossless(4));
            Tube narrow = connect(port, Tube.lossless(NARROW_QUEUE));
            narrow.reader().close();
            port.send("finds that it is gone");
            wide.take();

            port.send(bytes(1000));

            assertBytes(wide.take(), 1000);
            assertThat(wide.reader().body()).isNull();
        }
    }

    @Nested
    class Waiting {

        @Test
        void shouldWaitUntilThereIsRoomWhenItsOwnerHasALoop() {
            Tube tube = connect(port, Tube.lossless(1));
            port.send("one");
            List<String> taken = new ArrayList<>();
            owner.waits.add(() -> {});
            owner.waits.add(() -> taken.addAll(tube.texts()));

            assertThat(port.send("two")).isEqualTo(SendResult.ACCEPTED);

            assertThat(taken).containsExactly("one");
            assertThat(tube.texts()).containsExactly("two");
        }

        @Test
        void shouldBeFullWhenTheTimeHasPassed() {
            Tube tube = connect(port, Tube.lossless(1));
            port.send("one");

            assertThat(port.send(bytes("two"), Duration.ofMillis(5))).isEqualTo(SendResult.FULL);

            assertThat(tube.texts()).containsExactly("one");
        }

        @Test
        void shouldBeClosedWhenTheLastConsumerEndsMeanwhile() {
            Tube tube = connect(port, Tube.lossless(1));
            port.send("one");
            owner.waits.add(() -> tube.reader().close());

            assertThat(port.send("two")).isEqualTo(SendResult.CLOSED);
            assertThat(port.sent()).isEqualTo(1);
        }

        @Test
        void shouldServeTheOthersWhenTheOneWithoutRoomEndsMeanwhile() {
            Tube full = connect(port, Tube.lossless(1));
            Tube other = connect(port, Tube.lossless(4));
            port.send("one");
            owner.waits.add(() -> full.reader().close());

            assertThat(port.send("two")).isEqualTo(SendResult.ACCEPTED);
            assertThat(other.texts()).containsExactly("one", "two");
        }

        @Test
        void shouldGiveRoomThatLeadsNowhereWhenAClaimFindsTheOutputClosed() {
            Tube tube = connect(port, Tube.lossless(1));
            tube.reader().close();

            for (int length : new int[] {8, 10_000}) {
                Claim claim = port.claim(length, Parameters.of("n", 1L));
                claim.putLong(0, 1);
                claim.commit();
            }
            port.claim(8).abort();

            assertThat(port.sent()).isZero();
            assertThat(port.tryClaim(8)).isNull();
            assertThat(port.offer(bytes("x"))).isEqualTo(SendResult.CLOSED);
            assertThat(port.send("x")).isEqualTo(SendResult.CLOSED);
            assertThat(port.send(bytes("x"), Duration.ofSeconds(1))).isEqualTo(SendResult.CLOSED);
        }
    }

    @Nested
    class Overflow {

        @Test
        void shouldTakeMoreThanThereIsRoomForWhenItsOwnerIsReactive() {
            Tube tube = connect(buffering, Tube.lossless(2));
            for (int i = 0; i < 5; i++) {
                assertThat(buffering.send("m" + i)).isEqualTo(SendResult.ACCEPTED);
            }

            assertThat(buffering.hasRoom()).isFalse();
            assertThat(buffering.isOverflowing()).isTrue();
            assertThat(buffering.sent()).isEqualTo(5);
            assertThat(tube.texts()).containsExactly("m0", "m1");
            assertThat(buffering.canFlush()).isTrue();
            assertThat(buffering.flush()).isFalse();
            assertThat(tube.texts()).containsExactly("m2", "m3");
            assertThat(buffering.flush()).isTrue();
            assertThat(buffering.hasRoom()).isTrue();
            assertThat(tube.texts()).containsExactly("m4");
        }

        @Test
        void shouldNotOfferWhatItHasNoRoomFor() {
            connect(buffering, Tube.lossless(1));
            buffering.send("one");

            assertThat(buffering.offer(bytes("two"))).isEqualTo(SendResult.FULL);
            assertThat(buffering.tryClaim(1)).isNull();
        }

        @Test
        void shouldNotLetALaterMessagePassWhenThereIsRoomAgain() {
            Tube tube = connect(buffering, Tube.lossless(1));
            buffering.send("one");
            buffering.send("two");
            assertThat(tube.texts()).containsExactly("one");

            assertThat(buffering.offer(bytes("three"))).isEqualTo(SendResult.FULL);
            buffering.send("three");

            buffering.flush();
            assertThat(tube.texts()).containsExactly("two");
            buffering.flush();
            assertThat(tube.texts()).containsExactly("three");
        }

        @Test
        void shouldKeepLargePayloadsWhenTheyWait() {
            Tube first = connect(buffering, Tube.lossless(1));
            Tube second = connect(buffering, Tube.lossless(1));
            for (int length : new int[] {10, 5_000, 20, 6_000}) {
                buffering.send(bytes(length));
            }

            for (int length : new int[] {10, 5_000, 20, 6_000}) {
                buffering.flush();
                MessageView one = first.take();
                assertBytes(one, length);
                MessageView other = second.take();
                assertBytes(other, length);
                assertThat(one.buffer() == other.buffer()).isEqualTo(length > 4096);
            }
        }

        @Test
        void shouldKeepTheRestWhenAClaimInTheOverflowIsAborted() {
            Tube tube = connect(buffering, Tube.lossless(1));
            buffering.send("one");
            buffering.claim(3).abort();
            buffering.send("two");

            assertThat(tube.texts()).containsExactly("one");
            buffering.flush();
            assertThat(tube.texts()).containsExactly("two");
        }

        @Test
        void shouldTellItsOwnerOnceWhenMoreWaitsThanMay() {
            connect(buffering, Tube.lossless(1));

            for (int i = 0; i < 2 * RecordQueue.MAX_MESSAGES; i++) {
                buffering.send("x");
            }

            assertThat(reactive.overflows).containsExactly(buffering.name());
        }

        @Test
        void shouldKeepNoMoreThanTheLimitWhenItsOwnerGoesOnSending() {
            Tube tube = connect(buffering, Tube.lossless(1));
            for (int i = 0; i < 2 * RecordQueue.MAX_MESSAGES; i++) {
                buffering.send("x");
            }

            int received = 0;
            for (boolean isFlushed = false; !isFlushed; ) {
                received += tube.texts().size();
                isFlushed = buffering.flush();
            }
            received += tube.texts().size();

            assertThat(received).isEqualTo(1 + RecordQueue.MAX_MESSAGES + 1);
        }

        @Test
        void shouldCopyTheBodyForAnEdgeThatTakesLessInline() {
            Tube wide = connect(buffering, Tube.lossless(1));
            buffering.send(bytes(10));
            buffering.send(bytes(2_000));
            buffering.send(bytes(30));
            Tube narrow = Tube.lossless(NARROW_QUEUE);
            buffering.attach(narrow.writer());
            wide.take();
            buffering.flush();

            assertBytes(narrow.take(), 2_000);
            assertThat(narrow.reader().body()).isNotNull();
            assertBytes(wide.take(), 2_000);
            assertThat(wide.reader().body()).isNull();
            buffering.flush();
            assertBytes(narrow.take(), 30);
            assertThat(narrow.reader().body()).isNull();
        }

        @Test
        void shouldKeepParametersWhenTheBodyIsCopied() {
            Tube wide = connect(buffering, Tube.lossless(1));
            buffering.send(bytes(10));
            Claim claim = buffering.claim(100, Parameters.of("n", 5L));
            claim.putBytes(0, bytes(100));
            claim.format(PayloadFormat.JSON).commit();
            Tube narrow = Tube.lossless(NARROW_QUEUE);
            buffering.attach(narrow.writer());
            wide.take();
            buffering.flush();

            MessageView message = narrow.take();

            assertThat(message.parameters()).isEqualTo(Parameters.of("n", 5L));
            assertThat(message.format()).isEqualTo(PayloadFormat.JSON);
            assertThat(message.sequence()).isEqualTo(1);
            assertBytes(message, 100);
        }

        @Test
        void shouldGoOnWhenAConsumerEndsMeanwhile() {
            Tube full = connect(buffering, Tube.lossless(1));
            Tube other = connect(buffering, Tube.lossless(10));
            for (int i = 0; i < 4; i++) {
                buffering.send("m" + i);
            }
            full.reader().close();

            assertThat(buffering.flush()).isTrue();
            assertThat(other.texts()).containsExactly("m0", "m1", "m2", "m3");
        }
    }

    @Nested
    class Closing {

        @Test
        void shouldTellConsumersAfterTheLastMessage() {
            Tube tube = connect(port, Tube.lossless(4));
            port.send("last");

            port.close();
            port.close();

            assertThat(tube.reader().isDrained()).isFalse();
            assertThat(tube.texts()).containsExactly("last");
            assertThat(tube.reader().isDrained()).isTrue();
            assertThat(port.isClosed()).isTrue();
            assertThat(port.send("too late")).isEqualTo(SendResult.CLOSED);
        }

        @Test
        void shouldFirstSendWhatWaitsWhenItIsClosedMeanwhile() {
            Tube tube = connect(buffering, Tube.lossless(1));
            buffering.send("one");
            buffering.send("two");

            buffering.close();

            assertThat(buffering.isClosed()).isTrue();
            assertThat(buffering.send("three")).isEqualTo(SendResult.CLOSED);
            assertThat(tube.texts()).containsExactly("one");
            assertThat(tube.reader().isDrained()).isFalse();
            assertThat(buffering.flush()).isTrue();
            assertThat(tube.texts()).containsExactly("two");
            assertThat(tube.reader().isDrained()).isTrue();
        }

        @Test
        void shouldGiveUpWhatWaitsWhenItsNodeHasEnded() {
            Tube tube = connect(buffering, Tube.lossless(1));
            buffering.send("one");
            buffering.send("two");

            buffering.end();
            buffering.end();

            assertThat(tube.texts()).containsExactly("one");
            assertThat(tube.reader().isDrained()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void shouldGiveUpAClaimThatIsStillOpenWhenItIsClosed(int consumers) {
            Tube tube = connect(port, Tube.lossless(4));
            for (int i = 1; i < consumers; i++) {
                connect(port, Tube.lossless(4));
            }
            Claim claim = port.claim(4);

            port.close();

            assertThatIllegalStateException()
                    .isThrownBy(claim::commit)
                    .withMessage("this claim was committed or aborted before");
            assertThat(tube.texts()).isEmpty();
            assertThat(tube.reader().isDrained()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void shouldGiveUpAClaimThatIsStillOpenWhenItsNodeHasEnded(int consumers) {
            Tube tube = connect(port, Tube.lossless(4));
            for (int i = 1; i < consumers; i++) {
                connect(port, Tube.lossless(4));
            }
            port.claim(4);

            port.end();

            assertThat(tube.texts()).isEmpty();
            assertThat(tube.reader().isDrained()).isTrue();
        }

        @Test
        void shouldBeClosedOnceTheLastOfItsConsumersHasEnded() {
            Tube first = connect(port, Tube.lossless(4));
            Tube second = connect(port, Tube.lossless(4));
            first.reader().close();
            assertThat(port.isClosed()).isFalse();

            second.reader().close();

            assertThat(port.isClosed()).isTrue();
        }
    }

    @Nested
    class Attaching {

        @Test
        void shouldGiveWhoComesLaterWhatIsSentFromThenOn() {
            Tube early = connect(port, Tube.lossless(4));
            port.send("one");
            Tube late = Tube.lossless(4);
            port.attach(late.writer());
            port.send("two");

            assertThat(early.texts()).containsExactly("one", "two");
            assertThat(late.texts()).containsExactly("two");
        }

        @Test
        void shouldStayOpenWhenWhoCameLaterLeaves() {
            Tube late = Tube.lossless(4);
            port.attach(late.writer());
            late.reader().close();

            assertThat(port.isClosed()).isFalse();
            assertThat(port.send("to nobody")).isEqualTo(SendResult.ACCEPTED);
        }

        @Test
        void shouldStayOpenForWhoCameLaterWhenTheConsumersHaveEnded() {
            Tube consumer = connect(port, Tube.lossless(4));
            Tube late = Tube.lossless(4);
            port.attach(late.writer());
            consumer.reader().close();

            assertThat(port.isClosed()).isFalse();
            assertThat(port.send("one")).isEqualTo(SendResult.ACCEPTED);
            assertThat(late.texts()).containsExactly("one");
        }

        @Test
        void shouldCloseTheEdgeWhenTheOutputIsClosed() {
            Tube late = Tube.lossless(4);
            port.close();

            port.attach(late.writer());

            assertThat(late.reader().isDrained()).isTrue();
        }

        @Test
        void shouldStayClosedWhenTheLastConsumerHasEnded() {
            Tube consumer = connect(port, Tube.lossless(4));
            consumer.reader().close();
            assertThat(port.isClosed()).isTrue();
            Tube late = Tube.lossless(4);

            port.attach(late.writer());

            assertThat(port.isClosed()).isTrue();
            assertThat(late.reader().isDrained()).isTrue();
        }

        @Test
        void shouldCommitWhereItWasClaimedWhenSomebodyComesMeanwhile() {
            Tube early = connect(port, Tube.lossless(4));
            Claim claim = port.claim(1);
            claim.putByte(0, (byte) 'x');
            Tube late = Tube.lossless(4);

            port.attach(late.writer());
            claim.commit();
            port.send("y");

            assertThat(early.texts()).containsExactly("x", "y");
            assertThat(late.texts()).containsExactly("y");
        }

        @Test
        void shouldCommitToNobodyElseWhenTheConsumerLeavesMeanwhile() {
            Tube early = connect(port, Tube.lossless(4));
            Tube late = Tube.lossless(4);
            port.attach(late.writer());
            early.reader().close();
            port.send("finds that it is gone");
            late.texts();
            Claim claim = port.claim(1);
            claim.putByte(0, (byte) 'x');
            late.reader().close();
            Tube latest = Tube.lossless(4);
            port.attach(latest.writer());

            claim.commit();

            assertThat(latest.texts()).isEmpty();
        }

        @Test
        void shouldForgetThoseWhoHaveLeftWhenNothingIsEverSent() {
            for (int i = 0; i < 1_000; i++) {
                Tube tube = Tube.lossless(1);
                port.attach(tube.writer());
                tube.reader().close();
            }

            assertThat(port.consumers().count()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void shouldLoseAndChangeNothingWhateverHappens() {
        for (long seed = 0; seed < 200; seed++) {
            new Model(new Random(seed)).run();
        }
    }

    /** A reactive owner's output beside lists: what each consumer must receive. */
    private static final class Model {
        private static final int STEPS = 300;

        private final Random random;
        private final OutputPort tested = new OutputPort("out", "node/out", Owner.reactive());
        private final List<Tube> tubes = new ArrayList<>();
        private final List<List<byte[]>> expected = new ArrayList<>();

        Model(Random random) {
            this.random = random;
        }

        void run() {
            attach();
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> attach();
                    case 1, 2, 3, 4, 5 -> take();
                    case 6 -> tested.flush();
                    default -> send();
                }
            }
            tested.close();
            while (!tested.flush()) {
                take();
            }
            for (int i = 0; i < tubes.size(); i++) {
                takeAll(i);
                assertThat(expected.get(i)).isEmpty();
                assertThat(tubes.get(i).reader().isDrained()).isTrue();
            }
        }

        private void attach() {
            if (tubes.size() == 4 || tested.isOverflowing()) {
                return; // who comes while messages wait may or may not get them
            }
            Tube tube = Tube.lossless(random.nextBoolean() ? 1 + random.nextInt(4) : NARROW_QUEUE);
            tested.attach(tube.writer());
            tubes.add(tube);
            expected.add(new ArrayList<>());
        }

        private void send() {
            byte[] payload = new byte[random.nextInt(5) == 0 ? random.nextInt(6_000) : random.nextInt(100)];
            random.nextBytes(payload);
            assertThat(tested.send(ByteBuffer.wrap(payload))).isEqualTo(SendResult.ACCEPTED);
            expected.forEach(list -> list.add(payload));
        }

        private void take() {
            int i = random.nextInt(tubes.size());
            if (tubes.get(i).reader().hasNext()) {
                takeOne(i);
            }
            tested.flush();
        }

        private void takeAll(int i) {
            while (tubes.get(i).reader().hasNext()) {
                takeOne(i);
            }
        }

        private void takeOne(int i) {
            byte[] found = tubes.get(i).take().toByteArray();
            if (!Arrays.equals(found, expected.get(i).remove(0))) {
                throw new AssertionError("consumer " + i + " received something else");
            }
        }
    }
}
