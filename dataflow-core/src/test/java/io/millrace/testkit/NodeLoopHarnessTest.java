package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.Event;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import io.millrace.node.SendResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeLoopHarnessTest {
    private final List<String> seen = new ArrayList<>();

    @Test
    void shouldPlayTheScriptInOrderWhenANodeRuns() {
        NodeHarness harness = NodeHarness.of(this::readAll)
                .input("a", "camera/frame")
                .input("b")
                .open();
        harness.feed("a", "one");
        harness.nodeFailed("camera", "cold");
        harness.nodeRestarted("camera");
        harness.closeInput("a");
        harness.recoverInput("a");
        harness.feed("a", "two");
        harness.closeInput("b");
        harness.closeInput("a");
        assertThat(seen).isEmpty();

        harness.run();

        assertThat(seen)
                .containsExactly(
                        "INPUT a one",
                        "NODE_FAILED camera cold",
                        "NODE_RESTARTED camera",
                        "INPUT_CLOSED a",
                        "INPUT_RECOVERED a",
                        "INPUT a two",
                        "INPUT_CLOSED b",
                        "INPUT_CLOSED a",
                        "ALL_INPUTS_CLOSED",
                        "null");
        assertThat(harness.hasEnded()).isTrue();
    }

    @Test
    void shouldEndWithTheStopWhenMoreWasFedBehindIt() {
        NodeHarness harness = NodeHarness.of(this::readAll).input("a").open();
        harness.feed("a", "one");
        harness.stop();
        harness.feed("a", "never delivered");

        harness.run();

        assertThat(seen).containsExactly("INPUT a one", "STOP", "null");
    }

    @Test
    void shouldMoveTheClockWhenTheNodeWaits() {
        List<Long> waitedMs = new ArrayList<>();
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    long start = context.clock().nanoTime();
                    for (int i = 0; i < 4; i++) {
                        Event event = context.next(Duration.ofMillis(400));
                        seen.add(event == null ? "null" : event.type().toString());
                        waitedMs.add((context.clock().nanoTime() - start) / 1_000_000);
                    }
                })
                .input("a")
                .open();
        harness.feed("a", "at once");
        harness.advance(Duration.ofSeconds(1));
        harness.feed("a", "a second later");

        harness.run();

        assertThat(seen).containsExactly("INPUT", "null", "null", "INPUT");
        assertThat(waitedMs).containsExactly(0L, 400L, 800L, 1000L);
        assertThat(harness.clock().elapsed()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldMoveTheClockByTheTimeoutWhenNothingIsLeft() {
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    seen.add(String.valueOf(context.poll()));
                    seen.add(String.valueOf(context.next(Duration.ofSeconds(2))));
                })
                .open();

        harness.run();

        assertThat(seen).containsExactly("null", "null");
        assertThat(harness.clock().elapsed()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldSayThatNothingIsLeftWhenTheNodeWaitsForEver() {
        NodeHarness harness = NodeHarness.of(this::readAll).input("a").open();
        harness.feed("a", "one");

        assertThatIllegalStateException()
                .isThrownBy(harness::run)
                .withMessageContaining("waits for an event that never comes");
    }

    @Test
    void shouldNotHangWhenTheNodePollsForEver() {
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    while (true) {
                        context.poll();
                    }
                })
                .open();

        assertThatIllegalStateException().isThrownBy(harness::run).withMessageContaining("goes on");
    }

    @Test
    void shouldTickInScriptedTimeWhenTheNodeHasATimer() {
        NodeHarness harness = NodeHarness.of(this::readAll)
                .input("tick", "dora/timer/millis/400")
                .input("a")
                .open();
        harness.advance(Duration.ofSeconds(1));
        harness.feed("a", "x");
        harness.advance(Duration.ofSeconds(1));
        harness.stop();

        harness.run();

        assertThat(seen)
                .containsExactly(
                        "INPUT tick ",
                        "INPUT tick ",
                        "INPUT tick ",
                        "INPUT a x",
                        "INPUT tick ",
                        "INPUT tick ",
                        "STOP",
                        "null");
    }

    @Test
    void shouldTickUntilItsTimerIsClosed() {
        List<Event.Type> events = new ArrayList<>();
        NodeHarness harness = NodeHarness.of(context -> {
                    for (Event event = context.next(); event != null; event = context.next()) {
                        events.add(event.type());
                    }
                })
                .input("in")
                .input("tick", "dora/timer/secs/1")
                .open();
        harness.advance(Duration.ofMillis(1500));
        harness.closeInput("tick");
        harness.advance(Duration.ofSeconds(5));
        harness.closeInput("in");
        harness.run();

        assertThat(events)
                .containsExactly(
                        Event.Type.INPUT,
                        Event.Type.INPUT,
                        Event.Type.INPUT_CLOSED,
                        Event.Type.INPUT_CLOSED,
                        Event.Type.ALL_INPUTS_CLOSED);
    }

    @Test
    void shouldTickOnceWhenTheNodeWasBusyForLong() {
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    // A full output is what a node is held up by: the clock moves on.
                    Output out = context.output("out");
                    out.send(ByteBuffer.allocate(1), Duration.ofSeconds(5));
                    Event event = context.poll();
                    seen.add(event == null ? "null" : event.input().id());
                    seen.add(String.valueOf(context.poll()));
                })
                .input("tick", "dora/timer/millis/400")
                .output("out", 0)
                .open();

        harness.run();

        assertThat(seen).containsExactly("tick", "null");
    }

    @Test
    void shouldTellOfTheStopWhenItIsNextAndTheNodeAsks() {
        List<Boolean> stopping = new ArrayList<>();
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    stopping.add(context.isStopping());
                    context.next();
                    stopping.add(context.isStopping());
                })
                .input("a")
                .open();
        harness.feed("a", "x");
        harness.stop();

        harness.run();

        assertThat(stopping).containsExactly(false, true);
    }

    @Test
    void shouldThrowWhenAnEventIsUsedAfterTheNextPoll() {
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    Event first = context.next();
                    context.next();
                    first.input();
                })
                .input("a")
                .open();
        harness.feed("a", "x");
        harness.feed("a", "y");

        assertThatIllegalStateException().isThrownBy(harness::run).withMessageContaining("no longer valid");
    }

    @Test
    void shouldThrowWhenAnEventIsAskedForWhatItHasNot() {
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    Event event = context.next();
                    seen.add(event.input().id());
                    event.message();
                })
                .input("a")
                .open();
        harness.closeInput("a");

        assertThatIllegalStateException()
                .isThrownBy(harness::run)
                .withMessage("an event of type INPUT_CLOSED has no message");
        assertThat(seen).containsExactly("a");
    }

    @Test
    void shouldBeFullWhenAnOutputHoldsAsMuchAsItMay() {
        List<Object> results = new ArrayList<>();
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    Output out = context.output("out");
                    results.add(out.offer(ByteBuffer.allocate(1)));
                    results.add(out.hasRoom());
                    results.add(out.offer(ByteBuffer.allocate(1)));
                    results.add(String.valueOf(out.tryClaim(1)));
                    results.add(out.send(ByteBuffer.allocate(1), Duration.ofSeconds(3)));
                })
                .output("out", 1)
                .open();

        harness.run();

        assertThat(results).containsExactly(SendResult.ACCEPTED, false, SendResult.FULL, "null", SendResult.FULL);
        assertThat(harness.clock().elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(harness.sent("out")).hasSize(1);
    }

    @Test
    void shouldWaitForRoomAsTheRuntimeDoesWhateverTheTimeout() {
        List<SendResult> results = new ArrayList<>();
        ByteBuffer payload = ByteBuffer.allocate(1);
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    Output out = context.output("out");
                    results.add(out.send(payload, ChronoUnit.FOREVER.getDuration()));
                    results.add(out.send(payload, Duration.ofSeconds(-1)));
                    out.send(payload, ChronoUnit.FOREVER.getDuration());
                })
                .output("out", 1)
                .open();

        assertThatIllegalStateException().isThrownBy(harness::run).withMessageContaining("nobody makes room");
        assertThat(results).containsExactly(SendResult.ACCEPTED, SendResult.FULL);
        assertThat(harness.clock().elapsed()).isZero();
    }

    @Test
    void shouldTellThatTheLastEventWasGiven() {
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    seen.add("" + context.hasEnded());
                    seen.add(context.poll() + ", " + context.hasEnded());
                    context.next();
                    seen.add(context.poll() + ", " + context.hasEnded());
                })
                .input("in")
                .open();
        harness.advance(Duration.ofSeconds(1));
        harness.stop();

        harness.run();

        assertThat(seen).containsExactly("false", "null, false", "null, true");
    }

    @Test
    void shouldGiveUpTheClaimOfAnOutputThatTheNodeCloses() {
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    Output out = context.output("out");
                    out.claim(8);
                    out.close();
                })
                .output("out")
                .open();

        harness.run();

        assertThat(harness.sent("out")).isEmpty();
        assertThat(harness.hasEnded()).isTrue();
    }

    @Test
    void shouldSayThatNobodyMakesRoomWhenTheNodeWaitsForIt() {
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    context.output("out").send("one");
                    context.output("out").send("two");
                })
                .output("out", 1)
                .open();

        assertThatIllegalStateException()
                .isThrownBy(harness::run)
                .withMessageContaining("'node/out' is full")
                .withMessageContaining("nobody makes room");
    }

    @Test
    void shouldBeToldWhenTheLastConsumerHasEnded() {
        List<Object> results = new ArrayList<>();
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    Output out = context.output("out");
                    results.add(out.isClosed());
                    results.add(out.send("nobody hears"));
                    results.add(String.valueOf(out.tryClaim(1)));
                    out.claim(1).commit();
                })
                .output("out")
                .open();
        harness.closeOutput("out");

        harness.run();

        assertThat(results).containsExactly(true, SendResult.CLOSED, "null");
        assertThat(harness.sent("out")).isEmpty();
    }

    @Test
    void shouldLetTheExceptionOutAsItIsAndCloseWhenRunThrows() {
        IOException failure = new IOException("disk full");
        NodeHarness harness = NodeHarness.of(new Node() {
                    @Override
                    public void run(NodeContext context) throws IOException {
                        throw failure;
                    }

                    @Override
                    public void close() {
                        seen.add("close");
                    }
                })
                .output("out")
                .open();

        assertThatThrownBy(harness::run).isSameAs(failure);

        assertThat(seen).containsExactly("close");
        assertThat(harness.isOutputClosed("out")).isTrue();
        assertThatIllegalStateException().isThrownBy(harness::run).withMessageContaining("has failed");
    }

    @Test
    void shouldCloseOnceWhenRunReturns() {
        NodeHarness harness = NodeHarness.of(new Node() {
                    @Override
                    public void run(NodeContext context) {}

                    @Override
                    public void close() {
                        seen.add("close");
                    }
                })
                .output("out")
                .open();

        harness.run();
        harness.close();

        assertThat(seen).containsExactly("close");
        assertThat(harness.isOutputClosed("out")).isTrue();
        assertThatIllegalStateException().isThrownBy(harness::run).withMessageContaining("has ended");
    }

    @Test
    void shouldBeLaterThanItsCauseWhenANodeSends() {
        List<Long> received = new ArrayList<>();
        NodeHarness harness = NodeHarness.of((Node) context -> {
                    context.next();
                    Event second = context.next();
                    received.add(second.message().timestamp());
                    context.output("out").send("because");
                })
                .input("a")
                .output("out")
                .open();
        harness.feed("a", "x");
        harness.advance(Duration.ofMillis(20));
        harness.feed("a", "y");

        harness.run();

        assertThat(harness.sent("out").get(0).timestamp()).isGreaterThan(received.get(0));
    }

    @Test
    void shouldMoveTheClockAndTakeNothingWhenNodeSleeps() {
        NodeHarness harness = NodeHarness.of(context -> {
                    long beginNs = context.clock().nanoTime();
                    seen.add("slept " + context.sleep(Duration.ofMillis(30)) + " "
                            + (context.clock().nanoTime() - beginNs));
                    readAll(context);
                })
                .input("a")
                .open();
        harness.feed("a", "x");
        harness.closeInput("a");

        harness.run();

        assertThat(seen).startsWith("slept true 30000000", "INPUT a x");
    }

    @Test
    void shouldCutSleepShortWhenItIsToStop() {
        NodeHarness harness = NodeHarness.of(context -> {
                    long beginNs = context.clock().nanoTime();
                    seen.add("slept " + context.sleep(Duration.ofDays(1)) + " "
                            + (context.clock().nanoTime() - beginNs) + " " + context.isStopping());
                    seen.add("slept " + context.sleep(Duration.ofDays(1)));
                    readAll(context);
                })
                .open();
        harness.advance(Duration.ofMillis(5));
        harness.stop();

        harness.run();

        assertThat(seen).containsExactly("slept false 5000000 true", "slept false", "STOP", "null");
    }

    @Test
    void shouldTakeDurationsWithoutEndAsTheRuntimeDoes() {
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        NodeHarness harness = NodeHarness.of(context -> {
                    seen.add("slept " + context.sleep(forEver));
                    seen.add(String.valueOf(context.next(forEver)));
                    context.sleep(Duration.ofNanos(Long.MAX_VALUE));
                })
                .open();
        harness.stop();

        harness.run();

        assertThat(seen.get(0)).isEqualTo("slept false");
    }

    private void readAll(NodeContext context) {
        while (true) {
            Event event = context.next();
            seen.add(event == null ? "null" : described(event));
            if (event == null) {
                return;
            }
        }
    }

    private static String described(Event event) {
        return switch (event.type()) {
            case INPUT ->
                event.type() + " " + event.input().id() + " " + event.message().text();
            case INPUT_CLOSED, INPUT_RECOVERED ->
                event.type() + " " + event.input().id();
            case NODE_FAILED ->
                event.type() + " " + event.node() + " " + event.failure().error();
            case NODE_RESTARTED -> event.type() + " " + event.node();
            case ALL_INPUTS_CLOSED, STOP -> event.type().toString();
        };
    }
}
