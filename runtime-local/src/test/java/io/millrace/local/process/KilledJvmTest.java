package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that runs programs is really killed. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class KilledJvmTest {
    private static final Duration DEADLINE = Duration.ofSeconds(Programs.DEADLINE_SECONDS);

    @TempDir
    private Path directory;

    @BeforeAll
    static void assumeSetsid() {
        NeedsSupervisor.assume();
    }

    /** Starts the programs, tells the process numbers that they print, and waits to be killed. */
    public static void main(String[] arguments) throws InterruptedException {
        for (int i = 1; i < arguments.length; i++) {
            Child.start("doomed", Programs.sh(Path.of(arguments[0]), arguments[i]), (stream, line) -> {
                if (stream == OutputListener.Stream.STDOUT) {
                    synchronized (System.out) {
                        System.out.println("pid " + line);
                    }
                }
            });
        }
        Thread.currentThread().join();
    }

    private Process jvm(String... programs) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        KilledJvmTest.class.getName(),
                        directory.toString())
                .redirectError(new File("/dev/null"));
        builder.command().addAll(List.of(programs));
        return builder.start();
    }

    private static long pid(BufferedReader output) {
        Optional<String> line =
                output.lines().filter(text -> text.startsWith("pid ")).findFirst();
        return Long.parseLong(line.orElseThrow().substring("pid ".length()));
    }

    @Test
    void shouldEndEachGroupWithTheJvmThatStartedIt() throws Exception {
        Process jvm = jvm(
                "echo $$; exec sleep 1000",
                "trap '' TERM HUP INT; echo $$; while :; do sleep 0.1; done",
                "(trap '' TERM; sleep 1000 & echo $!; wait) & echo $$; wait",
                "echo $$; yes >&2");
        List<Long> pids;
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            pids = List.of(pid(output), pid(output), pid(output), pid(output), pid(output));
            assertThat(pids).doesNotHaveDuplicates().allMatch(Programs::isRunning);
        } finally {
            jvm.destroyForcibly();
        }
        long killed = System.nanoTime();
        assertThat(jvm.waitFor(Programs.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(jvm.exitValue()).isEqualTo(128 + 9);

        await().atMost(DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(pids).noneMatch(Programs::isRunning));
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
        Files.createDirectories(Path.of("target", "figures"));
        Files.writeString(
                Path.of("target", "figures", "killed-jvm.txt"),
                "programs of a JVM that was killed: the last is gone after " + tookMs + " ms (budget 2000)\n");
        assertThat(tookMs).as("milliseconds, three times the budget at most").isLessThan(3 * 2_000);
    }

    @Test
    void shouldTellAProgramToEndBeforeItIsKilled() throws Exception {
        Path goodbye = directory.resolve("goodbye");
        // Nobody reads what it prints any more, so it had better not print.
        Process jvm =
                jvm("exec 2>/dev/null; trap 'echo bye > goodbye; exit' TERM; echo $$; while :; do sleep 0.05; done");
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(pid(output)).isPositive();
        } finally {
            jvm.destroyForcibly();
        }

        await().atMost(DEADLINE).untilAsserted(() -> assertThat(goodbye).hasContent("bye"));
    }
}
