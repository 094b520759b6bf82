package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code millrace check} on files that are broken, or made to break what reads them: each gets an error at its place and exit code 2, never a stack trace, within
 * 256 MB and, beyond the start of the JVM, two seconds.
 */
class HostileFilesTest {
    private static final Duration TIME_ALLOWED = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    /** Makes a file, or what stands in place of one. */
    @FunctionalInterface
    interface Maker {
        void make(Path path) throws IOException;
    }

    /**
     * A file and what is to be said about it.
     *
     * @param place behind the file's name: a line and a column, or nothing where the file as a whole is meant
     * @param messages parts of what is printed
     */
    record Hostile(String name, String place, List<String> messages, Maker maker) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Hostile text(String name, String place, String message, String content) {
        return new Hostile(name, place, List.of(message), path -> Files.writeString(path, content));
    }

    static Stream<Hostile> files() {
        return Stream.of(
                text("empty", "", "the file is empty", ""),
                new Hostile("directory", "", List.of("is a directory"), Files::createDirectory),
                new Hostile(
                        "100 MB", "", List.of("bytes: a dataflow file has at most"), HostileFilesTest::writeHugeFile),
                text("billion laughs", ":6:5", "aliases stand for more than", billionLaughs()),
                text("5,000 levels", ":1:71", "nested deeper than", "nodes: " + "[".repeat(5_000) + "]".repeat(5_000)),
                text(
                        "5,000 levels of mappings",
                        ":1:260",
                        "nested deeper than",
                        "nodes: " + "{a: ".repeat(5_000) + "1" + "}".repeat(5_000)),
                text(
                        "script engine",
                        ":1:8",
                        "ScriptEngineManager' is refused",
                        "nodes: !!javax.script.ScriptEngineManager [x]\n"),
                text(
                        "duplicate ids",
                        ":3:10",
                        "the id 'a' stands for more than one node",
                        "nodes:\n  - {id: a, class: x.A}\n  - {id: a, class: x.B}\n"),
                text(
                        "duplicate keys",
                        ":4:5",
                        "the key 'class' is written twice",
                        "nodes:\n  - id: a\n    class: x.A\n    class: x.B\n"),
                text(
                        "edge to nowhere",
                        ":2:34",
                        "'a/i' reads 'b/o', but there is no node 'b'",
                        "nodes:\n  - {id: a, class: x.A, inputs: {i: b/o}}\n"),
                text(
                        "unknown key",
                        ":2:25",
                        "unknown key 'imputs' in a node; did you mean 'inputs'?",
                        "nodes:\n  - {id: a, class: x.A, imputs: {}}\n"),
                text("tab", ":2:1", "a tab stands where a value may begin", "nodes:\n\t- id: a\n"),
                new Hostile(
                        "not UTF-8",
                        ":1:10",
                        List.of("byte 0xE9 at offset 9 is not UTF-8"),
                        path -> Files.write(path, "name: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1))),
                new Hostile(
                        "UTF-16",
                        ":1:1",
                        List.of("looks like UTF-16"),
                        path -> Files.write(path, "nodes: []\n".getBytes(StandardCharsets.UTF_16))),
                new Hostile("wrong types", ":1:7", wrongTypeMessages(), path -> Files.writeString(path, WRONG_TYPES)),
                new Hostile("nothing there", "", List.of("there is no such file"), path -> {}));
    }

    private static void writeHugeFile(Path path) throws IOException {
        byte[] lines = "  - {id: a, class: x.A}\n".repeat(1_000).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            out.write("nodes:\n".getBytes(StandardCharsets.UTF_8));
            for (long written = 0; written < 100_000_000; written += lines.length) {
                out.write(lines);
            }
        }
    }

    private static String billionLaughs() {
        String laughs = IntStream.range(1, 12)
                .mapToObj(i -> "a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)))
                .collect(Collectors.joining());
        return "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n" + laughs + "nodes: *a11\n";
    }

    /** Every key of the root, a node, an operator and an input with a value of a type that it cannot have. */
    private static final String WRONG_TYPES = """
            name: [x]
            env: 3
            on_failure: {a: 1}
            health_check_interval: soon
            exit_when_nodes_finish: perhaps
            queue_size: many
            queue_policy: 7
            strict_types: 12
            deploy: here
            nodes:
              - id: [a]
                name: {x: 1}
                description: [1]
                class: 12
                classpath: {a: b}
                config: text
                env: [a]
                deploy: 5
                inputs: 12
                outputs: {a: 1}
                build: [x]
                isolation: 9
                restart_policy: 1
                max_restarts: lots
                restart_delay: [1]
                max_restart_delay: soon
                restart_window: {}
                health_check_timeout: never
                cpu_affinity: all
                idle: 3
                payload_budget: huge
                send_stdout_as: [x]
                send_logs_as: {}
                min_log_level: 5
                max_log_size: big
                max_rotated_files: some
                input_types: 4
                output_types: 4
                output_metadata: 4
              - id: b
                path: [x]
                args: {a: 1}
                inputs:
                  one: 5
                  two:
                    source: [x]
                    queue_size: [1]
                    queue_policy: often
                    input_timeout: maybe
                deploy:
                  machine: [x]
                  local: 12
                  working_dir: {a: 1}
                  labels: some
                  distribute: 3
              - id: c
                operators: 12
              - 12
            """;

    /** One for each line that has a value, at that line. */
    private static List<String> wrongTypeMessages() {
        List<String> lines = WRONG_TYPES.lines().toList();
        return IntStream.range(0, lines.size())
                .filter(i -> !lines.get(i).endsWith(":") && !lines.get(i).matches("  - id: [bc]"))
                .mapToObj(i -> ".yml:" + (i + 1) + ":")
                .toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldSayWhatIsWrongAndWhereWhenAFileIsHostile(Hostile hostile) throws Exception {
        Path file = directory.resolve("hostile.yml");
        hostile.maker().make(file);

        try (MillraceProcess check = MillraceProcess.start(directory, "check", file.toString())) {
            assertThat(check.exitCode()).isEqualTo(ExitCode.INVALID);

            assertThat(check.out())
                    .startsWith(file + hostile.place() + ": error: ")
                    .contains(hostile.messages());
            assertThat(check.out().lines())
                    .allMatch(Pattern.compile(
                                    "^" + Pattern.quote(file.toString()) + "(:\\d+:\\d+)?: (error|warning|note): \\S.+")
                            .asMatchPredicate());
            assertThat(check.err()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldTakeLittleTimeWhenAFileIsHostile(Hostile hostile) throws IOException {
        Path file = directory.resolve("hostile.yml");
        hostile.maker().make(file);
        // Time of this thread, so that what else the machine does makes no difference.
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();

        int exitCode = new Streams().execute("check", file.toString());

        long taken = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertThat(exitCode).isEqualTo(ExitCode.INVALID);
        assertThat(Duration.ofNanos(taken)).isLessThan(TIME_ALLOWED);
    }
}
