package io.millrace.local.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import io.millrace.node.NodeInterruptedException;
import io.millrace.node.Operator;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import io.millrace.testkit.ManualClock;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node's whole life, on the test's own thread. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class NodeAgentTest {
    private final Rig rig = new Rig();
    private final List<String> calls = rig.calls;

    @AfterEach
    void forgetTheInterrupt() {
        Thread.interrupted();
    }

    /** Writes down every call. */
    private class Scribe implements Operator {
        @Override
        public void open(NodeContext context) throws Exception {
            calls.add("open");
        }

        @Override
        public void onInput(Input input, Message message) throws Exception {
            calls.add(message.text());
        }

        @Override
        public void onAllInputsClosed() throws Exception {
            calls.add("all closed");
        }

        @Override
        public void onNodeFailed(NodeFailure failure) {
            calls.add("node failed");
        }

        @Override
        public void onStop() {
            calls.add("stop");
        }

        @Override
        public void close() throws Exception {
            calls.add("close");
        }
    }

    private Tube closedInput(String... texts) {
        Tube in = Tube.lossless(10);
        OutputPort source = new OutputPort("out", "source/out", Owner.waiting());
        source.connect(in.writer());
        for (String text : texts) {
            source.send(text);
        }
        source.close();
        return in;
    }

    @Test
    void shouldLiveFromOpenToClose() {
        rig.input("op", "in", closedInput("a", "b"));
        rig.operator("op", new Scribe()).run();

        assertThat(calls)
                .containsExactly("opening", "open", "opened", "running", "a", "b", "all closed", "close", "ended");
        assertThat(rig.failure).isNull();
    }

    @Test
    void shouldCloseItsOutputsBeforeItIsClosedItself() {
        Tube out = Tube.lossless(1);
        OutputPort port = rig.output("op", "out");
        port.connect(out.writer());
        rig.input("op", "in", closedInput());
        rig.operator("op", new Scribe() {
                    @Override
                    public void close() {
                        calls.add("closed: " + port.isClosed() + ", " + port.send("x"));
                    }
                })
                .run();

        assertThat(calls).contains("closed: true, CLOSED");
        assertThat(rig.failure).isNull();
        assertThat(out.reader().isDrained()).isTrue();
    }

    @Test
    void shouldForgetItsOperatorsWhenItHasEnded() {
        rig.input("op", "in", closedInput());
        OutputPort out = rig.output("op", "out");
        rig.operator("op", new Scribe()).operator("next", new Scribe());
        rig.direct(out, "next", "in");

        rig.run();

        assertThat(out.consumers().count()).isZero();
    }

    // Failures.

    @Test
    void shouldNameTheOperatorWhenItsOpenFails() {
        rig.operator("fine", new Scribe()).operator("broken", new Scribe() {
            @Override
            public void open(NodeContext context) {
                throw new IllegalArgumentException("no such file");
            }
        });
        rig.operator("never", () -> {
            throw new AssertionError("is not made any more");
        });

        rig.run();

        assertThat(rig.failure).isInstanceOf(IllegalArgumentException.class);
        assertThat(rig.failedPart).isEqualTo("node/broken");
        assertThat(calls).containsExactly("opening", "open", "close", "close", "ended");
    }

    @Test
    void shouldNameTheOperatorWhenItCannotBeMade() {
        rig.operator("fine", new Scribe());
        rig.operator("broken", () -> {
            throw new IOException("no constructor today");
        });

        rig.run();

        assertThat(rig.failure).isInstanceOf(IOException.class);
        assertThat(rig.failedPart).isEqualTo("node/broken");
        assertThat(calls).containsExactly("opening", "open", "close", "ended");
    }

    @Test
    void shouldNameTheOperatorWhenItsCloseFailsAndCloseTheOthers() {
        for (String name : List.of("first", "second", "third")) {
            rig.input(name, "in", closedInput());
            rig.operator(name, new Scribe() {
                @Override
                public void close() {
                    calls.add("close " + name);
                    if (!name.equals("first")) {
                        throw new IllegalStateException("cannot close " + name);
                    }
                }
            });
        }

        rig.run();

        assertThat(calls).endsWith("close third", "close second", "close first", "ended");
        assertThat(rig.failedPart).isEqualTo("node/third");
        assertThat(rig.failure).hasMessage("cannot close third");
        assertThat(rig.failure.getSuppressed())
                .singleElement()
                .extracting(Throwable::getMessage)
                .isEqualTo("cannot close second");
    }

    @Test
    void shouldDoOneCycleWhenItIsStepped() {
        Tube in = Tube.lossless(4);
        OutputPort source = new OutputPort("out", "source/out", Owner.waiting());
        source.connect(in.writer());
        rig.input("op", "in", in);
        rig.operator("op", new Scribe()).step();

        assertThat(rig.agent.hasWork()).isFalse();
        assertThat(rig.agent.work()).isZero();
        source.send("a");
        assertThat(rig.agent.hasWork()).isTrue();
        assertThat(rig.agent.work()).isPositive();
        assertThat(rig.agent.isOver()).isFalse();
        assertThat(calls).endsWith("running", "a");
    }

    @Test
    void shouldSayWhenItsTimerIsDueWhenItIsStepped() {
        rig.timer("op", "tick", 1_000);
        rig.operator("op", new Scribe()).step();
        rig.agent.work();

        assertThat(rig.agent.untilDueNs()).isEqualTo(1_000);
        rig.clock.advance(Duration.ofNanos(1_000));
        rig.agent.update();
        assertThat(rig.agent.hasWork()).isTrue();
    }

    @Test
    void shouldEndWithItsFailureWhenItIsStepped() {
        rig.input("op", "in", closedInput("a"));
        rig.operator("op", new Scribe() {
                    @Override
                    public void onInput(Input input, Message message) {
                        throw new IllegalStateException("cannot go on");
                    }
                })
                .step();

        rig.agent.work();
        assertThat(rig.agent.isOver()).isTrue();
        assertThat(rig.failure).isNull();
        rig.agent.close();
        assertThat(rig.failure).hasMessage("cannot go on");
    }

    @Test
    void shouldFailByWhatItsCallbackThrowsAndTellItsConsumers() {
        Rig consumer = new Rig();
        rig.consumers.put(consumer.agent.orders(), List.of("consumer/in"));
        List<String> heard = new ArrayList<>();
        consumer.agent.setCode(new SilentCode() {
            @Override
            public void onNodeFailed(String node, String error, List<String> inputs) {
                heard.add(node + ": " + error + " " + inputs);
            }
        });
        rig.input("op", "in", closedInput("a", "b"));
        rig.operator("op", new Scribe() {
                    @Override
                    public void onInput(Input input, Message message) throws Exception {
                        throw new IOException("line one\nline two");
                    }
                })
                .run();
        consumer.agent.failure().attempt("consumer", consumer.agent.orders()::carryOut);

        assertThat(heard).containsExactly("node: java.io.IOException: line one line two [consumer/in]");
        assertThat(rig.failedPart).isEqualTo("node/op");
        assertThat(calls).endsWith("running", "close", "ended");
    }

    @Test
    void shouldSendWhatThereIsRoomForBeforeItFails() {
        Tube out = Tube.lossless(2);
        OutputPort port = rig.output("op", "out");
        port.connect(out.writer());
        rig.input("op", "in", closedInput("a"));
        rig.operator("op", new Scribe() {
                    @Override
                    public void onInput(Input input, Message message) {
                        for (int i = 0; i < 4; i++) {
                            port.send("m" + i);
                        }
                        List<String> taken = out.texts(); // makes room for what waits
                        port.claim(10);
                        throw new IllegalStateException("after " + taken);
                    }
                })
                .run();

        assertThat(out.texts()).containsExactly("m2", "m3");
        assertThat(out.reader().isDrained()).isTrue();
        assertThat(rig.failure).hasMessage("after [m0, m1]");
    }

    @Test
    void shouldOnlyFailItselfWhenTheMachineRunsOutOfSomething() {
        rig.input("op", "in", closedInput("a"));
        rig.operator("op", new Scribe() {
                    @Override
                    @SuppressWarnings("InfiniteRecursion") // that is what it is for
                    public void onInput(Input input, Message message) {
                        onInput(input, message);
                    }
                })
                .run();
        assertThat(rig.failure).isInstanceOf(StackOverflowError.class);
        assertThat(calls).endsWith("close", "ended");

        Rig other = new Rig();
        other.input("op", "in", closedInput("a"));
        other.operator("op", new Scribe() {
                    @Override
                    public void onInput(Input input, Message message) {
                        throw new OutOfMemoryError("as if a claim were too large");
                    }
                })
                .run();
        assertThat(other.failure).isInstanceOf(OutOfMemoryError.class);
        assertThat(other.calls).endsWith("running", "ended");
    }

    @Test
    void shouldCallNothingAfterCloseWhenCommandsStillWait() {
        rig.input("op", "in", closedInput("a"));
        rig.operator("op", new Scribe() {
                    @Override
                    public void onInput(Input input, Message message) throws Exception {
                        rig.agent.orders().postNodeFailed("source", "broken", List.of("node/op/in"));
                        rig.agent.orders().postBeginStop();
                        rig.agent.orders().postStop();
                        throw new IOException("at the same time");
                    }
                })
                .run();

        assertThat(calls).endsWith("running", "close", "ended");
    }

    @Test
    void shouldRunEveryCommandWhenOneBeforeItFails() {
        rig.input("op", "in", closedInput());
        rig.operator("op", new Scribe());
        rig.agent.orders().post(() -> {
            throw new IOException("the first fails");
        });
        rig.agent.orders().post(() -> calls.add("second"));
        rig.agent.orders().post(() -> {
            throw new IOException("the third fails");
        });
        rig.agent.orders().post(() -> calls.add("fourth"));

        rig.run();

        assertThat(calls).endsWith("close", "second", "fourth", "ended");
        assertThat(rig.failure).hasMessage("the first fails");
        assertThat(rig.failure.getSuppressed()).hasSize(1);
    }

    @Test
    void shouldTakeNoCommandOnceItHasEnded() {
        rig.input("op", "in", closedInput());
        rig.operator("op", new Scribe());
        assertThat(rig.agent.orders().post(() -> calls.add("command"))).isTrue();

        rig.run();

        assertThat(calls).contains("command");
        assertThat(rig.agent.orders().post(() -> calls.add("too late"))).isFalse();
    }

    @Test
    void shouldNameTheOutputWhenACallbackSendsWithoutMeasure() {
        OutputPort port = rig.output("op", "out");
        port.connect(Tube.lossless(1).writer());
        rig.input("op", "in", closedInput("a"));
        rig.operator("op", new Scribe() {
                    @Override
                    public void onInput(Input input, Message message) {
                        for (int i = 0; i < 5 * RecordQueue.MAX_MESSAGES; i++) {
                            port.send("x");
                        }
                        calls.add("sent");
                    }
                })
                .run();

        assertThat(rig.failure)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "output 'node/op/out' was sent more than its consumers have room for: more than 16384 messages");
        assertThat(rig.failure.getSuppressed()).isEmpty();
        assertThat(calls).doesNotContain("sent"); // else a callback without end would never come to one
    }

    @Test
    void shouldRefuseToSendInOpen() {
        rig.output("op", "out");
        rig.operator("op", new Scribe() {
                    @Override
                    public void open(NodeContext context) {
                        context.output("out").send("too early");
                    }
                })
                .run();

        assertThat(rig.failure)
                .hasMessage("output 'node/op/out': nothing can be sent in open, for not every node is open yet");
    }

    @Test
    void shouldDescribeWhatWasThrownInOneLine() {
        assertThat(NodeFault.describe(new IOException())).isEqualTo("java.io.IOException");
        assertThat(NodeFault.describe(new IOException(" "))).isEqualTo("java.io.IOException");
        assertThat(NodeFault.describe(new IOException("a\r\nb"))).isEqualTo("java.io.IOException: a b");
        assertThat(NodeFault.describe(new RuntimeException() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("not even that");
                    }
                }))
                .startsWith(getClass().getName());
    }

    // Interrupts.

    /** As the coordinator does it. */
    private void interrupt() {
        rig.agent.orders().postStop();
        rig.agent.orders().requestInterrupt();
        Thread.currentThread().interrupt();
    }

    @Test
    void shouldHearThatItIsToStopWhenItIsInterruptedAtTheSameTime() {
        rig.input("op", "in", Tube.lossless(1));
        rig.operator("op", new Scribe() {
            @Override
            public void close() {
                calls.add("close" + (Thread.currentThread().isInterrupted() ? ", interrupted" : ""));
            }
        });
        interrupt();

        rig.run();

        assertThat(calls).endsWith("running", "stop", "close", "ended");
        assertThat(rig.failure).isNull();
    }

    @Test
    void shouldEndWhenItIsInterruptedThoughItsConsumersHaveNoRoom() {
        OutputPort port = rig.output("op", "out");
        port.connect(Tube.lossless(1).writer());
        rig.input("op", "in", closedInput("a"));
        rig.operator("op", new Scribe() {
                    @Override
                    public void onAllInputsClosed() throws Exception {
                        super.onAllInputsClosed();
                        port.send("one");
                        port.send("waits");
                        interrupt();
                    }
                })
                .run();

        assertThat(calls).endsWith("all closed", "close", "ended");
    }

    @Test
    void shouldIgnoreAnInterruptFromElsewhereWhenItsOperatorsReact() {
        rig.input("op", "in", closedInput("a"));
        Thread.currentThread().interrupt();

        rig.operator("op", new Scribe()).run();

        assertThat(calls).containsSequence("running", "a", "all closed");
        assertThat(rig.failure).isNull();
    }

    @Test
    void shouldNotFailByAnInterruptThatItWasDue() {
        for (Exception interruption : List.of(
                new InterruptedException(),
                new NodeInterruptedException("while it waited"),
                new ClosedByInterruptException(),
                new IllegalStateException("wrapped, as is common", new InterruptedException()))) {
            Rig each = new Rig();
            each.input("op", "in", closedInput("a"));
            each.operator("op", new Scribe() {
                        @Override
                        public void onInput(Input input, Message message) throws Exception {
                            each.agent.orders().requestInterrupt();
                            throw interruption;
                        }
                    })
                    .run();

            assertThat(each.failure).as("%s", interruption).isNull();
        }
    }

    @Test
    void shouldFailByAnInterruptThatItWasNotDue() {
        rig.input("op", "in", closedInput("a"));
        rig.operator("op", new Scribe() {
                    @Override
                    public void onInput(Input input, Message message) throws Exception {
                        throw new InterruptedException("by itself");
                    }
                })
                .run();

        assertThat(rig.failure).isInstanceOf(InterruptedException.class);
    }

    @Test
    void shouldFailByAnythingElseThoughItWasInterrupted() {
        rig.input("op", "in", closedInput("a"));
        rig.operator("op", new Scribe() {
                    @Override
                    public void onInput(Input input, Message message) throws Exception {
                        interrupt();
                        throw new IOException("disk full");
                    }
                })
                .run();

        assertThat(rig.failure).hasMessage("disk full");
    }

    // A node with its own loop.

    @Test
    void shouldPollEverythingInOrder() {
        rig.input("loop", "in", closedInput("a", "b"));

        rig.run(context -> {
            for (io.millrace.node.Event event = context.next(); event != null; event = context.next()) {
                calls.add(event.toString());
            }
            calls.add("then " + context.poll() + ", " + context.next() + ", " + context.next(Duration.ofDays(1)));
        });

        assertThat(calls)
                .containsExactly(
                        "opening",
                        "opened",
                        "running",
                        "INPUT node/loop/in",
                        "INPUT node/loop/in",
                        "INPUT_CLOSED node/loop/in",
                        "ALL_INPUTS_CLOSED",
                        "then null, null, null",
                        "ended");
        assertThat(rig.failure).isNull();
    }

    @Test
    void shouldRefuseToPollInOpen() {
        rig.input("loop", "in", closedInput("a"));

        rig.run(new Node() {
            @Override
            public void open(NodeContext context) {
                assertThatIllegalStateException().isThrownBy(context::poll);
                context.next();
            }

            @Override
            public void run(NodeContext context) {
                throw new AssertionError("is not open");
            }
        });

        assertThat(rig.failure)
                .hasMessage("node 'node': nothing can be polled in open, for messages flow when every node is open");
    }

    @Test
    void shouldPollNothingInClose() {
        rig.input("loop", "in", closedInput("a"));

        rig.run(new Node() {
            private NodeContext opened;

            @Override
            public void open(NodeContext context) {
                opened = context;
            }

            @Override
            public void run(NodeContext context) {
                calls.add("run");
            }

            @Override
            public void close() {
                calls.add("polled " + opened.poll() + ", " + opened.next());
            }
        });

        assertThat(calls).endsWith("run", "polled null, null", "ended");
    }

    @Test
    void shouldSeeTheStopBeforeAnythingElse() {
        rig.input("loop", "in", closedInput("a"));
        rig.agent.orders().postNodeFailed("source", "broken", List.of("node/loop/in"));
        rig.agent.orders().postStop();

        rig.run(context -> {
            calls.add(String.valueOf(context.next()));
            calls.add(String.valueOf(context.next()));
        });

        assertThat(calls).endsWith("running", "STOP", "null", "ended");
    }

    @Test
    void shouldSeeTheFailureBeforeTheInputClosed() {
        rig.input("loop", "in", closedInput("a"));
        rig.agent.orders().postNodeFailed("source", "broken", List.of("node/loop/in"));

        rig.run(context -> {
            for (io.millrace.node.Event event = context.next(); event != null; event = context.next()) {
                calls.add(event.type().toString());
            }
        });

        assertThat(calls).containsSequence("NODE_FAILED", "INPUT", "INPUT_CLOSED", "ALL_INPUTS_CLOSED");
    }

    @Test
    void shouldReturnNothingWhenTheTimeHasPassed() {
        ManualClock clock = rig.clock;
        rig.input("loop", "in", Tube.lossless(1));

        rig.run(context -> {
            calls.add("now: " + context.next(Duration.ZERO) + ", " + context.next(Duration.ofNanos(-5)));
            rig.agent.orders().post(() -> clock.advance(Duration.ofMillis(10)));
            calls.add("later: " + context.next(Duration.ofMillis(10)));
        });

        assertThat(calls).contains("now: null, null", "later: null");
    }

    @Test
    void shouldTickByTheDataflowsClock() {
        rig.timer("loop", "tick", 1_000_000);

        rig.run(context -> {
            for (int i = 0; i < 3; i++) {
                calls.add("tick " + context.next().message().sequence());
                assertThat(context.poll()).isNull();
                rig.clock.advance(Duration.ofMillis(1));
            }
        });

        assertThat(calls).containsSequence("tick 0", "tick 1", "tick 2");
    }

    @Test
    void shouldThrowWhenItIsInterruptedWhileItWaits() {
        rig.input("loop", "in", Tube.lossless(1));

        rig.run(context -> {
            rig.agent.orders().requestInterrupt();
            Thread.currentThread().interrupt();
            try {
                context.next();
            } catch (NodeInterruptedException e) {
                calls.add(e.getMessage() + "; flag " + Thread.currentThread().isInterrupted());
                throw e;
            }
        });

        assertThat(calls).endsWith("node 'node' was interrupted while it waited for an event; flag true", "ended");
        assertThat(rig.failure).isNull();
    }

    @Test
    void shouldThrowWhenItIsInterruptedWhileItWaitsForRoom() {
        OutputPort port = rig.output("loop", "out");
        port.connect(Tube.lossless(1).writer());

        rig.run(context -> {
            Output out = context.output("out");
            out.send("one");
            assertThat(out.send(java.nio.ByteBuffer.allocate(1), Duration.ZERO)).isEqualTo(SendResult.FULL);
            rig.agent.orders().requestInterrupt();
            out.send("two");
        });

        assertThat(rig.failure).isNull();
        assertThat(calls).endsWith("ended");
    }

    @Test
    void shouldTakeCommandsWhileItWaitsForRoom() {
        OutputPort port = rig.output("loop", "out");
        Tube tube = Tube.lossless(1);
        port.connect(tube.writer());

        rig.run(context -> {
            context.output("out").send("one");
            rig.agent.orders().post(() -> calls.addAll(tube.texts()));
            calls.add(context.output("out").send("two").toString());
        });

        assertThat(calls).containsSequence("one", "ACCEPTED");
    }

    @Test
    void shouldKnowAtOnceThatItIsToStop() {
        rig.run(context -> {
            calls.add("stopping " + context.isStopping());
            rig.agent.orders().postBeginStop();
            calls.add("stopping " + context.isStopping());
        });

        assertThat(calls).containsSequence("stopping false", "stopping true");
    }
}
