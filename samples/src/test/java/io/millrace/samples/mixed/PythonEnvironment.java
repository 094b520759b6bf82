package io.millrace.samples.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A virtual environment with what Python nodes need, made once below the module's {@code target} and used again, and the command line run within it. */
final class PythonEnvironment {
    private static final List<String> PACKAGES = List.of("dora-rs==1.1.0", "numpy");
    private static final Path DIRECTORY = Path.of("target", "python").toAbsolutePath();
    /** Holds what is installed, once that is done. */
    private static final Path DONE = DIRECTORY.resolve("installed.txt");

    private static final long PATIENCE_MINUTES = 5;

    private PythonEnvironment() {}

    /** How a program ended. */
    record Ran(int exitCode, String out, String err) {}

    /** Makes the environment if it is not there yet. Skips the test where this machine cannot have it, saying what is missing. */
    static PythonEnvironment assumed() throws Exception {
        PythonEnvironment environment = new PythonEnvironment();
        String packages = String.join(" ", PACKAGES);
        if (!Files.exists(DONE) || !Files.readString(DONE).equals(packages)) {
            String python = environment.python();
            environment.make(List.of(python, "-m", "venv", "--clear", DIRECTORY.toString()), "a virtual environment");
            List<String> install = new ArrayList<>(List.of(
                    program("python").toString(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"));
            install.addAll(PACKAGES);
            environment.make(install, packages + " from the registry of Python packages");
            Files.writeString(DONE, packages);
        }
        return environment;
    }

    private String python() throws Exception {
        for (String name : List.of("python3", "python")) {
            try {
                Ran ran = run(
                        List.of(name, "-c", "import sys; print(sys.version_info >= (3, 11))"),
                        Path.of("").toAbsolutePath(),
                        Map.of());
                if (ran.exitCode() == 0 && ran.out().strip().equals("True")) {
                    return name;
                }
            } catch (IOException notThere) {
                // The next name, perhaps.
            }
        }
        return Assumptions.abort("Python 3.11 or later is not in the PATH");
    }

    private void make(List<String> command, String what) throws Exception {
        Ran ran = run(command, Path.of("").toAbsolutePath(), Map.of());
        if (ran.exitCode() != 0) {
            String last = ran.err().lines().reduce("", (before, line) -> line);
            Assumptions.abort(what + " could not be had: " + last);
        }
    }

    private static Path program(String name) {
        return DIRECTORY.resolve("bin").resolve(name);
    }

    /** The variables with which another environment has the same packages without installing them. */
    Map<String, String> lent() throws IOException {
        try (Stream<Path> versions = Files.list(DIRECTORY.resolve("lib"))) {
            return Map.of(
                    "PYTHONPATH",
                    versions.map(version -> version.resolve("site-packages").toString())
                            .collect(Collectors.joining(":")));
        }
    }

    /** The command line as someone calls it in whose terminal the environment is active. */
    Ran millrace(Path directory, Map<String, String> variables, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.millrace.remote.cli.Main"));
        command.addAll(List.of(arguments));
        return run(command, directory, variables);
    }

    private static Ran run(List<String> command, Path directory, Map<String, String> variables) throws Exception {
        Path out = Files.createTempFile("out", ".txt");
        Path err = Files.createTempFile("err", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            Map<String, String> environment = builder.environment();
            environment.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "MILLRACE_CLASSPATH"));
            environment.put("VIRTUAL_ENV", DIRECTORY.toString());
            environment.merge("PATH", "", (path, none) -> DIRECTORY.resolve("bin") + ":" + path);
            environment.putAll(variables);
            Process process = builder.start();
            boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            process.destroyForcibly();
            Ran ran = new Ran(
                    ended ? process.exitValue() : -1,
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
            assertThat(ended).as("ended in time: %s: %s", command, ran).isTrue();
            return ran;
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
