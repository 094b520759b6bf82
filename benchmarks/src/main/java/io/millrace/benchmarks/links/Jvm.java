package io.millrace.benchmarks.links;

import io.millrace.benchmarks.Arguments;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Another JVM with the same class path and flags. It ends when its standard input does. */
final class Jvm implements AutoCloseable {
    static final List<String> FLAGS = List.of(
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Dslf4j.internal.verbosity=ERROR",
            "-Dio.netty.noUnsafe=false",
            "-Xmx1g");
    private static final long PATIENCE_SECONDS = 20;

    private final Process process;
    private final CompletableFuture<String> first = new CompletableFuture<>();
    private final Thread relay = new Thread(this::relay, "relay");

    private Jvm(Process process) {
        this.process = process;
    }

    static Jvm start(Class<?> main, Arguments arguments) throws IOException {
        Jvm jvm = new Jvm(new ProcessBuilder(command(main, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        jvm.relay.start();
        return jvm;
    }

    /** What it prints behind its first line, its figures, are this one's. */
    private void relay() {
        try (BufferedReader lines = process.inputReader()) {
            String line = lines.readLine();
            first.complete(line == null ? "nothing" : line);
            lines.lines().forEach(System.out::println);
        } catch (IOException e) {
            first.completeExceptionally(e);
        }
    }

    /** Blocks until it has said one, and that it is ready. */
    String firstLine() throws Exception {
        return first.get(60, TimeUnit.SECONDS);
    }

    static List<String> command(Class<?> main, Arguments arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments.words());
        return command;
    }

    /** The first line that a JVM prints which another one starts. */
    static void sayReady(String line) {
        PrintStream out = System.out;
        out.println(line);
        out.flush();
    }

    /** Blocks until whoever has started this JVM lets it go. */
    static void awaitEndOfInput() throws IOException {
        long skipped = 0;
        while (skipped >= 0) {
            skipped = System.in.read();
        }
    }

    /** Lets it go, and blocks until it has ended and its figures are printed. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            relay.join();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        if (process.exitValue() != 0) {
            throw new IOException("another JVM has failed: exit code " + process.exitValue());
        }
    }
}
