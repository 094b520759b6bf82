package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.local.process.NeedsSupervisor;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A JVM is killed while the one of an isolated node that it has started is not ready yet. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class KilledWhileStartingTest {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    /** In the environment of all processes that are started, by which they are known. */
    private static final String MARK = "MILLRACE_TEST_KILLED_WHILE_STARTING";

    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofSeconds(1))
            .keepAlive(false)
            .build();

    @TempDir
    private Path directory;

    /** How far the start has come. */
    enum Moment {
        MEMORY_IS_OFFERED {
            @Override
            boolean hasCome(Path directory) throws IOException {
                return files(directory.resolve("memory")).stream().anyMatch(file -> file.endsWith("calls"));
            }
        },
        JVM_BEGINS {
            @Override
            boolean hasCome(Path directory) {
                return started(directory).anyMatch(pid -> commandLine(pid).contains("IsolatedMain"));
            }
        },
        NODE_OPENS {
            @Override
            boolean hasCome(Path directory) {
                return Files.exists(directory.resolve("opened"));
            }
        };

        abstract boolean hasCome(Path directory) throws IOException;
    }

    /** Takes a message, unless it is told to stay in open. */
    public static final class Slow implements Operator {
        @Override
        public void open(NodeContext context) throws Exception {
            if (context.config().flag("stays", false)) {
                Files.createFile(context.workingDirectory().resolve("opened"));
                new CountDownLatch(1).await();
            }
        }

        @Override
        public void onInput(Input input, Message message) {}
    }

    /** Starts the dataflow, and waits to be killed. */
    public static void main(String[] arguments) {
        start(Path.of(arguments[0]), true);
    }

    private static RunningDataflow start(Path directory, boolean stays) {
        String text = """
                name: doomed
                nodes:
                  - id: node
                    class: %s
                    config: {stays: %s}
                    isolation: process
                    deploy: {working_dir: '%s'}
                    env: {MILLRACE_SHARED_MEMORY: '%s'}
                    inputs: {in: millrace/app/in}
                """.formatted(Slow.class.getName(), stays, directory, directory.resolve("memory"));
        LoadOptions load =
                LoadOptions.builder().directory(directory).checkPaths(false).build();
        return Dataflow.parse(text, load).start(OPTIONS);
    }

    private Process jvm() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledWhileStartingTest.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("jvm.log").toFile());
        builder.environment().put(MARK, directory.toString());
        return builder.start();
    }

    private static List<Path> files(Path root) throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        } catch (UncheckedIOException e) { // one of them is gone meanwhile
            return List.of();
        }
    }

    /** The processes with the mark that run. */
    private static Stream<Long> started(Path directory) {
        String mark = MARK + "=" + directory + "\0";
        return Stream.of(new File("/proc").list())
                .filter(name -> name.chars().allMatch(Character::isDigit))
                .map(Long::valueOf)
                .filter(pid -> read(pid, "environ").contains(mark)
                        && !read(pid, "stat").contains(") Z "));
    }

    private static String commandLine(long pid) {
        return read(pid, "cmdline");
    }

    /** Empty if it is gone, or somebody else's. */
    private static String read(long pid, String file) {
        try {
            return new String(Files.readAllBytes(Path.of("/proc", Long.toString(pid), file)), StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndTheNodesJvmAndLeaveNothingForTheNextWhenItsParentIsKilled(Moment moment) throws Exception {
        NeedsSupervisor.assume();
        Process parent = jvm();
        try {
            await().atMost(DEADLINE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> moment.hasCome(directory));
        } finally {
            parent.destroyForcibly();
        }
        assertThat(parent.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        long killedNs = System.nanoTime();
        await().atMost(DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(started(directory).toList()).isEmpty());
        note(moment, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNs));

        try (RunningDataflow next = start(directory, false)) {
            next.publisher("in").close();
            assertThat(next.await(DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
        assertThat(files(directory.resolve("memory")))
                .as("who shares memory there next deletes what was left")
                .isEmpty();
    }

    private static void note(Moment moment, long tookMs) throws IOException {
        Path figures = Files.createDirectories(Path.of("target", "figures"));
        Files.writeString(
                figures.resolve("killed-while-starting-" + moment + ".txt"),
                "the JVM of a node whose parent was killed when " + moment + ": gone after " + tookMs
                        + " ms (budget 2000)\n");
    }
}
