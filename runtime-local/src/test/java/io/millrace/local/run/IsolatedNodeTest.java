package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.local.code.Compiled;
import io.millrace.local.process.NeedsSupervisor;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Clock;
import io.millrace.node.Event;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to a Java node with {@code isolation: process}; that all else is as ever is the contract's. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class IsolatedNodeTest {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofSeconds(1))
            .keepAlive(false)
            .build();

    @TempDir
    private Path flowDir;

    private final List<RunningDataflow> started = new ArrayList<>();

    @BeforeEach
    void shouldHaveASupervisor() {
        NeedsSupervisor.assume();
    }

    @AfterEach
    void shouldLeaveNothingBehind() {
        started.forEach(RunningDataflow::close);
        Threads.awaitNone("millrace-apart");
    }

    /** Does what it is told, one thing a message. */
    public static final class Obedient implements Operator {
        private NodeContext context;
        private final List<byte[]> heap = new ArrayList<>();
        private int depth;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) throws Exception {
            String[] words = message.text().split(" ", 2);
            switch (words[0]) {
                case "pid" -> answer(Long.toString(ProcessHandle.current().pid()));
                case "property" -> answer(System.getProperty(words[1]));
                case "directory" -> answer(Path.of("").toAbsolutePath() + "|" + context.workingDirectory());
                case "keep" -> context.checkpoint(ByteBuffer.wrap(words[1].getBytes(StandardCharsets.UTF_8)));
                case "restored" ->
                    answer(context.incarnation() + " "
                            + context.restored()
                                    .map(state ->
                                            StandardCharsets.UTF_8.decode(state).toString())
                                    .orElse("nothing"));
                case "print" -> System.out.println(words[1]);
                case "thread" -> logOnAnotherThread(words[1]);
                case "exit" -> System.exit(Integer.parseInt(words[1]));
                case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(words[1]));
                case "heap" -> fillHeap();
                case "stack" -> dig();
                case "sleep" -> ignoreInterrupts();
                default -> throw new IllegalArgumentException("unknown: " + words[0]);
            }
        }

        private void answer(String text) {
            context.output("out").send(text);
        }

        private void logOnAnotherThread(String text) throws InterruptedException {
            Thread other = new Thread(() -> context.logger().warn("{} there", text, new IOException("a reason")));
            other.start();
            other.join();
        }

        private void fillHeap() {
            while (heap.size() < 1_000) {
                heap.add(new byte[1 << 20]);
            }
        }

        private int dig() {
            depth++;
            return depth < 0 ? depth : dig() + depth;
        }

        private static void ignoreInterrupts() {
            long beganNs = System.nanoTime();
            while (System.nanoTime() - beganNs < TimeUnit.MINUTES.toNanos(2)) {
                Thread.onSpinWait();
            }
        }
    }

    /** The same as a loop: says its process's id, then waits for the end. */
    public static final class Waiter implements Node {
        @Override
        public void run(NodeContext context) {
            context.output("out").send(Long.toString(ProcessHandle.current().pid()));
            for (Event event = context.next(); event != null; event = context.next()) {
                continue;
            }
        }
    }

    /** Cannot be initialised where the tests run. */
    public static final class NotHere implements Operator {
        private static final String ELSEWHERE = System.getProperty("millrace.elsewhere");

        static {
            if (ELSEWHERE == null) {
                throw new IllegalStateException("initialised in the wrong JVM");
            }
        }
    }

    private Dataflow parse(String nodes) {
        String here = getClass().getName() + "$";
        LoadOptions options =
                LoadOptions.builder().directory(flowDir).checkPaths(false).build();
        return Dataflow.parse(
                "name: apart\nqueue_policy: backpressure\nnodes:\n" + nodes.replace("HERE.", here), options);
    }

    private RunningDataflow start(String nodes) {
        RunningDataflow running = parse(nodes).start(OPTIONS);
        started.add(running);
        return running;
    }

    private static String node(String type, String more) {
        return "  - {id: node, class: HERE." + type
                + ", isolation: process, inputs: {in: millrace/app/in}, outputs: [out]" + more + "}\n";
    }

    /** What comes out, text by text. */
    private static final class Texts {
        private final Subscription subscription;
        private final Queue<String> waiting = new ArrayDeque<>();

        Texts(RunningDataflow running, String output) {
            subscription = running.subscribe(output, SubscribeOptions.backpressure(100));
        }

        String next() {
            Awaitility.await(subscription.output())
                    .atMost(DEADLINE)
                    .until(() -> !waiting.isEmpty()
                            || subscription.poll(message -> waiting.add(message.text()), Duration.ofMillis(100)) > 0);
            return waiting.remove();
        }
    }

    private static void tell(RunningDataflow running, String command) throws Exception {
        running.publisher("in").send(command, DEADLINE);
    }

    private static NodeStatus status(RunningDataflow running) {
        return running.status().node("node");
    }

    private static void awaitDead(long pid) {
        Awaitility.await("process " + pid + " is gone")
                .atMost(DEADLINE)
                .until(() ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void shouldRunInAJvmOfItsOwnWhichEndsWithIt() throws Exception {
        RunningDataflow running = start(
                node("Obedient", ", env: {JDK_JAVA_OPTIONS: '-Xmx64m -Dof.the.node=yes'}, deploy: {working_dir: sub}"));
        Texts out = new Texts(running, "node/out");
        tell(running, "pid");
        tell(running, "property of.the.node");
        tell(running, "directory");
        long pid = Long.parseLong(out.next());
        assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
        assertThat(out.next()).as("a flag of its own").isEqualTo("yes");
        Path directory = flowDir.resolve("sub");
        assertThat(out.next()).isEqualTo(directory.toRealPath() + "|" + directory);
        running.publisher("in").close();
        assertThat(running.await(DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        awaitDead(pid);
    }

    @ParameterizedTest
    @CsvSource({
        "exit 3, the node's JVM ended with exit code 3 before the node had ended",
        "exit 0, the node's JVM ended with exit code 0 before the node had ended",
        "halt 7, the node's JVM ended with exit code 7 before the node had ended",
        "heap, java.lang.OutOfMemoryError",
        "stack, java.lang.StackOverflowError",
        "nonsense, java.lang.IllegalArgumentException: unknown: nonsense"
    })
    void shouldFailAloneWhateverItDoesToItsJvm(String command, String text) throws Exception {
        RunningDataflow running = start(node("Obedient", ", env: {JDK_JAVA_OPTIONS: '-Xmx64m'}"));
        tell(running, command);
        DataflowResult result = running.await(DEADLINE);
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures()).hasSize(1);
        assertThat(result.failures().get(0).node()).isEqualTo("node");
        assertThat(result.failures().get(0).error().toString()).startsWith(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "off"})
    void shouldEndThoughItsJvmIsFrozenAndHasNoRoomForAMessage(String memory) throws Exception {
        RunningDataflow running =
                start(node("Obedient", memory.isEmpty() ? "" : ", env: {MILLRACE_SHARED_MEMORY: '" + memory + "'}"));
        Texts out = new Texts(running, "node/out");
        tell(running, "pid");
        long pid = Long.parseLong(out.next());
        assertThat(new ProcessBuilder("kill", "-STOP", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
        running.publisher("in").send(ByteBuffer.allocate(24 << 20), DEADLINE);
        running.stop(Duration.ofSeconds(1));
        running.await(DEADLINE);
        awaitDead(pid);
        Threads.awaitNone("millrace-apart");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Obedient", "Waiter"})
    void shouldFailAtOnceWhenItsProcessIsKilledWhileItWaits(String type) throws Exception {
        RunningDataflow running = start(node(type, ""));
        Texts out = new Texts(running, "node/out");
        if (type.equals("Obedient")) {
            tell(running, "pid");
        }
        // Before there was a subscriber a loop's message went nowhere.
        long pid = type.equals("Obedient") ? Long.parseLong(out.next()) : childPid();
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        DataflowResult result = running.await(DEADLINE);
        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures().get(0).error()).hasMessageContaining("was killed by signal 9 (SIGKILL)");
    }

    /** Of the only JVM that we have started. */
    private static long childPid() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no other JVM"))
                .pid();
    }

    @Test
    void shouldFindWhatItHasLeftWhenItRunsAgainAfterItsDeath() throws Exception {
        RunningDataflow running = start(node("Obedient", ", restart_policy: on-failure"));
        Texts out = new Texts(running, "node/out");
        tell(running, "restored");
        tell(running, "keep this");
        tell(running, "halt 1");
        tell(running, "restored");
        assertThat(out.next()).isEqualTo("0 nothing");
        assertThat(out.next()).isEqualTo("1 this");
        running.publisher("in").close();
        assertThat(running.await(DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldSayWhatItsNodeThrewWithTheStackOfThatPlace() throws Exception {
        RunningDataflow running = start(node("Obedient", ""));
        tell(running, "nonsense");
        Throwable error = running.await(DEADLINE).failures().get(0).error();
        assertThat(error.getStackTrace()[0].getMethodName()).isEqualTo("onInput");
        assertThat(error.getStackTrace()[0].getClassName()).endsWith("Obedient");
    }

    @Test
    void shouldLogAsTheNodeWhatItPrintsAndWhatItsThreadsLog() throws Exception {
        RunningDataflow running = start(node("Obedient", ", send_logs_as: log, send_stdout_as: said"));
        Texts log = new Texts(running, "node/log");
        Texts said = new Texts(running, "node/said");
        tell(running, "print to whom it may concern");
        assertThat(said.next()).isEqualTo("to whom it may concern");
        assertThat(log.next()).contains("\"level\":\"INFO\"", "to whom it may concern");
        tell(running, "thread from");
        assertThat(log.next()).contains("\"level\":\"WARN\"", "from there", "a reason");
    }

    @Test
    void shouldBeKilledWhenItDoesNotHeedTheInterruptOfAStop() throws Exception {
        RunningDataflow running = start(node("Obedient", ""));
        Texts out = new Texts(running, "node/out");
        tell(running, "pid");
        long pid = Long.parseLong(out.next());
        tell(running, "sleep");
        running.stop(Duration.ofMillis(100));
        DataflowResult result = running.await(DEADLINE);
        assertThat(result.status().node("node").state()).isEqualTo(NodeState.FAILED);
        assertThat(result.failures().get(0).error()).hasMessageContaining("did not come back when it was interrupted");
        awaitDead(pid);
    }

    @Test
    void shouldKeepWhatWaitsForItWhenItIsStuckAndRunsAgain() throws Exception {
        RunningDataflow running = start(node("Obedient", ", restart_policy: on-failure, health_check_timeout: 500ms"));
        Texts out = new Texts(running, "node/out");
        tell(running, "sleep");
        tell(running, "restored");
        assertThat(out.next()).as("not lost, as it would be with a thread").isEqualTo("1 nothing");
        assertThat(status(running).state()).isEqualTo(NodeState.RUNNING);
    }

    @Test
    void shouldFindItsClassesInItsOwnClasspath() throws Exception {
        Path classes = new Compiled(flowDir).source("app.Own", """
                        package app;
                        import io.millrace.node.*;
                        public class Own implements Operator {
                            private Output out;
                            @Override public void open(NodeContext context) { out = context.output("out"); }
                            @Override public void onInput(Input input, Message message) {
                                out.send(Thread.currentThread().getContextClassLoader().getResource("app/Own.class").toString());
                            }
                        }
                        """).compile();
        RunningDataflow running = start("  - {id: node, class: app.Own, classpath: [classes], isolation: process,"
                + " inputs: {in: millrace/app/in}, outputs: [out]}\n");
        Texts out = new Texts(running, "node/out");
        tell(running, "where");
        assertThat(out.next())
                .isEqualTo(classes.resolve("app/Own.class").toUri().toString().replace("file:///", "file:/"));
    }

    @Test
    void shouldRunNoneOfItsCodeInThisJvm() throws Exception {
        RunningDataflow running = start(
                "  - {id: node, class: HERE.NotHere, isolation: process, inputs: {in: millrace/app/in}, env: {JDK_JAVA_OPTIONS:"
                        + " -Dmillrace.elsewhere=yes}}\n");
        assertThat(running.state()).isEqualTo(DataflowState.RUNNING);
    }

    @Test
    void shouldSayWhatTheJvmSaidWhenItCannotStart() {
        Dataflow dataflow = parse(node("Obedient", ", env: {JDK_JAVA_OPTIONS: -XX:+NoSuchFlag}"));
        assertThat(catchThrowableOfType(RuntimeException.class, () -> dataflow.start(OPTIONS)))
                .hasStackTraceContaining("the node's JVM ended with exit code 1 before it was ready; it printed last: ")
                .hasStackTraceContaining("NoSuchFlag");
    }

    // Refused before the start.

    private static List<String> problems(Dataflow dataflow, StartOptions options) {
        return catchThrowableOfType(InvalidDataflowException.class, () -> dataflow.start(options)).problems().stream()
                .map(Problem::message)
                .toList();
    }

    @Test
    void shouldRefuseAClassOfALoaderThatAnotherJvmDoesNotHave() throws Exception {
        Path classes = new Compiled(flowDir).operator("app.Foreign", "foreign").compile();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            assertThat(problems(
                            parse("  - {id: node, class: app.Foreign, isolation: process}\n"),
                            OPTIONS.toBuilder().classLoader(loader).build()))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "node 'node' has 'isolation: process', but class 'app.Foreign' comes from a class loader of the"
                                    + " application's own")
                    .endsWith("give the node a 'classpath'");
        }
    }

    @Test
    void shouldRefuseAClockThatAnotherJvmDoesNotHave() {
        Clock own = new Clock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public long epochNanos() {
                return 0;
            }
        };
        assertThat(problems(
                        parse(node("Obedient", "")),
                        OPTIONS.toBuilder().clock(own).build()))
                .containsExactly(
                        "node 'node' has 'isolation: process', and another JVM has no clock but the system's: leave it"
                                + " out where StartOptions.clock is set");
    }
}
