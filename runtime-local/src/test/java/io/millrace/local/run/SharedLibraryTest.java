package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.local.code.EndsItself;
import io.millrace.local.nativecode.Library;
import io.millrace.local.testkit.GraphHarness;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.testkit.SentMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators that are shared libraries, in a dataflow. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SharedLibraryTest {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofSeconds(1))
            .keepAlive(false)
            .build();

    @TempDir
    private Path flowDir;

    private final List<RunningDataflow> started = new ArrayList<>();

    @AfterEach
    void shouldLeaveNothingBehind() {
        started.forEach(RunningDataflow::close);
        Threads.awaitNone("millrace-native");
    }

    /** Says how many bytes it was given. */
    public static final class Length implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            context.output("out").send(message.length() + " bytes");
        }
    }

    /** Ends with its third tick, and would fail with the next. */
    public static final class Quitter implements Operator, EndsItself {
        private int ticks;

        @Override
        public void onInput(Input input, Message message) {
            ticks++;
            if (ticks > 3) {
                throw new IllegalStateException("called again");
            }
        }

        @Override
        public boolean hasEnded() {
            return ticks == 3;
        }
    }

    private Dataflow parse(String nodes) {
        LoadOptions options =
                LoadOptions.builder().directory(flowDir).checkPaths(false).build();
        return Dataflow.parse("name: native\nqueue_policy: backpressure\nnodes:\n" + nodes, options);
    }

    private RunningDataflow start(String nodes) {
        RunningDataflow running = parse(nodes).start(OPTIONS);
        started.add(running);
        return running;
    }

    private static String node(String isolation, String inputs) {
        return "  - {id: node, isolation: " + isolation
                + ", operators: [{id: op, shared-library: lib/detector, inputs: {" + inputs + "}, outputs: [out]}]}\n";
    }

    private static String next(Subscription subscription) {
        List<String> texts = new ArrayList<>();
        Awaitility.await(subscription.output())
                .atMost(DEADLINE)
                .until(() -> subscription.poll(message -> texts.add(message.text()), Duration.ofMillis(100)) > 0);
        return texts.get(0);
    }

    private void compile() throws Exception {
        Library.assumePossible();
        Library.compile(Files.createDirectories(flowDir.resolve("lib")), "detector", "WITH_LIBRARY");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void shouldSayWhichJavaIsNeededWhereThisOneIsTooOld() throws Exception {
        Files.createDirectories(flowDir.resolve("lib"));
        Files.createFile(flowDir.resolve("lib/libdetector.so"));
        for (String isolation : List.of("thread", "process")) {
            InvalidDataflowException e = catchThrowableOfType(
                    InvalidDataflowException.class, () -> start(node(isolation, "count: millrace/app/in")));
            assertThat(e.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.location().line()).isEqualTo(4);
                assertThat(problem.message())
                        .startsWith("node 'node': operator 'op' is a shared library: it runs through Java's foreign"
                                + " function API, so Java 22 or later is needed, and this is Java "
                                + Runtime.version());
            });
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void shouldSayWhichJavaIsNeededWhenItIsToBeStepped() throws Exception {
        Files.createDirectories(flowDir.resolve("lib"));
        Files.createFile(flowDir.resolve("lib/libdetector.so"));

        assertThatThrownBy(() -> GraphHarness.of(parse(node("thread", "bytes: millrace/app/in")))
                        .open())
                .isInstanceOf(InvalidDataflowException.class)
                .hasMessageContaining("Java 22 or later is needed")
                .hasMessageNotContaining("is a process");
    }

    @Test
    void shouldTakeItsTurnWhenItIsStepped() throws Exception {
        compile();
        try (GraphHarness harness = GraphHarness.of(parse(node("thread", "bytes: millrace/app/in")))
                .seed(1)
                .open()) {
            harness.feed("in", "x");
            harness.run();
            assertThat(harness.sent("node/op/out"))
                    .extracting(SentMessage::text)
                    .containsExactly("\u0001\u0002\u0003");
            harness.closeInput("in");
            assertThat(harness.runToEnd().state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldBeRefusedAsAProcessOnlyWhereItIsOneWhenItIsToBeStepped() {
        assertThatThrownBy(() -> GraphHarness.of(parse(node("process", "bytes: millrace/app/in")))
                        .open())
                .isInstanceOf(InvalidDataflowException.class)
                .hasMessageContaining("node 'node' is a process: nodes that take turns run in this JVM, so make it of a"
                        + " Java class or a shared library without 'isolation: process', or replace it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread", "process"})
    void shouldBeAnOperatorLikeAnyOther(String isolation) throws Exception {
        compile();
        RunningDataflow running = start(node(isolation, "bytes: millrace/app/in")
                + "  - {id: length, class: " + Length.class.getName()
                + ", inputs: {in: node/op/out}, outputs: [out]}\n");
        Subscription lengths = running.subscribe("length/out", SubscribeOptions.backpressure(10));
        running.publisher("in").send("x", DEADLINE);
        assertThat(next(lengths)).isEqualTo("3 bytes");
        running.publisher("in").close();
        assertThat(running.await(DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread", "process"})
    void shouldEndWhenItSaysSoThoughATimerGoesOn(String isolation) throws Exception {
        compile();
        RunningDataflow running = start(node(isolation, "stop: millrace/app/in, count: dora/timer/millis/10"));
        running.publisher("in").send("now", DEADLINE);
        assertThat(running.await(DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread", "process"})
    void shouldCallAnOperatorNoMoreThatHasEnded(String isolation) throws Exception {
        RunningDataflow running = start("  - {id: node, isolation: " + isolation + ", class: " + Quitter.class.getName()
                + ", inputs: {tick: dora/timer/millis/5}, outputs: [out]}\n"
                + "  - {id: length, class: " + Length.class.getName() + ", inputs: {in: node/out}, outputs: [out]}\n");
        assertThat(running.await(DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread", "process"})
    void shouldFailWithItsOwnWords(String isolation) throws Exception {
        compile();
        RunningDataflow running = start(node(isolation, "unknown: millrace/app/in"));
        running.publisher("in").send("x", DEADLINE);
        DataflowResult result = running.await(DEADLINE);
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures().get(0).error()).hasMessageContaining("the operator does not know this input");
    }

    @Test
    void shouldCallAnotherOperatorOfItsNodeDirectly() throws Exception {
        compile();
        RunningDataflow running = start("  - id: node\n    operators:\n"
                + "      - {id: a, shared-library: lib/detector, inputs: {bytes: millrace/app/in}, outputs: [out]}\n"
                + "      - {id: b, class: " + Length.class.getName() + ", inputs: {in: node/a/out}, outputs: [out]}\n"
                + "      - {id: c, shared-library: lib/libdetector.so, inputs: {pass: node/a/out}, outputs: [out]}\n");
        Subscription lengths = running.subscribe("node/b/out", SubscribeOptions.backpressure(10));
        Subscription passed = running.subscribe("node/c/out", SubscribeOptions.backpressure(10));
        running.publisher("in").send("x", DEADLINE);
        assertThat(next(lengths)).isEqualTo("3 bytes");
        assertThat(next(passed)).isEqualTo("\u0001\u0002\u0003");
        running.publisher("in").close();
        assertThat(running.await(DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldTakeNobodyWithItInAProcessOfItsOwn() throws Exception {
        compile();
        RunningDataflow running = start(node("process", "crash: millrace/app/in"));
        running.publisher("in").send("x", DEADLINE);
        DataflowResult result = running.await(DEADLINE);
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures().get(0).node()).isEqualTo("node/op");
        assertThat(result.failures().get(0).error().toString())
                .startsWith("the node's JVM was killed by signal 6 (SIGABRT) before the node had ended");
    }

    @Test
    void shouldSayWhereALibraryWasLookedFor() {
        InvalidDataflowException e = catchThrowableOfType(
                InvalidDataflowException.class, () -> start(node("thread", "count: millrace/app/in")));
        assertThat(e.problems())
                .anySatisfy(problem -> assertThat(problem.message()).contains("libdetector.so"));
    }
}
