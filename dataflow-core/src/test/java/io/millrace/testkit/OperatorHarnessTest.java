package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.codec.Codecs;
import io.millrace.node.Batch;
import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.InvalidConfigException;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OperatorHarnessTest {

    @Test
    void shouldShowWhatWasSentWhenAMessageIsFed() {
        NodeHarness harness = echo();

        harness.feed("in", "first", Parameters.of("turn", 7));
        harness.feed("in", new byte[] {1, 2, 3});

        List<SentMessage> sent = harness.sent("out");
        assertThat(sent).hasSize(2);
        assertThat(sent.get(0).text()).isEqualTo("first");
        assertThat(sent.get(0).format()).isEqualTo(PayloadFormat.UTF8);
        assertThat(sent.get(0).parameters()).isEqualTo(Parameters.of("turn", 7));
        assertThat(sent.get(1).payload()).containsExactly(1, 2, 3);
        assertThat(sent.get(1).format()).isEqualTo(PayloadFormat.BYTES);
        assertThat(sent).extracting(SentMessage::sequence).containsExactly(0L, 1L);
        assertThat(sent).extracting(SentMessage::output).containsOnly("out");
    }

    @Test
    void shouldHandOverAConfigInTheOrderInWhichItWasSaid() {
        List<String> keys = new ArrayList<>();
        Operator reader = new Operator() {
            @Override
            public void open(NodeContext context) {
                keys.addAll(context.config().asMap().keySet());
            }
        };

        NodeHarness.of(reader)
                .config("zulu", 1)
                .config("alpha", 2)
                .config("mike", 3)
                .open();

        assertThat(keys).containsExactly("zulu", "alpha", "mike");
    }

    @Test
    void shouldSendTheSameOnWhenFedWithWhatAnotherHasSent() {
        NodeHarness first = echo();
        NodeHarness second = echo();
        first.feed("in", "handed on", Parameters.of("turn", 7));

        second.feed("in", first.sent("out").get(0));

        SentMessage sent = second.sent("out").get(0);
        assertThat(sent.text()).isEqualTo("handed on");
        assertThat(sent.format()).isEqualTo(PayloadFormat.UTF8);
        assertThat(sent.parameters()).isEqualTo(Parameters.of("turn", 7));
    }

    @Test
    void shouldKeepTheCodecWhenFedWithWhatAnotherHasSent() {
        NodeHarness first = echo();
        NodeHarness second = echo();
        first.feed("in", producer -> Codecs.LONG.send(producer, 42));

        second.feed("in", first.sent("out").get(0));

        assertThat(second.sent("out", Codecs.LONG::readLong)).containsExactly(42L);
    }

    @Test
    void shouldStampLaterThanTheCauseWhenAMessageIsSentOn() {
        List<Long> received = new ArrayList<>();
        NodeHarness harness = NodeHarness.of(new Echo() {
                    @Override
                    public void onInput(Input input, Message message) {
                        received.add(message.timestamp());
                        super.onInput(input, message);
                    }
                })
                .input("in")
                .output("out")
                .startAt(Instant.parse("2020-02-03T04:05:06Z"))
                .open();

        harness.feed("in", "a");
        harness.advance(Duration.ofSeconds(10));
        harness.feed("in", "b");

        List<SentMessage> sent = harness.sent("out");
        assertThat(sent.get(0).timestamp()).isGreaterThan(received.get(0));
        assertThat(sent.get(1).timestamp()).isGreaterThan(received.get(1));
        assertThat(sent.get(0).message().time()).isBetween("2020-02-03T04:05:06Z", "2020-02-03T04:05:06.001Z");
        assertThat(sent.get(1).message().time()).isBetween("2020-02-03T04:05:16Z", "2020-02-03T04:05:16.001Z");
    }

    @Test
    void shouldHandOverOneBatchWhenAWriterSendsSeveralMessages() {
        List<Integer> batches = new ArrayList<>();
        NodeHarness harness = NodeHarness.of(new Operator() {
                    @Override
                    public void onBatch(Input input, Batch batch) {
                        int size = 0;
                        while (batch.next() != null) {
                            size++;
                        }
                        batches.add(size);
                    }
                })
                .input("in")
                .open();

        harness.feed("in", producer -> {
            producer.send("one");
            producer.send("two");
            producer.send("three");
        });

        assertThat(batches).containsExactly(3);
    }

    @Test
    void shouldOfferAgainWhenABatchWasNotTakenInFull() {
        List<String> taken = new ArrayList<>();
        NodeHarness harness = NodeHarness.of(new Operator() {
                    @Override
                    public void onBatch(Input input, Batch batch) {
                        Message one = batch.next();
                        assertThat(one).isNotNull();
                        taken.add(one.text());
                    }
                })
                .input("in")
                .open();

        harness.feed("in", producer -> {
            producer.send("one");
            producer.send("two");
            producer.send("three");
        });
        assertThat(taken).containsExactly("one");
        harness.feed("in", "four");
        assertThat(taken).containsExactly("one", "two");
        harness.closeInput("in");

        assertThat(taken).containsExactly("one", "two", "three", "four");
    }

    @Test
    void shouldSayWhichInputWhenItsMessagesAreNeverTaken() {
        NodeHarness harness = NodeHarness.of(new Operator() {
                    @Override
                    public void onBatch(Input input, Batch batch) {}
                })
                .input("in")
                .open();
        harness.feed("in", "ignored");

        assertThatIllegalStateException()
                .isThrownBy(() -> harness.closeInput("in"))
                .withMessageContaining("'node/in'")
                .withMessageContaining("1 of its messages");
    }

    @Test
    void shouldRefuseWhenSomethingIsSentInOpen() {
        HarnessBuilder builder = NodeHarness.of(new Operator() {
                    @Override
                    public void open(NodeContext context) {
                        context.output("out").send("too early");
                    }
                })
                .output("out");

        assertThatIllegalStateException()
                .isThrownBy(builder::open)
                .withMessageContaining("'node/out'")
                .withMessageContaining("open");
    }

    @Test
    void shouldHaveNoEffectWhenSomethingIsSentInClose() {
        List<SendResult> results = new ArrayList<>();
        NodeHarness harness = NodeHarness.of(new Echo() {
                    @Override
                    public void close() {
                        results.add(out().send("too late"));
                        out().claim(4).commit();
                    }
                })
                .input("in")
                .output("out")
                .open();

        harness.close();

        assertThat(results).containsExactly(SendResult.CLOSED);
        assertThat(harness.sent()).isEmpty();
    }

    @Test
    void shouldFindItWhenAClaimIsNeitherCommittedNorAborted() {
        NodeHarness harness = NodeHarness.of(new Echo() {
                    @Override
                    public void onInput(Input input, Message message) {
                        out().claim(8);
                    }
                })
                .input("in")
                .output("out")
                .open();

        assertThatIllegalStateException()
                .isThrownBy(() -> harness.feed("in", "x"))
                .withMessage("output 'node/out': a claim was neither committed nor aborted");
        assertThat(harness.hasEnded()).isTrue();
    }

    @Test
    void shouldRefuseWhenASecondClaimIsTakenBeforeTheFirstIsGivenBack() {
        NodeHarness harness = NodeHarness.of(new Echo() {
                    @Override
                    public void onInput(Input input, Message message) {
                        out().claim(8);
                        out().send("another");
                    }
                })
                .input("in")
                .output("out")
                .open();

        assertThatIllegalStateException()
                .isThrownBy(() -> harness.feed("in", "x"))
                .withMessageContaining("neither committed nor aborted");
    }

    @Test
    void shouldSendNothingWhenAClaimIsAborted() {
        NodeHarness harness = NodeHarness.of(new Echo() {
                    @Override
                    public void onInput(Input input, Message message) {
                        out().claim(8).abort();
                    }
                })
                .input("in")
                .output("out")
                .open();

        harness.feed("in", "x");

        assertThat(harness.sent("out")).isEmpty();
    }

    @Test
    void shouldThrowWhenAMessageIsUsedAfterItsCallback() {
        List<Message> kept = new ArrayList<>();
        List<ByteBuffer> buffers = new ArrayList<>();
        NodeHarness harness = NodeHarness.of(new Operator() {
                    @Override
                    public void onInput(Input input, Message message) {
                        kept.add(message);
                        buffers.add(message.buffer());
                        assertThat(message.buffer().get(message.offset())).isEqualTo((byte) 'a');
                    }
                })
                .input("in")
                .open();

        harness.feed("in", "abc");

        assertThatIllegalStateException().isThrownBy(() -> kept.get(0).text()).withMessageContaining("no longer valid");
        ByteBuffer region = buffers.get(0);
        assertThat(region.isReadOnly()).isTrue();
        assertThat(region.get(region.capacity() - 3)).as("overwritten").isNotEqualTo((byte) 'a');
    }

    @Test
    void shouldOverwriteAMessageWhenTheNextOfItsBatchIsTaken() {
        NodeHarness harness = NodeHarness.of(new Operator() {
                    @Override
                    public void onBatch(Input input, Batch batch) {
                        List<@Nullable Message> both = new ArrayList<>();
                        both.add(batch.next());
                        ByteBuffer buffer = both.get(0).buffer();
                        int offset = both.get(0).offset();
                        both.add(batch.next());
                        assertThat(buffer.get(offset)).isNotEqualTo((byte) 'f');
                    }
                })
                .input("in")
                .open();

        assertThatCode(() -> harness.feed("in", producer -> {
                    producer.send("first");
                    producer.send("second");
                }))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldThrowWhenAClaimIsUsedAfterItsCommit() {
        List<Claim> kept = new ArrayList<>();
        NodeHarness harness = NodeHarness.of(new Echo() {
                    @Override
                    public void onInput(Input input, Message message) {
                        Claim claim = out().claim(1);
                        claim.putByte(0, (byte) 1);
                        claim.commit();
                        kept.add(claim);
                    }
                })
                .input("in")
                .output("out")
                .open();

        harness.feed("in", "x");

        assertThatIllegalStateException().isThrownBy(() -> kept.get(0).putByte(0, (byte) 2));
        assertThatIllegalStateException().isThrownBy(() -> kept.get(0).commit());
        assertThat(harness.sent("out").get(0).payload()).containsExactly(1);
    }

    @Test
    void shouldLetTheExceptionOutAsItIsAndCloseWhenACallbackThrows() {
        IOException failure = new IOException("disk full");
        List<String> calls = new ArrayList<>();
        NodeHarness harness = NodeHarness.of(new Operator() {
                    @Override
                    public void onInput(Input input, Message message) throws IOException {
                        throw failure;
                    }

                    @Override
                    public void close() throws IOException {
                        calls.add("close");
                        throw new IOException("and this too");
                    }
                })
                .input("in")
                .open();

        assertThatThrownBy(() -> harness.feed("in", "x")).isSameAs(failure);

        assertThat(failure).hasSuppressedException(new IOException("and this too"));
        assertThat(calls).containsExactly("close");
        assertThatIllegalStateException()
                .isThrownBy(() -> harness.feed("in", "y"))
                .withMessageContaining("has failed");
        harness.close();
        assertThat(calls).containsExactly("close");
    }

    @Test
    void shouldCloseWhenOpenThrows() {
        List<String> calls = new ArrayList<>();
        HarnessBuilder builder = NodeHarness.of(new Operator() {
            @Override
            public void open(NodeContext context) {
                context.config().integer("limit");
            }

            @Override
            public void close() {
                calls.add("close");
            }
        });

        assertThatThrownBy(builder::open)
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("node 'node': config 'limit' is missing");
        assertThat(calls).containsExactly("close");
    }

    @Test
    void shouldTellEachCloseThenAllWhenInputsClose() {
        Recorder recorder = new Recorder();
        NodeHarness harness =
                NodeHarness.of(recorder).input("a").input("b").output("out").open();

        harness.closeInput("b");
        assertThat(harness.hasEnded()).isFalse();
        harness.closeInput("a");

        assertThat(recorder.calls).containsExactly("open", "closed b", "closed a", "all closed", "close");
        assertThat(harness.hasEnded()).isTrue();
        assertThat(harness.isOutputClosed("out")).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> harness.feed("a", "late"))
                .withMessageContaining("has ended");
    }

    @Test
    void shouldAllowToSendWhenAllInputsHaveClosed() {
        NodeHarness harness = NodeHarness.of(new Echo() {
                    @Override
                    public void onAllInputsClosed() {
                        out().send("the end");
                    }
                })
                .input("in")
                .output("out")
                .open();

        harness.closeInput("in");

        assertThat(harness.sent("out")).extracting(SentMessage::text).containsExactly("the end");
    }

    @Test
    void shouldRefuseWhenAClosedInputIsFed() {
        NodeHarness harness =
                NodeHarness.of(new Recorder()).input("a").input("b").open();
        harness.closeInput("a");

        assertThatIllegalStateException()
                .isThrownBy(() -> harness.feed("a", "x"))
                .withMessage("input 'node/a' is closed");
        assertThatIllegalStateException().isThrownBy(() -> harness.closeInput("a"));
    }

    @Test
    void shouldBringMessagesAgainWhenAnInputRecovers() {
        Recorder recorder = new Recorder();
        NodeHarness harness = NodeHarness.of(recorder).input("a").input("b").open();

        harness.closeInput("a");
        assertThat(recorder.input("a").isClosed()).isTrue();
        harness.recoverInput("a");
        harness.feed("a", "x");

        assertThat(recorder.input("a").isClosed()).isFalse();
        assertThat(recorder.calls).containsExactly("open", "closed a", "recovered a", "a: x");
        assertThatIllegalStateException().isThrownBy(() -> harness.recoverInput("b"));
    }

    @Test
    void shouldNameTheInputsWhenAProducerFails() {
        Recorder recorder = new Recorder();
        NodeHarness harness = NodeHarness.of(recorder)
                .input("left", "camera/frame")
                .input("right", "camera/depth")
                .input("other", "lidar/points")
                .open();

        harness.nodeFailed("camera", "lens cap on");
        harness.nodeRestarted("camera");

        assertThat(recorder.calls)
                .containsExactly("open", "failed camera: lens cap on [node/left, node/right]", "restarted camera");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> harness.nodeFailed("cammera", ""))
                .withMessageContaining("'cammera'")
                .withMessageContaining("camera/frame");
    }

    @Test
    void shouldBeginAtZeroInANewIncarnationWhenAProducerRestarts() {
        Recorder recorder = new Recorder();
        NodeHarness harness =
                NodeHarness.of(recorder).input("in", "camera/frame").open();

        harness.feed("in", "a");
        harness.feed("in", "b");
        harness.nodeRestarted("camera");
        harness.feed("in", "c");

        assertThat(recorder.numbers).containsExactly("0/0", "0/1", "1/0");
    }

    @Test
    void shouldEndWhenStopped() {
        Recorder recorder = new Recorder();
        NodeHarness harness = NodeHarness.of(recorder).input("in").output("out").open();

        assertThat(recorder.context().isStopping()).isFalse();
        harness.stop();

        assertThat(recorder.calls).containsExactly("open", "stop", "close");
        assertThat(recorder.context().isStopping()).isTrue();
        assertThat(harness.hasEnded()).isTrue();
    }

    @Test
    void shouldTickOnceWhenManyTicksAreMissed() {
        List<String> ticks = new ArrayList<>();
        NodeHarness harness = NodeHarness.of(new Recorder() {
                    @Override
                    public void onInput(Input input, Message message) {
                        ticks.add(input.id() + " " + message.sequence() + " "
                                + Duration.ofNanos(context().clock().nanoTime() - start())
                                        .toMillis());
                        assertThat(message.length()).isZero();
                    }
                })
                .input("fast", "dora/timer/millis/100")
                .input("slow", "dora/timer/millis/250")
                .open();

        harness.advance(Duration.ZERO);
        assertThat(ticks).as("as in a dataflow that starts").containsExactly("fast 0 0", "slow 0 0");
        ticks.clear();
        harness.advance(Duration.ofMillis(99));
        assertThat(ticks).isEmpty();
        harness.advance(Duration.ofMillis(1));
        assertThat(ticks).containsExactly("fast 1 100");
        harness.advance(Duration.ofMillis(450));
        assertThat(ticks).containsExactly("fast 1 100", "fast 2 550", "slow 1 550");
        harness.advance(Duration.ofMillis(50));

        assertThat(ticks).containsExactly("fast 1 100", "fast 2 550", "slow 1 550", "fast 3 600");
    }

    @Test
    void shouldNotEndWhenATimerTicksOn() {
        Recorder recorder = new Recorder();
        NodeHarness harness = NodeHarness.of(recorder)
                .input("in")
                .input("tick", "dora/timer/secs/1")
                .open();

        harness.closeInput("in");
        harness.advance(Duration.ofSeconds(1));

        assertThat(recorder.calls).containsExactly("open", "closed in", "tick: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> harness.feed("tick", "x"))
                .withMessageContaining("timer");
    }

    @Test
    void shouldTickNoMoreWhenATimerIsClosed() {
        Recorder recorder = new Recorder();
        NodeHarness harness = NodeHarness.of(recorder)
                .input("in")
                .input("tick", "dora/timer/secs/1")
                .open();

        harness.advance(Duration.ZERO);
        harness.closeInput("tick");
        harness.advance(Duration.ofSeconds(5));
        assertThat(recorder.calls).containsExactly("open", "tick: ", "closed tick");
        harness.closeInput("in");

        assertThat(recorder.calls)
                .as("no timer ticks on")
                .containsExactly("open", "tick: ", "closed tick", "closed in", "all closed", "close");
    }

    @Test
    void shouldEndAlthoughATimerTicksOnWhenTheDataflowExitsSo() {
        Recorder recorder = new Recorder();
        NodeHarness harness = NodeHarness.of(recorder)
                .input("in")
                .input("tick", "dora/timer/secs/1")
                .exitWhenNodesFinish()
                .open();

        harness.closeInput("in");

        assertThat(recorder.calls).containsExactly("open", "closed in", "all closed", "close");
    }

    @Test
    void shouldNotEndBeforeTheLogsOfOthersHave() {
        Recorder recorder = new Recorder();
        NodeHarness harness =
                NodeHarness.of(recorder).input("in").input("logs", "dora/logs").open();

        harness.closeInput("in");
        assertThat(recorder.calls).containsExactly("open", "closed in");
        harness.closeInput("logs");

        assertThat(recorder.calls).containsExactly("open", "closed in", "closed logs", "all closed", "close");
    }

    @Test
    void shouldSendNothingWhenTheLastConsumerHasEnded() {
        NodeHarness harness = echo();

        harness.closeOutput("out");
        harness.feed("in", "x");

        assertThat(harness.sent("out")).isEmpty();
    }

    @Test
    void shouldListWhatThereIsWhenAnIdIsUnknown() {
        NodeHarness harness = echo();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> harness.feed("inn", "x"))
                .withMessage("node 'node' has no input 'inn': found [in]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> harness.sent("outt"))
                .withMessage("node 'node' has no output 'outt': found [out]");
    }

    @Test
    void shouldRefuseWhenAnOperatorPolls() {
        NodeHarness harness = NodeHarness.of(new Recorder() {
                    @Override
                    public void onInput(Input input, Message message) {
                        context().poll();
                    }
                })
                .input("in")
                .open();

        assertThatIllegalStateException()
                .isThrownBy(() -> harness.feed("in", "x"))
                .withMessageContaining("poll() is for a Node");
    }

    @Test
    void shouldRefuseWhenAnOperatorIsRunOrGivenACapacity() {
        NodeHarness harness = echo();

        assertThatIllegalStateException().isThrownBy(harness::run).withMessageContaining("no loop of its own");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NodeHarness.of(new Echo()).output("out", 3))
                .withMessageContaining("always find room");
    }

    @Test
    void shouldGiveWhatWasSaidWhenTheContextIsAsked() {
        Recorder recorder = new Recorder();
        NodeHarness.of(recorder)
                .dataflow("flow")
                .nodeId("plan")
                .operatorId("op")
                .incarnation(3)
                .input("in", "dora/timer/millis/20")
                .output("out")
                .config("limit", 3)
                .config(Map.of("name", "x"))
                .env("MODE", "test")
                .workingDirectory(Path.of("some", "place"))
                .open();

        NodeContext context = recorder.context();
        assertThat(context.dataflow()).isEqualTo("flow");
        assertThat(context.nodeId()).isEqualTo("plan");
        assertThat(context.operatorId()).isEqualTo("op");
        assertThat(context.incarnation()).isEqualTo(3);
        assertThat(context.input("in").name()).isEqualTo("plan/op/in");
        assertThat(context.input("in").source()).isEqualTo("dora/timer/millis/20");
        assertThat(context.outputs()).extracting(Output::name).containsExactly("plan/op/out");
        assertThat(context.config().integer("limit")).isEqualTo(3);
        assertThat(context.config().text("name")).isEqualTo("x");
        assertThat(context.env()).containsExactly(Map.entry("MODE", "test"));
        assertThat(context.workingDirectory()).isAbsolute().endsWithRaw(Path.of("some", "place"));
    }

    @Test
    void shouldAskForAWorkingDirectoryWhenNoneWasSaid() {
        Recorder recorder = new Recorder();
        NodeHarness.of(recorder).open();

        assertThatIllegalStateException()
                .isThrownBy(() -> recorder.context().workingDirectory())
                .withMessageContaining("workingDirectory(...)");
    }

    @Test
    void shouldHoldNothingMoreWhenMessagesAreTaken() {
        NodeHarness harness = echo();
        harness.feed("in", "a");

        assertThat(harness.take("out")).hasSize(1);
        assertThat(harness.sent("out")).isEmpty();
        harness.feed("in", "b");

        assertThat(harness.sent("out")).extracting(SentMessage::sequence).containsExactly(1L);
    }

    private static NodeHarness echo() {
        return NodeHarness.of(new Echo()).input("in").output("out").open();
    }

    /** Sends on what it receives. */
    private static class Echo implements Operator {
        private @Nullable Output out;

        @Override
        public void open(NodeContext context) {
            out = context.output("out");
        }

        Output out() {
            assertThat(out).isNotNull();
            return out;
        }

        @Override
        public void onInput(Input input, Message message) {
            byte[] payload = message.toByteArray();
            Claim claim = out().claim(payload.length, message.parameters());
            claim.putBytes(0, payload, 0, payload.length);
            claim.formatCode(message.formatCode()).commit();
        }
    }

    /** Writes down its calls. */
    private static class Recorder implements Operator {
        final List<String> calls = new ArrayList<>();
        final List<String> numbers = new ArrayList<>();
        private @Nullable NodeContext context;
        private long start;

        NodeContext context() {
            assertThat(context).isNotNull();
            return context;
        }

        Input input(String id) {
            return context().input(id);
        }

        long start() {
            return start;
        }

        @Override
        public void open(NodeContext given) {
            context = given;
            start = given.clock().nanoTime();
            calls.add("open");
        }

        @Override
        public void onInput(Input input, Message message) {
            calls.add(input.id() + ": " + message.text());
            numbers.add(message.incarnation() + "/" + message.sequence());
        }

        @Override
        public void onInputClosed(Input input) {
            calls.add("closed " + input.id());
        }

        @Override
        public void onInputRecovered(Input input) {
            calls.add("recovered " + input.id());
        }

        @Override
        public void onAllInputsClosed() {
            calls.add("all closed");
        }

        @Override
        public void onNodeFailed(NodeFailure failure) {
            calls.add("failed " + failure.node() + ": " + failure.error() + " " + failure.inputs());
        }

        @Override
        public void onNodeRestarted(String node) {
            calls.add("restarted " + node);
        }

        @Override
        public void onStop() {
            calls.add("stop");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    // Checkpoints.

    /** Counts its messages, and leaves the count. */
    private static final class Counting implements Operator {
        private NodeContext context;
        private long count;

        @Override
        public void open(NodeContext opened) {
            context = opened;
            count = opened.restored().map(state -> state.getLong(0)).orElse(0L);
        }

        @Override
        public void onInput(Input input, Message message) {
            count++;
            ByteBuffer state = ByteBuffer.allocate(message.length() + 8).order(ByteOrder.LITTLE_ENDIAN);
            context.checkpoint(state.putLong(message.length(), count).position(message.length()));
        }
    }

    @Test
    void shouldHandWhatOneHasLeftToTheNext() {
        NodeHarness first = NodeHarness.of(new Counting()).input("in").open();
        assertThat(first.checkpointed()).isEmpty();
        first.feed("in", "a");
        first.feed("in", "bc");

        NodeHarness second = NodeHarness.of(new Counting())
                .input("in")
                .incarnation(1)
                .restored(first.checkpointed().orElseThrow())
                .open();
        assertThat(second.checkpointed()).as("it has left nothing itself").isEmpty();
        second.feed("in", "d");

        assertThat(second.checkpointed().orElseThrow().getLong(0)).isEqualTo(3);
    }

    @Test
    void shouldRefuseACheckpointThatIsTooLarge() {
        NodeHarness harness = NodeHarness.of(new Operator() {
                    private NodeContext context;

                    @Override
                    public void open(NodeContext opened) {
                        context = opened;
                    }

                    @Override
                    public void onInput(Input input, Message message) {
                        context.checkpoint(ByteBuffer.allocate(NodeContext.MAX_CHECKPOINT_BYTES + 1));
                    }
                })
                .input("in")
                .open();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> harness.feed("in", "a"))
                .withMessageContaining("65537");
    }
}
