package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line as a process of its own, as users start it, with little memory. */
final class MillraceProcess implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Process process;
    private final Path out;
    private final Path err;

    private MillraceProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** @param directory where its output is kept */
    static MillraceProcess start(Path directory, String... arguments) throws IOException {
        return start(directory, List.of(), arguments);
    }

    /** @param flags of the JVM, beside those that the launcher always passes */
    static MillraceProcess start(Path directory, List<String> flags, String... arguments) throws IOException {
        return start(directory, List.of(), flags, arguments);
    }

    /** @param wrapper a command that runs the rest of its line */
    static MillraceProcess start(Path directory, List<String> wrapper, List<String> flags, String... arguments)
            throws IOException {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(1, flags);
        command.addAll(0, wrapper);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        // What a JVM says about options that it finds in these would be on stderr.
        builder.environment()
                .keySet()
                .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "MILLRACE_CLASSPATH"));
        return new MillraceProcess(builder.start(), out, err);
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        boolean ended = process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(ended)
                .as("ended in time; stdout: %s, stderr: %s", out(), err())
                .isTrue();
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitErr(String text) {
        await().atMost(DEADLINE).until(() -> err().contains(text) || !process.isAlive());
        assertThat(err()).contains(text);
    }

    void awaitOut(String text) {
        await().atMost(DEADLINE).until(() -> out().contains(text) || !process.isAlive());
        assertThat(out()).contains(text);
    }

    /** @param name such as {@code INT} */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
