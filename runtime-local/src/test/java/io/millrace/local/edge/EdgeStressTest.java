package io.millrace.local.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs {@link EdgeStress} briefly, in JVMs of its own: some hundred thousand meetings of the threads of each pair. What is seen goes to
 * {@code target/jcstress}. For a long run, set more iterations of more time.
 */
@Tag("slow")
class EdgeStressTest {
    private static final int TESTS = 12;
    private static final int DEADLINE_SECONDS = 180;

    @Test
    void shouldSeeNothingForbiddenWhenThreadsMeet() throws Exception {
        Path folder = Files.createDirectories(Path.of("target", "jcstress").toAbsolutePath());
        Path console = folder.resolve("console.txt");
        Process process = start(folder, console);
        boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String output = Files.readString(console);
        assertThat(ended).as("ended in time: %s", output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("Failed tests: No matches").contains("Error tests: No matches");
        assertThat(output).containsPattern("\\b" + TESTS + " matching test results");
    }

    private static Process start(Path folder, Path console) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                EdgeStress.class.getName(),
                "-r",
                folder.resolve("report").toString(),
                // One kind of JVM, without control over the compiler or the cores, and a short time for each.
                "-jvmArgs",
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-sc",
                "false",
                "-af",
                "NONE",
                "-c",
                "2",
                "-hs",
                "256",
                "-strideSize",
                "16",
                "-strideCount",
                "16",
                "-f",
                "1",
                "-fsm",
                "1",
                "-iters",
                "1",
                "-time",
                "500");
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(console.toFile())
                .start();
    }
}
