package io.millrace.local.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.dora.NodeEvent;
import io.millrace.local.dora.Reply;
import io.millrace.local.dora.Request;
import io.millrace.local.dora.TimedEvent;
import io.millrace.local.process.NeedsSupervisor;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;

/** Nodes that are programs: real processes, which speak dora's protocol with the client of these tests. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ProgramsTest {
    private static final StartOptions OPTIONS =
            StartOptions.builder().keepAlive(false).build();

    private final String name = "programs" + System.identityHashCode(this);

    @BeforeEach
    void shouldHaveASupervisor() {
        NeedsSupervisor.assume();
    }

    @AfterEach
    void leaveNoThread() {
        Threads.awaitNone("millrace-" + name);
        Threads.awaitNone("millrace-dynamic");
    }

    /** A dataflow of one program with an input and an output. */
    private Dataflow flow(String program, String... keys) {
        return Dataflow.parse("name: " + name + "\nnodes:\n" + node("prog", program, keys)
                + "    inputs:\n      in: {source: millrace/app/in, queue_policy: backpressure, queue_size: 100}\n"
                + "    outputs: [out]\n");
    }

    static String node(String id, String program, String... keys) {
        return "  - id: " + id + "\n    path: " + java() + "\n    args: >-\n      " + arguments(program) + "\n"
                + Stream.of(keys).map(key -> "    " + key + "\n").collect(Collectors.joining());
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static String arguments(String program) {
        String classPath = Stream.of(FakeProgram.class, NodeAgent.class, Message.class, Logger.class)
                .map(ProgramsTest::location)
                .collect(Collectors.joining(System.getProperty("path.separator")));
        return "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m -cp '" + classPath + "' "
                + FakeProgram.class.getName() + " " + program;
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As bytes, which come back as bytes. */
    static SendResult feed(RunningDataflow running, String text) throws InterruptedException {
        return running.publisher("in").send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), Threads.DEADLINE);
    }

    static List<String> take(Subscription from, int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            assertThat(from.poll(message -> texts.add(message.text()), Threads.DEADLINE))
                    .as("messages after %s", texts)
                    .isPositive();
        }
        return texts;
    }

    @Test
    void shouldPassBytesAndParametersThroughAProgram() throws Exception {
        try (RunningDataflow running = flow("echo").start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(100));
            Parameters parameters = Parameters.of("gain", 0.5).with("name", "x");
            assertThat(running.publisher("in").offer(ByteBuffer.wrap(new byte[] {1, 2, 3}), parameters))
                    .isEqualTo(SendResult.ACCEPTED);
            AtomicReference<Parameters> seen = new AtomicReference<>();
            List<byte[]> bytes = new ArrayList<>();
            while (bytes.isEmpty()) {
                out.poll(
                        message -> {
                            bytes.add(message.toByteArray());
                            seen.set(message.parameters());
                        },
                        Threads.DEADLINE);
            }
            assertThat(bytes).containsExactly(new byte[] {1, 2, 3});
            assertThat(seen.get().asMap()).isEqualTo(parameters.asMap());
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldLoseNothingAndKeepTheOrderWhenEveryEdgeIsUnderBackpressure() throws Exception {
        int count = 3_000;
        try (RunningDataflow running = flow("echo").start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(10));
            Thread feeding = new Thread(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        feed(running, Integer.toString(i));
                    }
                    running.publisher("in").close();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            feeding.start();
            List<String> expected =
                    IntStream.range(0, count).mapToObj(Integer::toString).toList();
            assertThat(take(out, count)).isEqualTo(expected);
            feeding.join();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldStopReadingAProgramWhenItsOutputIsFull() throws Exception {
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(open -> out.set(open.subscribe("prog/out", SubscribeOptions.backpressure(4))))
                .build();
        try (RunningDataflow running = flow("source 20000").start(options)) {
            List<Integer> numbers = new ArrayList<>();
            while (numbers.size() < 20_000) {
                assertThat(out.get().poll(message -> numbers.add(message.getInt(0)), Threads.DEADLINE))
                        .isPositive();
            }
            assertThat(numbers).isEqualTo(IntStream.range(0, 20_000).boxed().toList());
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldLoseNothingOfAProgramThatHasExitedLongBeforeThereIsRoom() throws Exception {
        int count = 1_000;
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(open -> out.set(open.subscribe("prog/out", SubscribeOptions.backpressure(300))))
                .build();
        try (RunningDataflow running = flow("burst " + count).start(options)) {
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true); // longer than silent connections are kept
            List<Integer> numbers = new ArrayList<>();
            while (!out.get().isClosed()) {
                out.get().poll(message -> numbers.add(message.getInt(0)), Duration.ofMillis(100));
            }
            assertThat(numbers).isEqualTo(IntStream.range(0, count).boxed().toList());
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldTellAProgramOfItsEventsInTheirOrder() throws Exception {
        try (RunningDataflow running = flow("events").start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(100));
            feed(running, "a");
            assertThat(take(out, 1)).containsExactly("Input in a");
            running.publisher("in").close();
            assertThat(take(out, 2)).containsExactly("InputClosed[inputId=in]", "AllInputsClosed[]");
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldNeverTellAProgramThatAnInputIsBackBeforeItHasToldThatItClosed() throws Exception {
        String yaml = "name: " + name + "\nnodes:\n" + node("prog", "events")
                + "    inputs: {in: {source: millrace/app/in, input_timeout: 30ms}}\n    outputs: [out]\n";
        try (RunningDataflow running = Dataflow.parse(yaml).start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(1000));
            List<String> seen = new ArrayList<>();
            for (int pauseMs = 40; pauseMs < 160; pauseMs += 10) {
                feed(running, "a");
                await().pollDelay(Duration.ofMillis(pauseMs))
                        .until(() -> true); // the input closes, and news of it waits
            }
            running.publisher("in").close();
            while (!out.isClosed()) {
                out.poll(message -> seen.add(message.text()), Duration.ofMillis(100));
            }
            boolean isClosed = false;
            for (String event : seen) {
                boolean isInput = event.equals("Input in a");
                boolean closes = event.equals("InputClosed[inputId=in]");
                assertThat(isInput && isClosed)
                        .as("an input that is closed, in %s", seen)
                        .isFalse();
                if (event.startsWith("InputRecovered")) {
                    assertThat(isClosed)
                            .as("an input that comes back was closed, in %s", seen)
                            .isTrue();
                }
                isClosed = !isInput && (closes || isClosed && !event.startsWith("InputRecovered"));
            }
        }
    }

    @Test
    void shouldKeepNoDataAndNoBytesApart() throws Exception {
        String yaml = "name: " + name + "\nnodes:\n" + node("first", "echo")
                + "    inputs: {in: {source: millrace/app/in, queue_policy: backpressure}}\n    outputs: [out]\n"
                + node("empties", "empties") + "    outputs: [out]\n"
                + node("prog", "events")
                + "    inputs: {bytes: first/out, more: empties/out, tick: dora/timer/secs/3600}\n    outputs: [out]\n";
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(open -> out.set(open.subscribe("prog/out", SubscribeOptions.backpressure(100))))
                .build();
        try (RunningDataflow running = Dataflow.parse(yaml).start(options)) {
            feed(running, "");
            List<String> seen = new ArrayList<>();
            while (seen.stream().filter(line -> line.startsWith("Input ")).count() < 4) {
                seen.addAll(take(out.get(), 1));
            }
            assertThat(seen)
                    .contains("Input bytes ", "Input tick nothing")
                    .containsSubsequence("Input more nothing", "Input more ");
        }
    }

    @Test
    void shouldTickAProgramAndStopItByAnEvent() throws Exception {
        String yaml = "name: " + name + "\nnodes:\n" + node("prog", "events")
                + "    inputs: {tick: dora/timer/millis/20}\n    outputs: [out]\n";
        try (RunningDataflow running = Dataflow.parse(yaml).start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(1000));
            assertThat(take(out, 3)).contains("Input tick nothing");
            running.stop(Threads.DEADLINE);
            List<String> rest = new ArrayList<>();
            while (!out.isClosed()) {
                out.poll(message -> rest.add(message.text()), Duration.ofMillis(100));
            }
            assertThat(rest).last().isEqualTo("Stop[]");
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.STOPPED);
        }
    }

    @Test
    void shouldPassLargePayloadsOnAndRefuseThoseThatNoFrameHoldsAtTheirSender() throws Exception {
        try (RunningDataflow running = flow("echo").start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(100));
            byte[] large = new byte[8 << 20];
            new java.util.Random(1).nextBytes(large);
            running.publisher("in").send(ByteBuffer.wrap(large), Threads.DEADLINE);
            List<byte[]> seen = new ArrayList<>();
            while (seen.isEmpty()) {
                out.poll(message -> seen.add(message.toByteArray()), Threads.DEADLINE);
            }
            assertThat(seen.get(0)).isEqualTo(large);
            assertThatThrownBy(() -> running.publisher("in").send(ByteBuffer.allocate(64 << 20), Threads.DEADLINE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a payload of 67108864 bytes")
                    .hasMessageEndingWith(
                            "the most that fits into a frame of dora's protocol, in which node 'prog' gets it");
        }
    }

    @Test
    void shouldPassTheLargestPayloadThatAFrameHoldsAndRefuseOneByteMoreAtItsSender() throws Exception {
        int largest = ProgramHost.MAX_PAYLOAD_BYTES;
        Parameters parameters = Parameters.of("text", "x".repeat(60_000));
        try (RunningDataflow running = flow("lengths").start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(100));
            assertThat(running.publisher("in").offer(ByteBuffer.allocate(largest), parameters))
                    .isEqualTo(SendResult.ACCEPTED);
            assertThat(take(out, 1)).containsExactly(Integer.toString(largest));
            assertThatThrownBy(() -> running.publisher("in").offer(ByteBuffer.allocate(largest + 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a payload of " + (largest + 1) + " bytes is not within 0 to " + largest)
                    .hasMessageContaining("in which node 'prog' gets it");
        }
    }

    @Test
    void shouldAnswerAsOftenAsAProgramAsksForWhatIsNotSupported() throws Exception {
        try (RunningDataflow running = flow("asks-in-vain").start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(100));
            feed(running, "still here");
            assertThat(take(out, 1)).containsExactly("still here");
        }
    }

    @Test
    void shouldHandOutEventsOnlyOverTheConnectionThatHasSubscribed() throws Exception {
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(open -> out.set(open.subscribe("prog/out", SubscribeOptions.backpressure(4))))
                .build();
        try (RunningDataflow running = flow("asks-elsewhere").start(options)) {
            assertThat(take(out.get(), 1))
                    .containsExactly("Result[error=events are for the connection that has subscribed]");
            feed(running, "still here");
            assertThat(take(out.get(), 1)).containsExactly("still here");
        }
    }

    @Test
    void shouldRunAProgramThatIsWrittenInTheOlderForm() throws Exception {
        String yaml = "name: " + name + "\nnodes:\n  - id: prog\n    custom:\n      source: " + java()
                + "\n      args: >-\n        " + arguments("echo") + "\n"
                + "      inputs: {in: millrace/app/in}\n      outputs: [out]\n";
        try (RunningDataflow running = Dataflow.parse(yaml).start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(4));
            feed(running, "through");
            assertThat(take(out, 1)).containsExactly("through");
        }
    }

    @Test
    void shouldSayWhyAProgramThatEndsBeforeItSubscribesFailsTheStart() {
        assertThatThrownBy(() -> flow("exit 7").start(OPTIONS))
                .isInstanceOf(DataflowStartException.class)
                .hasMessageContaining(
                        "node 'prog': its program ended with exit code 7 before it subscribed; it printed last: "
                                + "first words | last words");
        assertThatThrownBy(() -> flow("exit 0").start(OPTIONS))
                .isInstanceOf(DataflowStartException.class)
                .hasMessageContaining(
                        "ended with exit code 0 before it subscribed: a node connects with dora's node library");
    }

    @Test
    void shouldNameAProgramThatNeverRegisters() {
        StartOptions options =
                OPTIONS.toBuilder().startTimeout(Duration.ofSeconds(1)).build();
        assertThatThrownBy(() -> flow("mute").start(options))
                .isInstanceOf(DataflowStartException.class)
                .hasMessageContaining("still in open: node 'prog'")
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .anySatisfy(why -> assertThat(why)
                                .hasMessageStartingWith("node 'prog': its program runs, but has not subscribed")));
    }

    @Test
    void shouldSayThatAProgramHasNotEndedItsFirstFrame() {
        StartOptions options =
                OPTIONS.toBuilder().startTimeout(Duration.ofSeconds(5)).build();
        assertThatThrownBy(() -> flow("half-a-frame").start(options))
                .isInstanceOf(DataflowStartException.class)
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .anySatisfy(why -> assertThat(why)
                                .hasMessageStartingWith(
                                        "node 'prog': its program has begun a frame and not sent the rest of it")));
    }

    @Test
    void shouldTurnAProgramAwayThatWasBuiltForAnotherVersion() {
        assertThatThrownBy(() -> flow("future").start(OPTIONS))
                .isInstanceOf(DataflowStartException.class)
                .hasMessageContaining(
                        "it was turned away: node 'prog' was built with dora 2.0.0, expected a dora of version 1.x");
        assertThatThrownBy(() -> flow("old").start(OPTIONS))
                .isInstanceOf(DataflowStartException.class)
                .hasMessageContaining("it was turned away: it was built for a dora before 1.0");
    }

    private String failureOf(String program) throws Exception {
        try (RunningDataflow running = flow(program).start(OPTIONS)) {
            feed(running, "go");
            DataflowResult result = running.await(Threads.DEADLINE);
            assertThat(result.state()).isEqualTo(DataflowState.FAILED);
            return String.valueOf(result.cause().orElseThrow().error().getMessage());
        }
    }

    @Test
    void shouldFailANodeWhoseProgramBreaksTheProtocol() throws Exception {
        assertThat(failureOf("garbage"))
                .startsWith("node 'prog': its program broke the protocol: expected the length of a frame");
        assertThat(failureOf("nonsense"))
                .startsWith(
                        "node 'prog': its program broke the protocol: expected a request of dora 1.x, found request number 56");
        assertThat(failureOf("large-parameter"))
                .startsWith("node 'prog': its program sent what no message carries: on output 'out', the length of text"
                        + " is at most 65");
        assertThat(failureOf("unknown-output"))
                .startsWith(
                        "node 'prog': its program sent on output 'nonsense', which it does not have: its outputs are [out]");
    }

    @Test
    void shouldFailANodeWhoseProgramIsSilentForLongerThanItsHealthCheckTimeout() throws Exception {
        try (RunningDataflow running =
                flow("stubborn", "health_check_timeout: 500ms").start(OPTIONS)) {
            DataflowResult result = running.await(Threads.DEADLINE);
            assertThat(result.cause().orElseThrow().error())
                    .hasMessageContaining(
                            "node 'prog' is stuck: its program has neither asked for an event nor sent anything")
                    .hasMessageEndingWith("health_check_timeout of PT0.5S");
        }
    }

    @Test
    void shouldFailANodeWhoseProgramFails() throws Exception {
        assertThat(failureOf("crash-once")).startsWith("node 'prog': its program ended with exit code 3");
    }

    @Test
    void shouldRunAProgramAgainWithItsRestartCount() throws Exception {
        try (RunningDataflow running =
                flow("crash-once", "restart_policy: on-failure").start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(100));
            feed(running, "lost");
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().nodes().get(0).incarnation() == 1);
            feed(running, "kept");
            assertThat(take(out, 1)).containsExactly("kept");
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldKillTheWholeGroupOfAProgramThatDoesNotStopWithinTheGrace() throws Exception {
        long child;
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(open -> out.set(open.subscribe("prog/out", SubscribeOptions.backpressure(4))))
                .build();
        try (RunningDataflow running = flow("stubborn").start(options)) {
            child = Long.parseLong(take(out.get(), 1).get(0));
            assertThat(ProcessHandle.of(child)).isPresent();
            running.stop(Duration.ofSeconds(2));
            DataflowResult result = running.await(Threads.DEADLINE);
            assertThat(result.state()).isEqualTo(DataflowState.FAILED);
            assertThat(result.failures()).singleElement().satisfies(failure -> {
                assertThat(failure.node()).isEqualTo("prog");
                assertThat(failure.error())
                        .hasMessageStartingWith("node 'prog': its program did not end within the grace")
                        .hasMessageContaining("was killed (SIGKILL)")
                        .hasMessageEndingWith("it printed last: child " + child);
            });
        }
        await().atMost(Threads.DEADLINE)
                .until(() ->
                        ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void shouldCountAProgramAsStoppedWhenTheStopGivesItNoTime() throws Exception {
        try (RunningDataflow running = flow("stubborn").start(OPTIONS)) {
            running.stop(Duration.ZERO);
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.STOPPED);
        }
    }

    @Test
    void shouldEndAProgramThatStaysWhenAllElseHasEnded() throws Exception {
        StartOptions options = OPTIONS.toBuilder()
                .finishGrace(Duration.ofMillis(200))
                .closeGrace(Duration.ofSeconds(1))
                .build();
        String yaml = "name: " + name + "\nhealth_check_interval: 50ms\nnodes:\n"
                + node("wedge", "wedge", "restart_policy: on-failure") + "    inputs: {in: millrace/app/in}\n"
                + "    outputs: [out]\n" + node("prog", "echo")
                + "    inputs: {in: wedge/out}\n    outputs: [out]\n";
        try (RunningDataflow running = Dataflow.parse(yaml).start(options)) {
            feed(running, "never taken");
            running.publisher("in").close();
            DataflowResult result = running.await(Threads.DEADLINE);
            assertThat(result.state()).isEqualTo(DataflowState.FAILED);
            assertThat(result.failures()).singleElement().satisfies(failure -> {
                assertThat(failure.node()).isEqualTo("wedge");
                assertThat(failure.error())
                        .hasMessageStartingWith("node 'wedge': its inputs had closed and all else had ended, but for"
                                + " PT0.2S its program neither took nor sent anything")
                        .hasMessageContaining("SIGTERM")
                        .hasMessageContaining("DORA_FINISH_DRAIN_GRACE_SECS says how long it may take");
            });
        }
    }

    @Test
    void shouldNotHoldUpTheOthersWhenAProgramNeverReads() throws Exception {
        String yaml = "name: " + name + "\nnodes:\n" + node("wedge", "wedge") + "    inputs: {in: millrace/app/in}\n"
                + node("prog", "echo")
                + "    inputs: {in: {source: millrace/app/in, queue_policy: backpressure, queue_size: 10}}\n"
                + "    outputs: [out]\n";
        try (RunningDataflow running = Dataflow.parse(yaml).start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(100));
            List<String> expected =
                    IntStream.range(0, 50).mapToObj(Integer::toString).toList();
            for (String text : expected) {
                feed(running, text);
            }
            assertThat(take(out, 50)).isEqualTo(expected);
            running.stop(Duration.ofSeconds(4)); // a quarter of it for SIGTERM
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.STOPPED);
        }
    }

    @Test
    void shouldSendWhatAProgramPrints() throws Exception {
        String yaml = "name: " + name + "\nnodes:\n" + node("prog", "print one two", "send_stdout_as: lines")
                + "    outputs: [lines]\n";
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(open -> out.set(open.subscribe("prog/lines", SubscribeOptions.backpressure(100))))
                .build();
        try (RunningDataflow running = Dataflow.parse(yaml).start(options)) {
            assertThat(take(out.get(), 2)).containsExactly("one", "two");
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldSendOnWhatARecordSaysThatAProgramPrints() throws Exception {
        String record =
                "{\"timestamp\":\"2026-10-01T00:00:00Z\",\"level\":\"WARN\",\"target\":\"a::b\",\"file\":\"a.rs\","
                        + "\"line\":7,\"message\":\"low\",\"fields\":{\"volts\":11.5}}";
        String yaml = "name: " + name + "\nnodes:\n" + node("prog", "print '" + record + "'", "send_logs_as: logs")
                + "    outputs: [logs]\n";
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(open -> out.set(open.subscribe("prog/logs", SubscribeOptions.backpressure(100))))
                .build();
        try (RunningDataflow running = Dataflow.parse(yaml).start(options)) {
            assertThat(take(out.get(), 1).get(0))
                    .contains(
                            "\"level\":\"WARN\",\"target\":\"a::b\",\"module_path\":null,\"file\":\"a.rs\",\"line\":7,"
                                    + "\"message\":\"low\",\"timestamp\":\"2026-10-01T00:00:00Z\"")
                    .contains("\"volts\":\"11.5\"");
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    private RunningDataflow startDynamic() {
        Assumptions.assumeThat(isFree(DynamicDoor.PORT))
                .as("port %s of this machine, where programs ask that are started by hand, is free", DynamicDoor.PORT)
                .isTrue();
        return startDynamic(name, "plot");
    }

    private static RunningDataflow startDynamic(String dataflow, String node, String... keys) {
        return Dataflow.parse("name: " + dataflow + "\nnodes:\n  - id: " + node + "\n    path: dynamic\n"
                        + Stream.of(keys).map(key -> "    " + key + "\n").collect(Collectors.joining())
                        + "    inputs:\n      in: {source: millrace/app/in, queue_policy: backpressure, queue_size: 100}\n"
                        + "    outputs: [out]\n")
                .start(OPTIONS);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void shouldServeAProgramThatIsStartedByHandAsOftenAsItComes() throws Exception {
        try (RunningDataflow running = startDynamic()) {
            Subscription out = running.subscribe("plot/out", SubscribeOptions.backpressure(100));
            assertThat(WireNode.askByHand(DynamicDoor.PORT, "nobody"))
                    .contains("dataflow '" + name + "' has no node 'nobody' that is to be started by hand");
            for (String text : List.of("first", "second")) {
                try (WireNode node = WireNode.connect(WireNode.askByHand(DynamicDoor.PORT, "plot"))) {
                    node.begin();
                    feed(running, text);
                    assertThat(node.next())
                            .singleElement()
                            .satisfies(timed -> assertThat(timed.event()).isInstanceOf(NodeEvent.Input.class));
                    node.send("out", text.getBytes(StandardCharsets.UTF_8));
                    assertThat(take(out, 1)).containsExactly(text);
                }
            }
            try (WireNode node = WireNode.connect(WireNode.askByHand(DynamicDoor.PORT, "plot"))) {
                node.begin();
                running.publisher("in").close();
                List<String> events = new ArrayList<>();
                for (List<TimedEvent> next = node.next(); !next.isEmpty(); next = node.next()) {
                    next.forEach(timed -> events.add(timed.event().toString()));
                }
                assertThat(events).containsExactly("InputClosed[inputId=in]", "AllInputsClosed[]");
                node.finish();
            }
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
        assertThat(isFree(DynamicDoor.PORT)).isTrue();
    }

    @Test
    void shouldCountWhatComesWhileNobodyIsThereAsLost() throws Exception {
        try (RunningDataflow running = startDynamic()) {
            running.publisher("in").send("to nobody", Threads.DEADLINE);
            running.publisher("in").send("to nobody", Threads.DEADLINE);
            await().atMost(Threads.DEADLINE)
                    .until(() -> running.status().edges().get(0).discarded() == 2);
            assertThat(running.status().edges().get(0)).satisfies(edge -> {
                assertThat(edge.received()).isZero();
                assertThat(edge.discarded()).isEqualTo(2);
            });
            try (WireNode node = WireNode.connect(WireNode.askByHand(DynamicDoor.PORT, "plot"))) {
                node.begin();
                feed(running, "to the program");
                assertThat(node.next()).hasSize(1);
                assertThat(running.status().edges().get(0)).satisfies(edge -> {
                    assertThat(edge.sent()).isEqualTo(3);
                    assertThat(edge.received()).isEqualTo(1);
                    assertThat(edge.discarded()).isEqualTo(2);
                });
                assertThat(running.status().node("plot").received()).isEqualTo(1);
                node.finish();
            }
        }
    }

    @Test
    void shouldGoOnFeedingProgramsThatComeAfterOneThatHasClosedItsOutputs() throws Exception {
        try (RunningDataflow running = startDynamic()) {
            Subscription out = running.subscribe("plot/out", SubscribeOptions.backpressure(100));
            try (WireNode first = WireNode.connect(WireNode.askByHand(DynamicDoor.PORT, "plot"))) {
                first.begin();
                first.finish();
                await().atMost(Threads.DEADLINE).until(out::isClosed);
            }
            try (WireNode second = WireNode.connect(WireNode.askByHand(DynamicDoor.PORT, "plot"))) {
                second.begin();
                second.send("out", "dropped, with a warning".getBytes(StandardCharsets.UTF_8));
                feed(running, "to the second");
                assertThat(second.next()).hasSize(1);
                assertThat(out.poll(message -> {}, Duration.ZERO)).isZero();
            }
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldKeepOutputsOpenForTheNextProgramWhenTheNodeMayRunAgain() throws Exception {
        Assumptions.assumeThat(isFree(DynamicDoor.PORT))
                .as("port %s of this machine is free", DynamicDoor.PORT)
                .isTrue();
        try (RunningDataflow running = startDynamic(name, "plot", "restart_policy: on-failure")) {
            Subscription out = running.subscribe("plot/out", SubscribeOptions.backpressure(100));
            for (String text : List.of("first", "second")) {
                try (WireNode node = WireNode.connect(WireNode.askByHand(DynamicDoor.PORT, "plot"))) {
                    node.begin();
                    node.send("out", text.getBytes(StandardCharsets.UTF_8));
                    node.finish();
                }
                assertThat(take(out, 1)).containsExactly(text);
            }
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldRefuseAProgramThatComesAfterOneThatHasClosedTheOutputsOfANodeWithoutInputs() throws Exception {
        Assumptions.assumeThat(isFree(DynamicDoor.PORT))
                .as("port %s of this machine is free", DynamicDoor.PORT)
                .isTrue();
        String yaml = "name: " + name + "\nnodes:\n" + node("prog", "echo")
                + "    inputs: {in: millrace/app/in}\n    outputs: [out]\n"
                + "  - {id: keyboard, path: dynamic, outputs: [key]}\n";
        try (RunningDataflow running = Dataflow.parse(yaml).start(OPTIONS)) {
            String config = WireNode.askByHand(DynamicDoor.PORT, "keyboard");
            try (WireNode first = WireNode.connect(config)) {
                first.begin();
                first.finish();
            }
            try (WireNode second = WireNode.connect(config)) {
                assertThatThrownBy(second::begin)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(
                                "node 'keyboard' is done: a program before this one has closed its outputs");
            }
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldTellAProgramWhereItsNodeIsThoughStrangersHoldThePort() throws Exception {
        List<SocketChannel> strangers = new ArrayList<>();
        try (RunningDataflow running = startDynamic()) {
            for (int i = 0; i < 40; i++) {
                strangers.add(
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), DynamicDoor.PORT)));
                strangers
                        .get(i)
                        .write(ByteBuffer.wrap(new byte[] {1, 64, 0, 0, 0, 0, 0, 0})
                                .limit(i % 9));
            }
            assertThat(WireNode.askByHand(DynamicDoor.PORT, "plot")).contains("\"node_id\": \"plot\"");
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        } finally {
            for (SocketChannel stranger : strangers) {
                stranger.close();
            }
        }
    }

    @Test
    void shouldServeTheNextProgramWhenItComesBeforeTheEndOfTheOneBeforeWasNoticed() throws Exception {
        try (RunningDataflow running = startDynamic()) {
            Subscription out = running.subscribe("plot/out", SubscribeOptions.backpressure(100));
            String config = WireNode.askByHand(DynamicDoor.PORT, "plot");
            try (WireNode first = WireNode.connect(config);
                    WireNode second = WireNode.connect(config);
                    WireNode third = WireNode.connect(config)) {
                first.begin();
                second.events.demand(second.registration());
                first.vanish();
                second.events.demand(new Request.Subscribe());
                third.events.demand(third.registration());
                third.events.send(new Request.Subscribe());
                second.vanish();
                third.events.agreed("Subscribe");
                third.control.demand(third.registration());
                feed(running, "third");
                assertThat(third.next()).hasSize(1);
                third.send("out", "third".getBytes(StandardCharsets.UTF_8));
                assertThat(take(out, 1)).containsExactly("third");
            }
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldGiveNoProgramWhatTheOneBeforeHadNoRoomFor() throws Exception {
        try (RunningDataflow running = startDynamic()) {
            String config = WireNode.askByHand(DynamicDoor.PORT, "plot");
            String filling = ".".repeat(15_000); // of which an answer holds less than 80
            int answered;
            try (WireNode first = WireNode.connect(config)) {
                first.begin();
                for (int i = 0; i < 80; i++) {
                    feed(running, i + filling);
                }
                List<TimedEvent> events = first.next();
                while (events.size() == 1) { // before enough had come
                    feed(running, "more" + filling);
                    events = first.next();
                }
                answered = events.size();
            }
            assertThat(answered).isBetween(2, 79);
            try (WireNode second = WireNode.connect(config)) {
                second.begin();
                running.publisher("in").close();
                List<String> texts = new ArrayList<>();
                for (List<TimedEvent> next = second.next(); !next.isEmpty(); next = second.next()) {
                    next.forEach(timed -> texts.add(FakeProgram.line(timed.event())));
                }
                assertThat(texts)
                        .doesNotHaveDuplicates()
                        .doesNotContain("Input in " + answered + filling)
                        .contains("InputClosed[inputId=in]");
            }
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldTellWhoAsksForANodeNothingThatOpensAnother() throws Exception {
        Assumptions.assumeThat(isFree(DynamicDoor.PORT))
                .as("port %s of this machine is free", DynamicDoor.PORT)
                .isTrue();
        String yaml = "name: " + name + "\nnodes:\n" + node("prog", "address")
                + "    inputs: {in: millrace/app/in}\n    outputs: [out]\n"
                + "  - {id: keyboard, path: dynamic, outputs: [key]}\n";
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(open -> out.set(open.subscribe("prog/out", SubscribeOptions.backpressure(4))))
                .build();
        try (RunningDataflow running = Dataflow.parse(yaml).start(options)) {
            String port = take(out.get(), 1).get(0);
            String forged = WireNode.askByHand(DynamicDoor.PORT, "keyboard")
                    .replaceAll("127.0.0.1:\\d+", "127.0.0.1:" + port)
                    .replace("keyboard", "prog");
            try (WireNode stranger = WireNode.connect(forged)) {
                Reply answer = stranger.events.ask(stranger.registration());
                assertThat(answer)
                        .asString()
                        .startsWith("Result[error=expected node 'prog' and the dataflow's id that its program is told");
            }
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldRefuseAnotherProgramWhileTheFirstIsConnected() throws Exception {
        try (RunningDataflow running = startDynamic()) {
            String config = WireNode.askByHand(DynamicDoor.PORT, "plot");
            try (WireNode first = WireNode.connect(config);
                    WireNode second = WireNode.connect(config)) {
                first.begin();
                second.events.demand(second.registration());
                assertThat(second.events.ask(new Request.Subscribe()))
                        .isEqualTo(new Reply.Result("node 'plot' has a program already that is connected: end that"
                                + " one, then start this one again"));
                feed(running, "to the first");
                assertThat(first.next()).hasSize(1);
            }
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldShareThePortBetweenTheDataflowsOfOneProcessAndRefuseANodeThatTwoOfThemHave() throws Exception {
        try (RunningDataflow first = startDynamic();
                RunningDataflow second = startDynamic(name + "-second", "scope")) {
            try (WireNode plot = WireNode.connect(WireNode.askByHand(DynamicDoor.PORT, "plot"));
                    WireNode scope = WireNode.connect(WireNode.askByHand(DynamicDoor.PORT, "scope"))) {
                plot.begin();
                scope.begin();
                feed(second, "to the scope");
                assertThat(scope.next()).hasSize(1);
                feed(first, "to the plot");
                assertThat(plot.next()).hasSize(1);
            }
            assertThat(WireNode.askByHand(DynamicDoor.PORT, "nobody"))
                    .contains("none of the dataflows '" + name + "', '" + name + "-second' has a node 'nobody'");
            try (RunningDataflow third = startDynamic(name + "-third", "plot")) {
                assertThat(WireNode.askByHand(DynamicDoor.PORT, "plot"))
                        .contains("the dataflows '" + name + "', '" + name + "-third' have each a node 'plot'")
                        .contains("give the nodes different names");
                third.publisher("in").close();
                assertThat(third.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
            }
            assertThat(WireNode.askByHand(DynamicDoor.PORT, "plot")).contains("\"node_id\": \"plot\"");
        }
        assertThat(isFree(DynamicDoor.PORT)).isTrue();
    }

    @Test
    void shouldSayWhatToDoWhenAnotherProcessHasThePort() throws Exception {
        Assumptions.assumeThat(isFree(DynamicDoor.PORT))
                .as("port %s of this machine is free", DynamicDoor.PORT)
                .isTrue();
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), DynamicDoor.PORT));
            assertThatThrownBy(() -> startDynamic(name, "plot"))
                    .isInstanceOf(DataflowStartException.class)
                    .hasMessageContaining("which ask at port 53291 of this machine")
                    .hasMessageContaining("set DORA_DAEMON_LOCAL_LISTEN_PORT");
        }
    }

    @Test
    void shouldDropWhatComesWhileNobodyHasStartedTheProgramAndEndWithoutIt() throws Exception {
        try (RunningDataflow running = startDynamic()) {
            for (int i = 0; i < 500; i++) {
                assertThat(feed(running, "into the void")).isEqualTo(SendResult.ACCEPTED);
            }
            running.publisher("in").close();
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldTakeNoNoticeOfStrangersAtAProgramsPort() throws Exception {
        AtomicReference<Subscription> out = new AtomicReference<>();
        StartOptions options = OPTIONS.toBuilder()
                .whenOpen(open -> out.set(open.subscribe("prog/out", SubscribeOptions.backpressure(4))))
                .build();
        try (RunningDataflow running = flow("address").start(options)) {
            int port = Integer.parseInt(take(out.get(), 1).get(0));
            for (byte[] bytes : List.of(
                    "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                    new byte[] {3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3},
                    new byte[] {1, 64, 0, 0, 0, 0, 0, 0}, // more than anybody says before it has registered
                    new byte[] {-1, -1, -1, -1, -1, -1, -1, 127})) {
                try (SocketChannel stranger =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                    stranger.write(ByteBuffer.wrap(bytes));
                    assertThat(stranger.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                }
            }
            feed(running, "still here");
            assertThat(take(out.get(), 1)).containsExactly("still here");
        }
    }

    @Test
    void shouldTellTheConsumersOfAProgramThatFails() throws Exception {
        String yaml = "name: " + name + "\nnodes:\n" + node("bad", "crash-once")
                + "    inputs: {in: {source: millrace/app/in, queue_policy: backpressure}}\n    outputs: [out]\n"
                + node("prog", "events") + "    inputs: {in: bad/out}\n    outputs: [out]\n";
        try (RunningDataflow running = Dataflow.parse(yaml).start(OPTIONS)) {
            Subscription out = running.subscribe("prog/out", SubscribeOptions.backpressure(100));
            feed(running, "go");
            assertThat(take(out, 3))
                    .containsExactly("NodeFailed bad [in]", "InputClosed[inputId=in]", "AllInputsClosed[]");
            DataflowResult result = running.await(Threads.DEADLINE);
            assertThat(result.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.node()).isEqualTo("bad"));
        }
    }

    @Test
    void shouldNoteEachEdgeUnderBackpressureThatAProgramDoesNotKeepUp() {
        assertThat(flow("echo").findings())
                .anySatisfy(finding -> assertThat(finding.message())
                        .startsWith(
                                "edge 'millrace/app/in -> prog/in' is under backpressure only as far as the program"));
    }

    @Test
    void shouldRefuseProgramsByNameWhenNodesTakeTurns() {
        StartOptions stepped = OPTIONS.toBuilder().runtime("deterministic").build();
        assertThatThrownBy(() -> flow("echo").start(stepped)).hasMessageContaining("node 'prog' is a process");
    }
}
