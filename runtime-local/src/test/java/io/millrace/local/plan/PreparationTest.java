package io.millrace.local.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.local.code.Compiled;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.Subscription;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class PreparationTest {
    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofMillis(100))
            .keepAlive(false)
            .build();

    @TempDir
    private Path flowDir;

    @AfterEach
    void shouldLeaveNoThreadBehind() {
        Threads.awaitNone("millrace-prepared");
    }

    /** An operator with nothing to do. */
    public static final class Plain implements Operator {}

    /** A node that ends at once. */
    public static final class Brief implements Node {
        @Override
        public void run(NodeContext context) {}
    }

    public static final class AsksForOut implements Operator {
        @Override
        public void open(NodeContext context) {
            assertThat(context.output("out")).isNotNull();
        }
    }

    /** Sends what its class loader and directory are. */
    public static final class Teller implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            context.output("out").send(context.workingDirectory() + "|" + loader.getResource("app/Extra.class"));
        }
    }

    private Dataflow parse(String nodes) {
        String here = getClass().getName() + "$";
        LoadOptions options =
                LoadOptions.builder().directory(flowDir).checkPaths(false).build();
        return Dataflow.parse("name: prepared\nnodes:\n" + nodes.replace("HERE.", here), options);
    }

    private static List<Problem> problems(Dataflow dataflow) {
        return catchThrowableOfType(InvalidDataflowException.class, () -> dataflow.start(OPTIONS))
                .problems();
    }

    @Test
    void shouldReportEverythingAtOnceAndWhereItStands() {
        List<Problem> problems = problems(parse("""
                  - id: missing
                    class: app.Missing
                  - id: jarless
                    class: app.Missing
                    classpath: [lib/none.jar]
                  - id: program
                    path: bin/program
                  - id: apart
                    class: HERE.Missing
                    isolation: process
                  - id: mixed
                    operators:
                      - {id: fine, class: HERE.Plain}
                      - {id: loop, class: HERE.Brief}
                """));

        assertThat(problems)
                .filteredOn(Problem::isError)
                .extracting(problem -> problem.location().line())
                .containsExactly(3, 5, 8, 10, 16);
        assertThat(problems)
                .extracting(Problem::message)
                .anySatisfy(message -> assertThat(message)
                        .isEqualTo(
                                "node 'missing': class 'app.Missing' is not found: neither in the application's class path"
                                        + " nor in the node's 'classpath'; check the name, with its package, and for a nested class a"
                                        + " '$'"));
        assertThat(problems)
                .extracting(Problem::message)
                .anySatisfy(message -> assertThat(message)
                        .contains(
                                "node 'jarless'",
                                flowDir.resolve("lib/none.jar").toString()));
        assertThat(problems)
                .extracting(Problem::message)
                .anySatisfy(message -> assertThat(message)
                        .startsWith("node 'program': path 'bin/program' resolved to '" + flowDir.resolve("bin/program")
                                + "'"));
        assertThat(problems)
                .extracting(Problem::message)
                .anySatisfy(message ->
                        assertThat(message).startsWith("node 'apart': class '").contains("is not found"));
        assertThat(problems)
                .extracting(Problem::message)
                .anySatisfy(message -> assertThat(message)
                        .startsWith("operator 'loop' of node 'mixed': class '")
                        .endsWith("$Brief' has its own loop; an operator implements io.millrace.node.Operator"));
    }

    @Test
    void shouldRunAndOnlyWarnWhenItCanDoWithoutWhatIsAsked() throws Exception {
        Dataflow dataflow = parse("""
                  - id: brief
                    class: HERE.Brief
                    restart_policy: on-failure
                    health_check_timeout: 5
                    cpu_affinity: [0]
                    idle: yield
                    inputs: {in: {source: millrace/app/in, input_timeout: 3}}
                """);

        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldRunWhenKeysForProgramsAreWrittenAtAClass() throws Exception {
        Dataflow dataflow = parse("""
                  - id: brief
                    class: HERE.Brief
                    send_stdout_as: lines
                    send_logs_as: records
                    min_log_level: info
                    max_log_size: 1MB
                    max_rotated_files: 3
                """);

        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            assertThat(running.await(Threads.DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldSayWhoseOutputItIsWhenANodeAsksForTheOneOfItsLogger() {
        Dataflow dataflow = parse("  - {id: teller, class: HERE.AsksForOut, send_logs_as: out, outputs: [out]}\n");

        assertThatThrownBy(() -> dataflow.start(OPTIONS))
                .isInstanceOf(DataflowStartException.class)
                .hasMessageContaining("output 'out' of 'teller' is the one that send_logs_as names");
    }

    @Test
    void shouldNotRunAnyNodeWhenSomethingIsMissing() {
        Dataflow dataflow = parse("""
                  - {id: broken, class: HERE.FailsWhenOpened}
                  - {id: missing, class: app.Missing}
                """);

        assertThat(problems(dataflow))
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("'missing'");
    }

    /** Its opening would be another error. */
    public static final class FailsWhenOpened implements Operator {
        @Override
        public void open(NodeContext context) {
            throw new IllegalStateException("was opened");
        }
    }

    @Test
    void shouldCompleteWithTheFindingsAndNotThrowThemWhenItIsAsynchronous() {
        CompletionStage<RunningDataflow> started =
                parse("  - {id: missing, class: app.Missing}\n").startAsync(OPTIONS);

        assertThat(started)
                .failsWithin(Threads.DEADLINE)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(InvalidDataflowException.class);
    }

    @Test
    void shouldTakeClassesFromTheLoaderOfTheOptions() throws Exception {
        Path classes = new Compiled(flowDir.resolve("app"))
                .operator("app.Extra", "extra")
                .compile();
        Dataflow dataflow = parse("  - {id: extra, class: app.Extra, inputs: {in: millrace/app/in}}\n");
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            StartOptions options = OPTIONS.toBuilder().classLoader(loader).build();

            try (RunningDataflow running = dataflow.start(options)) {
                assertThat(running.state()).isEqualTo(DataflowState.RUNNING);
            }
        }
        assertThat(problems(dataflow)).hasSize(1);
    }

    @Test
    void shouldTakeClassesFromTheContextLoaderOfWhoStartsItUnlessTold() throws Exception {
        Path classes = new Compiled(flowDir.resolve("app"))
                .operator("app.Extra", "extra")
                .compile();
        Dataflow dataflow = parse("  - {id: extra, class: app.Extra, inputs: {in: millrace/app/in}}\n");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            try (RunningDataflow running = dataflow.start(OPTIONS)) {
                assertThat(running.state()).isEqualTo(DataflowState.RUNNING);
            }
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void shouldGiveANodeItsClassPathAsContextLoaderAndItsDirectory() throws Exception {
        new Compiled(flowDir.resolve("app")).operator("app.Extra", "extra").compile();
        Files.createDirectory(flowDir.resolve("work"));
        Dataflow dataflow = parse("""
                  - id: teller
                    class: HERE.Teller
                    classpath: [../app/classes]
                    deploy: {working_dir: work}
                    inputs: {in: millrace/app/in}
                    outputs: [out]
                """);
        try (RunningDataflow running = dataflow.start(OPTIONS)) {
            Subscription out = running.subscribe("teller/out");
            running.publisher("in").send("tell", Threads.DEADLINE);
            StringBuilder told = new StringBuilder();
            out.poll(message -> told.append(message.text()), Threads.DEADLINE);

            Path extra = flowDir.resolve("app/classes/app/Extra.class");
            assertThat(told)
                    .hasToString(flowDir.resolve("work") + "|" + extra.toUri().toURL());
            assertThat(flowDir.resolve("work")).isDirectory();
        }
    }

    @Test
    void shouldFailTheStartWhenASupplierGivesNothingUsable() {
        Dataflow nothing = Dataflow.builder("prepared")
                .operator("none", () -> null, ports -> {})
                .build();
        Dataflow failing = Dataflow.builder("prepared")
                .node(
                        "failing",
                        () -> {
                            throw new IllegalArgumentException("no more nodes");
                        },
                        ports -> {})
                .build();

        assertThat(catchThrowableOfType(DataflowStartException.class, () -> nothing.start(OPTIONS)))
                .hasMessage("dataflow 'prepared' did not start: node 'none' failed in open:"
                        + " java.lang.NullPointerException: the node's supplier returned null");
        assertThat(catchThrowableOfType(DataflowStartException.class, () -> failing.start(OPTIONS)))
                .hasMessageEndingWith("java.lang.IllegalArgumentException: no more nodes");
    }

    @Test
    void shouldNameTheRuntimesThereAreWhenAnotherIsAsked() {
        StartOptions options = OPTIONS.toBuilder().runtime("lunar").build();

        assertThatIllegalStateException()
                .isThrownBy(() -> parse("  - {id: a, class: HERE.Plain}\n").start(options))
                .withMessage(
                        "there is no runtime 'lunar': found [local, deterministic]; add the module that provides it, such as"
                                + " io.millrace:runtime-local, to the application");
    }

    @Test
    void shouldStartTheSameDataflowAgainAndAgainAndAtTheSameTime() throws Exception {
        Dataflow dataflow = parse("  - {id: plain, class: HERE.Plain, inputs: {in: millrace/app/in}}\n");
        try (RunningDataflow first = dataflow.start(OPTIONS);
                RunningDataflow second = dataflow.start(OPTIONS)) {
            first.publisher("in").close();
            DataflowResult result = first.await(Threads.DEADLINE);

            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
            assertThat(second.state()).isEqualTo(DataflowState.RUNNING);
        }
        try (RunningDataflow third = dataflow.start(OPTIONS)) {
            assertThat(third.state()).isEqualTo(DataflowState.RUNNING);
        }
    }

    @Test
    void shouldKeepTheJvmAliveWhileItPreparesUnlessToldNotTo() throws Exception {
        assertThat(isPreparedByADaemon(true)).isFalse();
        assertThat(isPreparedByADaemon(false)).isTrue();
    }

    /** By a class loader, which is asked on the thread that prepares. */
    private boolean isPreparedByADaemon(boolean keepAlive) throws Exception {
        CompletableFuture<Boolean> isDaemon = new CompletableFuture<>();
        ClassLoader asked = new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                isDaemon.complete(Thread.currentThread().isDaemon());
                return super.loadClass(name, resolve);
            }
        };
        StartOptions options =
                OPTIONS.toBuilder().keepAlive(keepAlive).classLoader(asked).build();
        try (RunningDataflow running = parse("  - {id: brief, class: HERE.Brief}\n")
                .startAsync(options)
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)) {
            running.await();
        }
        return isDaemon.get(60, TimeUnit.SECONDS);
    }
}
