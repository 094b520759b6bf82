package io.millrace.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A JVM for which a file system in memory of some bytes is mounted, which nobody else sees. */
public final class SmallFileSystem {
    private static final String MOUNT = "mount -t tmpfs -o size=\"$1\" none \"$2\" || exit 99; shift 2; exec \"$@\"";

    private SmallFileSystem() {}

    /** What it printed, and how it ended. */
    public record Outcome(int exitCode, String text) {}

    /** Runs {@code main}, which is given the directory; skips the test where nobody may mount anything. */
    public static Outcome run(Path directory, int bytes, Class<?> main) throws IOException, InterruptedException {
        Outcome possible = run(directory, bytes, List.of("true"));
        Assumptions.assumeTrue(possible.exitCode() == 0, "no file system can be mounted: " + possible.text());
        return run(
                directory,
                bytes,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        directory.toString()));
    }

    private static Outcome run(Path directory, int bytes, List<String> command)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(
                "unshare", "-Urm", "/bin/sh", "-c", MOUNT, "sh", Integer.toString(bytes), directory.toString()));
        all.addAll(command);
        try {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            process.getOutputStream().close();
            CompletableFuture<Boolean> end =
                    process.onExit().thenApply(ended -> true).completeOnTimeout(false, 120, TimeUnit.SECONDS);
            var unused = end.thenAccept(hasEnded -> {
                if (!hasEnded) {
                    process.destroyForcibly();
                }
            });
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(end.join() ? process.exitValue() : -1, text);
        } catch (IOException e) { // there is no such command
            return new Outcome(-1, String.valueOf(e.getMessage()));
        }
    }
}
