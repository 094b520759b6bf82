package io.millrace.samples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The application of {@code embedded-check}, compiled for a class path or for a module path and started in a JVM of its own without any flag. */
final class Application {
    private static final Path SOURCES = Path.of("embedded-check").toAbsolutePath();

    private final Path classes;
    private final Jars jars;
    private final boolean isModule;

    private Application(Path classes, Jars jars, boolean isModule) {
        this.classes = classes;
        this.jars = jars;
        this.isModule = isModule;
    }

    /** @param directory for its classes */
    static Application compile(Path directory, Jars jars, boolean isModule) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--release", "17", "-Xlint:all", "-Werror"));
        // Without a class path of its own the compiler takes that of this JVM.
        String classPath = isModule ? directory.toString() : jars.asPath();
        arguments.addAll(List.of("-d", directory.toString(), "-cp", classPath));
        if (isModule) {
            arguments.addAll(List.of("--module-path", jars.asPath()));
        }
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.map(Path::toString)
                    .filter(file -> file.endsWith(".java") && (isModule || !file.endsWith("module-info.java")))
                    .forEach(arguments::add);
        }
        int exit = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(exit).as("exit code of javac " + arguments).isZero();
        return new Application(directory, jars, isModule);
    }

    Run start() throws IOException {
        return start(
                "embeddedcheck.EmbeddedCheck", SOURCES.resolve("dataflow.yml").toString());
    }

    /** A JVM with the same paths that does nothing. */
    Run startEmpty() throws IOException {
        return start("embeddedcheck.Empty");
    }

    private Run start(String mainClass, String... arguments) throws IOException {
        String path = classes + File.pathSeparator + jars.asPath();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(
                isModule
                        ? List.of("--module-path", path, "--module", "embeddedcheck/" + mainClass)
                        : List.of("-cp", path, mainClass));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS"));
        Path errors = Files.createTempFile(classes, "stderr", ".txt");
        builder.redirectError(errors.toFile());
        long beginNs = System.nanoTime();
        Process process = builder.start();
        return Run.awaitFirstEvent(process, errors, beginNs);
    }

    /**
     * One that runs.
     *
     * @param firstEventMs from the start of the process until it told of its first event
     * @param usedMs time of cores that it had used by then, without its compilers; the same as above where that is not known
     */
    record Run(Process process, BufferedReader output, Path errors, double firstEventMs, double usedMs)
            implements AutoCloseable {

        static Run awaitFirstEvent(Process process, Path errors, long beginNs) throws IOException {
            BufferedReader output = process.inputReader();
            String line = output.readLine();
            double tookMs = (System.nanoTime() - beginNs) / 1e6;
            if (line == null || !line.startsWith("first event: ")) {
                process.destroyForcibly();
                throw new AssertionError(
                        "expected a first event, found '" + line + "' and " + Files.readString(errors));
            }
            double usedMs = ProcessorUse.isKnown() ? ProcessorUse.millisWithoutCompilers(process) : tookMs;
            return new Run(process, output, errors, tookMs, usedMs);
        }

        /** Ends its standard input, upon which it closes its dataflow, and returns what it still prints. */
        List<String> end() throws IOException, InterruptedException {
            process.getOutputStream().close();
            List<String> printed = output.lines().toList();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            return printed;
        }

        /** For what did not come as far as {@link #end}. */
        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
