package io.millrace.remote.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One member, whose process is started again and again. Used by one thread. */
final class MemberProcess {
    private final String name;
    private final Path directory;
    private final List<String> arguments;
    private @Nullable Process process; // once it has been started

    /**
     * One line that a member has told.
     *
     * @param nanos when, by the clock that all processes share
     */
    record Told(long nanos, String text) {}

    MemberProcess(String name, Path directory, List<String> arguments) {
        this.name = name;
        this.directory = directory;
        this.arguments = arguments;
    }

    String name() {
        return name;
    }

    void start() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Member.class.getName(),
                "name=" + name,
                "directory=" + directory.resolve(name),
                "told=" + told()));
        command.addAll(arguments);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve(name + ".log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path told() {
        return directory.resolve(name + ".told");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Kills it with {@code SIGKILL}, and returns when it is gone. */
    long kill() throws InterruptedException {
        long now = System.nanoTime();
        if (process != null) { // else it has never been started
            process.destroyForcibly();
            process.waitFor();
        }
        return now;
    }

    /** Sends it {@code SIGSTOP} or {@code SIGCONT}. */
    void signal(String signal) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + signal + " of " + name + " has failed: " + status);
        }
    }

    /** Has it end in order: what is wrong with that, in words, or nothing. */
    List<String> close() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            return List.of(name + " had ended by itself with " + process.exitValue());
        }
        process.getOutputStream().write("close\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            kill();
            return List.of(name + " has not ended within 40 s of being asked");
        }
        List<String> wrong = new ArrayList<>();
        if (process.exitValue() != 0) {
            wrong.add(name + " has ended with " + process.exitValue());
        }
        List<Told> last = since(0, told -> told.text().startsWith("CLOSED"));
        if (last.isEmpty() || !last.get(last.size() - 1).text().endsWith(" []")) {
            wrong.add(name + " has left threads: " + last);
        }
        return wrong;
    }

    /** What it has told after a moment. */
    List<Told> since(long nanos, Predicate<Told> filter) {
        if (!Files.exists(told())) {
            return List.of();
        }
        try {
            List<Told> found = new ArrayList<>();
            for (String line : Files.readAllLines(told())) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    Told each = new Told(Long.parseLong(line.substring(0, space)), line.substring(space + 1));
                    if (each.nanos() > nanos && filter.test(each)) {
                        found.add(each);
                    }
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
