package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.node.Batch;
import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.PayloadFormat;
import io.millrace.node.RetainedMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperatorSlotTest {
    private static final long MILLISECOND = 1_000_000;

    private final Rig rig = new Rig();
    private final List<String> calls = new ArrayList<>();

    /** Writes down every call, and sends what its text says on its first output. */
    private class Scribe implements Operator {
        private final String name;
        private @Nullable Output out;

        Scribe(String name) {
            this.name = name;
        }

        @Override
        public void open(NodeContext context) {
            if (!context.outputs().isEmpty()) {
                out = context.outputs().get(0);
            }
        }

        @Override
        public void onInput(Input input, Message message) throws Exception {
            calls.add(name + " " + input.id() + "=" + message.text());
        }

        @Override
        public void onInputClosed(Input input) {
            calls.add(name + " closed " + input.id());
        }

        @Override
        public void onAllInputsClosed() {
            calls.add(name + " all closed");
        }

        @Override
        public void onNodeFailed(NodeFailure failure) {
            calls.add(name + " failed " + failure.node() + " "
                    + failure.inputs().stream().map(Input::id).toList());
        }

        @Override
        public void onStop() {
            calls.add(name + " stop");
        }

        void send(String text) {
            if (out == null) {
                throw new IllegalStateException(name + " has no output");
            }
            out.send(text);
        }
    }

    private static void put(Tube tube, String... texts) {
        OutputPort source = new OutputPort("out", "source/out", Owner.waiting());
        source.connect(tube.writer());
        for (String text : texts) {
            assertThat(source.offer(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                    .isEqualTo(io.millrace.node.SendResult.ACCEPTED);
        }
    }

    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
    }

    @Test
    void shouldHandleWhatWaitsInOneCycle() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("op", "in", in);
        rig.operator("op", new Scribe("op"));
        OperatorSlot slot = rig.slots()[0];
        put(in, "a", "b");

        assertThat(slot.hasWork(rig.agent.nowNs())).isTrue();
        assertThat(slot.work()).isEqualTo(2);
        assertThat(calls).containsExactly("op in=a", "op in=b");
        assertThat(slot.hasWork(rig.agent.nowNs())).isFalse();
        assertThat(slot.work()).isZero();
    }

    @Test
    void shouldTakeTurnsWhenSeveralInputsHaveMuch() throws Exception {
        Tube first = Tube.lossless(1000);
        Tube second = Tube.lossless(1000);
        rig.input("op", "first", first);
        rig.input("op", "second", second);
        rig.operator("op", new Operator() {
            @Override
            public void onInput(Input input, Message message) {
                calls.add(input.id());
            }
        });
        OperatorSlot slot = rig.slots()[0];
        put(first, numbers(100));
        put(second, numbers(100));

        slot.work();
        assertThat(calls).hasSize(128);
        assertThat(calls.subList(0, 64)).containsOnly("first");
        assertThat(calls.subList(64, 128)).containsOnly("second");

        slot.work();
        assertThat(calls.subList(128, 164)).containsOnly("second");
        assertThat(calls.subList(164, 200)).containsOnly("first");
    }

    @Test
    void shouldTakeNoMessageWhenAnOutputHasNoRoomForIt() throws Exception {
        Tube in = Tube.lossless(10);
        Tube out = Tube.lossless(2);
        rig.input("op", "in", in);
        rig.output("op", "out").connect(out.writer());
        Scribe relay = new Scribe("op") {
            @Override
            public void onInput(Input input, Message message) throws Exception {
                super.onInput(input, message);
                send(message.text());
            }
        };
        rig.operator("op", relay);
        OperatorSlot slot = rig.slots()[0];
        put(in, "a", "b", "c", "d");

        assertThat(slot.work()).isEqualTo(2);
        assertThat(slot.hasWork(rig.agent.nowNs())).isFalse();
        assertThat(slot.work()).isZero();
        assertThat(calls).containsExactly("op in=a", "op in=b");

        assertThat(out.texts()).containsExactly("a", "b");
        assertThat(slot.hasWork(rig.agent.nowNs())).isTrue();
        slot.work();
        assertThat(out.texts()).containsExactly("c", "d");
    }

    @Test
    void shouldTakeNoMessageWhileMoreWaitsThanThereWasRoomFor() throws Exception {
        Tube in = Tube.lossless(10);
        Tube out = Tube.lossless(1);
        rig.input("op", "in", in);
        rig.output("op", "out").connect(out.writer());
        rig.operator("op", new Scribe("op") {
            @Override
            public void onInput(Input input, Message message) throws Exception {
                super.onInput(input, message);
                send(message.text() + 1);
                send(message.text() + 2);
                send(message.text() + 3);
            }
        });
        OperatorSlot slot = rig.slots()[0];
        put(in, "a", "b");
        slot.work();
        List<String> sent = new ArrayList<>();
        for (int cycle = 0; cycle < 3; cycle++) {
            assertThat(calls).containsExactly("op in=a");
            sent.addAll(out.texts());
            slot.work();
        }

        assertThat(sent).containsExactly("a1", "a2", "a3");
        assertThat(calls).containsExactly("op in=a", "op in=b");
    }

    @Test
    void shouldLeaveForLaterWhatABatchDoesNotTake() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("op", "in", in);
        rig.operator("op", new Operator() {
            @Override
            public void onBatch(Input input, Batch batch) {
                Message message = batch.next();
                calls.add(message == null ? "nothing" : message.text());
            }
        });
        OperatorSlot slot = rig.slots()[0];
        put(in, "a", "b");

        slot.work();
        assertThat(calls).containsExactly("a");
        slot.work();
        slot.work();
        assertThat(calls).containsExactly("a", "b");
    }

    @Test
    void shouldEndTheBatchWhenACommandWaits() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("op", "in", in);
        rig.operator("op", new Scribe("op") {
            @Override
            public void onInput(Input input, Message message) throws Exception {
                super.onInput(input, message);
                rig.agent.orders().post(() -> calls.add("command"));
            }
        });
        OperatorSlot slot = rig.slots()[0];
        put(in, "a", "b");

        slot.work();
        rig.agent.orders().carryOut();
        slot.work();

        assertThat(calls).containsExactly("op in=a", "command", "op in=b");
    }

    @Test
    void shouldTellOfTheEndInOrderAndThenCloseItsOutputs() throws Exception {
        Tube in = Tube.lossless(10);
        Tube out = Tube.lossless(1);
        rig.input("op", "in", in);
        rig.output("op", "out").connect(out.writer());
        rig.operator("op", new Scribe("op") {
            @Override
            public void onAllInputsClosed() {
                super.onAllInputsClosed();
                send("last 1");
                send("last 2");
            }
        });
        OperatorSlot slot = rig.slots()[0];
        put(in, "a");
        in.writer().close();

        slot.work();
        slot.work();
        slot.work();
        assertThat(calls).containsExactly("op in=a", "op closed in", "op all closed");
        assertThat(slot.hasEnded()).isTrue();
        assertThat(slot.isGone()).as("something still waits for room").isFalse();
        assertThat(out.texts()).containsExactly("last 1");
        slot.work();
        assertThat(out.texts()).containsExactly("last 2");
        assertThat(slot.isGone()).isTrue();
        assertThat(out.reader().isDrained()).isTrue();
    }

    @Test
    void shouldTellNothingMoreWhenItHasEnded() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("op", "in", in);
        rig.operator("op", new Scribe("op"));
        OperatorSlot slot = rig.slots()[0];

        slot.end();
        slot.stop();
        slot.beginStop();
        slot.onNodeFailed("source", "broken", List.of("node/op/in"));
        slot.work();

        assertThat(calls).isEmpty();
        assertThat(slot.hasWork(0)).isFalse();
        assertThat(in.writer().isClosed()).isTrue();
    }

    @Test
    void shouldHearOfAFailureBeforeItFindsTheInputClosed() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("op", "in", in);
        rig.input("op", "other", Tube.lossless(1));
        rig.operator("op", new Scribe("op"));
        OperatorSlot slot = rig.slots()[0];
        // In the order in which a failing node does it, the notice coming after the commands were looked at.
        rig.agent.orders().post(() -> slot.onNodeFailed("source", "broken", List.of("node/op/in")));
        in.writer().close();

        slot.work();
        assertThat(calls).isEmpty();
        rig.agent.orders().carryOut();
        slot.work();

        assertThat(calls).containsExactly("op failed source [in]", "op closed in");
    }

    @Test
    void shouldNotHearOfAFailureThatDoesNotConcernIt() throws Exception {
        rig.input("op", "in", Tube.lossless(10));
        rig.operator("op", new Scribe("op"));

        rig.slots()[0].onNodeFailed("source", "broken", List.of("node/other/in"));

        assertThat(calls).isEmpty();
    }

    @Test
    void shouldDeliverNothingThatWaitsWhenItIsStopped() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("op", "in", in);
        rig.operator("op", new Scribe("op"));
        OperatorSlot slot = rig.slots()[0];
        put(in, "a");

        slot.stop();
        slot.work();

        assertThat(calls).containsExactly("op stop");
        assertThat(slot.isGone()).isTrue();
        assertThat(in.reader().discarded()).isEqualTo(1);
    }

    @Test
    void shouldEndItsTimersAndGoOnWithItsDataWhenTheStopBegins() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("op", "in", in);
        rig.timer("op", "tick", MILLISECOND);
        rig.operator("op", new Scribe("op"));
        OperatorSlot slot = rig.slots()[0];
        rig.agent.setStopping();

        slot.beginStop();
        put(in, "a");
        slot.work();
        in.writer().close();
        slot.work();
        slot.work();

        assertThat(calls).containsExactly("op in=a", "op closed tick", "op closed in", "op all closed");
    }

    @Test
    void shouldStopAtOnceWhenItHasNoDataInputs() throws Exception {
        rig.timer("op", "tick", MILLISECOND);
        rig.operator("op", new Scribe("op"));
        OperatorSlot slot = rig.slots()[0];

        slot.beginStop();

        assertThat(calls).containsExactly("op stop");
    }

    @Test
    void shouldSleepThroughItsTimerWhenThereIsNoRoom() throws Exception {
        Tube out = Tube.lossless(1);
        rig.timer("op", "tick", MILLISECOND);
        rig.output("op", "out").connect(out.writer());
        rig.operator("op", new Scribe("op") {
            @Override
            public void onInput(Input input, Message message) throws Exception {
                send("tick " + message.sequence());
            }
        });
        OperatorSlot slot = rig.slots()[0];
        assertThat(slot.work()).isEqualTo(1);
        assertThat(slot.untilDueNs(rig.agent.nowNs())).isEqualTo(Long.MAX_VALUE);

        rig.clock.advance(Duration.ofMillis(5));
        rig.agent.update();

        assertThat(slot.work()).isZero();
        assertThat(slot.untilDueNs(rig.agent.nowNs()))
                .as("whoever makes room gives a signal")
                .isEqualTo(Long.MAX_VALUE);
        assertThat(out.texts()).containsExactly("tick 0");
        assertThat(slot.untilDueNs(rig.agent.nowNs())).isNotPositive();
        assertThat(slot.work()).isEqualTo(1);
        assertThat(out.texts()).as("one tick, not five").containsExactly("tick 1");
    }

    // Calls between operators.

    /** Sends on every message it receives. */
    private Scribe relay(String name) {
        return new Scribe(name) {
            @Override
            public void onInput(Input input, Message message) throws Exception {
                super.onInput(input, message);
                send(message.text());
                calls.add(name + " sent");
            }
        };
    }

    @Test
    void shouldCallTheReceiverWithinTheCommit() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("first", "in", in);
        OutputPort out = rig.output("first", "out");
        rig.operator("first", relay("first")).operator("second", new Scribe("second"));
        InputPort input = rig.direct(out, "second", "in");
        OperatorSlot[] slots = rig.slots();
        put(in, "a", "b");

        slots[0].work();

        assertThat(calls)
                .containsExactly("first in=a", "second in=a", "first sent", "first in=b", "second in=b", "first sent");
        assertThat(input.offered()).isEqualTo(2);
        assertThat(input.taken()).isEqualTo(2);
    }

    @Test
    void shouldShowTheReceiverTheWholeMessageWhetherOrNotARecordIsWritten() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("first", "in", in);
        OutputPort out = rig.output("first", "out");
        rig.operator("first", relay("first")).operator("second", new Scribe("second") {
            @Override
            public void onInput(Input input, Message message) {
                calls.add(message.sequence() + " " + message.text() + " of " + message.format() + " in "
                        + message.incarnation() + ", kept: " + kept(message));
            }
        });
        rig.direct(out, "second", "in");
        OperatorSlot[] slots = rig.slots();
        put(in, "a", "b", "c");

        slots[0].work();

        assertThat(calls)
                .containsSequence("0 a of UTF8 in 0, kept: 0 a of UTF8", "first sent")
                .containsSequence("1 b of UTF8 in 0, kept: 1 b of UTF8", "first sent")
                .containsSequence("2 c of UTF8 in 0, kept: 2 c of UTF8", "first sent");
    }

    private static String kept(Message message) {
        RetainedMessage kept = message.retain();
        try {
            assertThat(kept.timestamp()).isEqualTo(message.timestamp());
            return kept.sequence() + " " + kept.text() + " of " + kept.format();
        } finally {
            kept.release();
        }
    }

    @Test
    void shouldStampWhatItCausesWithLaterTimes() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("first", "in", in);
        OutputPort out = rig.output("first", "out");
        OutputPort next = rig.output("second", "out");
        List<Long> times = new ArrayList<>();
        rig.operator("first", relay("first"))
                .operator("second", new Scribe("second") {
                    @Override
                    public void onInput(Input input, Message message) {
                        times.add(message.timestamp());
                        send(message.text());
                    }
                })
                .operator("third", new Scribe("third") {
                    @Override
                    public void onInput(Input input, Message message) {
                        times.add(message.timestamp());
                    }
                });
        rig.direct(out, "second", "in");
        rig.direct(next, "third", "in");
        OperatorSlot[] slots = rig.slots();
        put(in, "a", "b", "c");

        slots[0].work();

        assertThat(times).hasSize(6).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldServeAConsumerThatComesWhileAMessageForTheReceiverIsBeingWritten() throws Exception {
        OutputPort out = rig.output("first", "out");
        rig.operator("first", new Scribe("first")).operator("second", new Scribe("second"));
        rig.direct(out, "second", "in");
        rig.slots();
        out.send("a");
        Claim claim = Objects.requireNonNull(out.tryClaim(1));
        claim.putByte(0, (byte) 'b');
        Tube late = Tube.lossless(10);

        out.attach(late.writer());
        claim.format(PayloadFormat.UTF8).commit();
        out.send("c");

        assertThat(late.texts()).containsExactly("b", "c");
        assertThat(calls).containsExactly("second in=a", "second in=b", "second in=c");
        assertThat(out.sent()).isEqualTo(3);
    }

    @Test
    void shouldCallNobodyAnyMoreWhenTheNodeFailsWhileAMessageIsBeingWritten() throws Exception {
        OutputPort out = rig.output("first", "out");
        rig.operator("first", new Scribe("first")).operator("second", new Scribe("second"));
        InputPort input = rig.direct(out, "second", "in");
        rig.slots();
        out.send("a");
        out.send("b");
        Claim claim = Objects.requireNonNull(out.tryClaim(1));

        rig.agent.failure().fail("node/first", new IllegalStateException("not well"));
        claim.commit();
        out.send("c");

        assertThat(calls).containsExactly("second in=a", "second in=b");
        assertThat(input.offered()).isEqualTo(4);
        assertThat(input.taken()).isEqualTo(2);
    }

    @Test
    void shouldHandReceiversMessagesOneByOneWhenTheyTakeBatches() throws Exception {
        OutputPort out = rig.output("first", "out");
        rig.operator("first", new Scribe("first")).operator("second", new Scribe("second") {
            @Override
            public void onBatch(Input input, Batch batch) throws Exception {
                calls.add("batch of " + Objects.requireNonNull(batch.next()).text() + ", then " + batch.next());
            }
        });
        rig.direct(out, "second", "in");
        rig.slots();

        out.send("a");
        out.send("b");

        assertThat(calls).containsExactly("batch of a, then null", "batch of b, then null");
    }

    @Test
    void shouldQueueWhatComesBackToAnOperatorInItsCallback() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("first", "in", in);
        OutputPort out = rig.output("first", "out");
        OutputPort backOut = rig.output("second", "out");
        rig.operator("first", new Scribe("first") {
                    @Override
                    public void onInput(Input input, Message message) throws Exception {
                        super.onInput(input, message);
                        if (input.id().equals("in")) {
                            send(message.text());
                            calls.add("first sent");
                        }
                    }
                })
                .operator("second", relay("second"));
        rig.direct(out, "second", "in");
        rig.direct(backOut, "first", "back");
        OperatorSlot[] slots = rig.slots();
        put(in, "a");

        slots[0].work();

        assertThat(calls).containsExactly("first in=a", "second in=a", "second sent", "first sent", "first back=a");
    }

    @Test
    void shouldNotCallAnOperatorInTheMiddleOfItsOtherCallbacks() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("first", "in", in);
        OutputPort out = rig.output("first", "out");
        OutputPort backOut = rig.output("second", "out");
        rig.operator("first", new Scribe("first") {
                    @Override
                    public void onNodeFailed(NodeFailure failure) {
                        send("failure");
                        calls.add("first has told of the failure");
                    }

                    @Override
                    public void onInputClosed(Input input) {
                        send("closed");
                        calls.add("first has told of the input");
                    }

                    @Override
                    public void onStop() {
                        send("stop");
                        calls.add("first has told of the stop");
                    }
                })
                .operator("second", relay("second"));
        rig.direct(out, "second", "in");
        rig.direct(backOut, "first", "back");
        OperatorSlot[] slots = rig.slots();

        slots[0].onNodeFailed("source", "broken", List.of("node/first/in"));
        assertThat(calls).containsExactly("second in=failure", "second sent", "first has told of the failure");
        slots[0].work();
        assertThat(calls).endsWith("first back=failure");

        calls.clear();
        in.writer().close();
        slots[0].work();
        slots[0].work();
        assertThat(calls)
                .startsWith("second in=closed", "second sent", "first has told of the input")
                .contains("first back=closed");

        calls.clear();
        slots[0].stop();
        assertThat(calls).containsExactly("second in=stop", "second sent", "first has told of the stop");
    }

    @Test
    void shouldQueueWhatWouldGoDeeperThanSixtyFourCalls() throws Exception {
        int length = 100;
        Tube in = Tube.lossless(10);
        rig.input("op0", "in", in);
        OutputPort last = rig.output("op0", "out");
        rig.operator("op0", relay("op0"));
        for (int i = 1; i < length; i++) {
            OutputPort next = rig.output("op" + i, "out");
            rig.operator("op" + i, relay("op" + i));
            rig.direct(last, "op" + i, "in");
            last = next;
        }
        OperatorSlot[] slots = rig.slots();
        put(in, "a");

        slots[0].work();
        assertThat(calls).contains("op64 in=a").doesNotContain("op65 in=a");

        for (OperatorSlot slot : slots) {
            slot.work();
        }
        assertThat(calls).contains("op99 in=a");
    }

    @Test
    void shouldKeepTheOrderWhenSomethingWaitsAlready() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("first", "in", in);
        OutputPort out = rig.output("first", "out");
        Scribe first = relay("first");
        rig.operator("first", first).operator("second", new Scribe("second"));
        InputPort input = rig.direct(out, "second", "in");
        OperatorSlot[] slots = rig.slots();
        ByteBuffer record = Records.text("waits");
        input.enqueue(record, 0, null);

        first.send("comes later");
        assertThat(calls).isEmpty();
        slots[1].work();

        assertThat(calls).containsExactly("second in=waits", "second in=comes later");
    }

    @Test
    void shouldNotHearWhatItsReceiverThrows() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("first", "in", in);
        OutputPort out = rig.output("first", "out");
        rig.operator("first", relay("first")).operator("second", new Operator() {
            @Override
            public void onInput(Input input, Message message) {
                throw new IllegalArgumentException("cannot read " + message.text());
            }
        });
        InputPort input = rig.direct(out, "second", "in");
        OperatorSlot[] slots = rig.slots();
        put(in, "a", "b");

        slots[0].work();

        assertThat(calls).as("the batch ends, the callback does not").containsExactly("first in=a", "first sent");
        assertThat(rig.agent.failure().hasFailed()).isTrue();
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(rig.agent.failure()::throwIfFailed)
                .withMessage("cannot read a");
        assertThat(input.offered()).isEqualTo(1);
    }

    @Test
    void shouldFailWhenMoreWaitsBetweenOperatorsThanMay() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("first", "in", in);
        OutputPort out = rig.output("first", "out");
        OutputPort backOut = rig.output("second", "out");
        rig.operator("first", new Scribe("first") {
                    @Override
                    public void onInput(Input input, Message message) {
                        for (int i = 0; i < 2 * RecordQueue.MAX_MESSAGES; i++) {
                            send("x");
                        }
                    }
                })
                .operator("second", new Scribe("second") {
                    @Override
                    public void onInput(Input input, Message message) {
                        send("back");
                    }
                });
        rig.direct(out, "second", "in");
        InputPort back = rig.direct(backOut, "first", "back");
        OperatorSlot[] slots = rig.slots();
        put(in, "a");

        assertThatIllegalStateException()
                .isThrownBy(() -> slots[0].work())
                .withMessage("more than 16384 messages or 67108864 bytes wait at input 'node/first/back', which is fed"
                        + " by an operator of the same node");
        assertThat(back.offered()).isEqualTo(RecordQueue.MAX_MESSAGES + 1);
    }

    @Test
    void shouldTellTheReceiverThatItsInputClosedWhenTheSenderHasEnded() throws Exception {
        Tube in = Tube.lossless(10);
        rig.input("first", "in", in);
        OutputPort out = rig.output("first", "out");
        rig.operator("first", new Scribe("first") {
                    @Override
                    public void onAllInputsClosed() {
                        send("last");
                    }
                })
                .operator("second", new Scribe("second"));
        rig.direct(out, "second", "in");
        OperatorSlot[] slots = rig.slots();
        in.writer().close();

        for (int cycle = 0; cycle < 4; cycle++) {
            for (OperatorSlot slot : slots) {
                slot.work();
            }
        }

        assertThat(calls).containsExactly("first closed in", "second in=last", "second closed in", "second all closed");
        assertThat(slots[1].isGone()).isTrue();
    }

    @Test
    void shouldFindTheOutputClosedWhenTheReceiverHasEnded() throws Exception {
        OutputPort out = rig.output("first", "out");
        rig.operator("first", new Scribe("first")).operator("second", new Scribe("second"));
        InputPort input = rig.direct(out, "second", "in");
        OperatorSlot[] slots = rig.slots();

        slots[1].stop();

        assertThat(out.isClosed()).isTrue();
        assertThat(input.offered()).isZero();
    }

    @Test
    void shouldHaveRoomOnlyWhenEveryOutputThatItsCallbackMayReachHas() throws Exception {
        Tube in = Tube.lossless(10);
        Tube far = Tube.lossless(1);
        rig.input("first", "in", in);
        OutputPort out = rig.output("first", "out");
        OutputPort farOut = rig.output("second", "out");
        farOut.connect(far.writer());
        rig.operator("first", relay("first")).operator("second", relay("second"));
        rig.direct(out, "second", "in");
        OperatorSlot[] slots = rig.slots();
        put(in, "a", "b");

        slots[0].work();
        slots[0].work();
        assertThat(calls).containsOnlyOnce("first in=a").doesNotContain("first in=b");

        assertThat(far.texts()).containsExactly("a");
        slots[0].work();
        assertThat(far.texts()).containsExactly("b");
    }

    /** Takes what its first input brings only when the second one has brought something. */
    private final class Choosy implements Operator {
        private boolean hasSecond;

        @Override
        public void onBatch(Input input, Batch batch) {
            if (input.id().equals("first") && !hasSecond) {
                calls.add("declined");
                return;
            }
            hasSecond = true;
            for (@Nullable Message message = batch.next(); message != null; message = batch.next()) {
                calls.add(input.id() + "=" + message.text());
            }
        }
    }

    @Test
    void shouldOfferOnlyNowAndThenWhatIsNotTakenUntilAnotherInputBringsSomething() throws Exception {
        Tube first = Tube.lossless(10);
        Tube second = Tube.lossless(10);
        rig.input("op", "first", first);
        rig.input("op", "second", second);
        rig.operator("op", new Choosy());
        OperatorSlot slot = rig.slots()[0];
        put(first, "a");
        int offers = 0;
        while (slot.hasWork(rig.agent.nowNs())) {
            assertThat(slot.work()).isZero();
            assertThat(++offers).isLessThan(1_000);
        }

        assertThat(slot.untilDueNs(rig.agent.nowNs())).isEqualTo(MILLISECOND);
        assertThat(slot.work()).as("it is offered once more").isZero();
        assertThat(calls).hasSize(offers + 1).containsOnly("declined");
        calls.clear();
        put(second, "b");
        assertThat(slot.hasWork(rig.agent.nowNs())).isTrue();
        slot.work();
        assertThat(slot.hasWork(rig.agent.nowNs())).isEqualTo(!calls.contains("first=a"));
        slot.work();
        assertThat(calls).contains("second=b").endsWith("first=a");
        assertThat(slot.hasWork(rig.agent.nowNs())).isFalse();
        assertThat(slot.untilDueNs(rig.agent.nowNs())).isEqualTo(Long.MAX_VALUE);
    }
}
