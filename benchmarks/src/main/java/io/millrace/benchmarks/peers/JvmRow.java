package io.millrace.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A row that a main class of ours measures, which prints its figures. The time until its first line, in milliseconds, is the figure {@value #FIRST_LINE}. */
record JvmRow(String id, String title, Class<?> main, List<String> flags, ClassPath classPath, List<String> arguments)
        implements Row {
    static final String FIRST_LINE = "first-line";
    private static final int TIMEOUT_MINUTES = 10;
    private static final String QUIET = "-Dslf4j.internal.verbosity=ERROR";

    /** With all that the peers bring. */
    JvmRow(String id, String title, Class<?> main, List<String> flags, List<String> arguments) {
        this(id, title, main, flags, ClassPath.OF_ALL, arguments);
    }

    @Override
    public Outcome run(Pace pace) throws InterruptedException {
        try {
            Path errors = Files.createTempFile("millrace-benchmark", ".err");
            try {
                return run(pace, errors);
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            return Outcome.failed(flags, e.toString());
        }
    }

    private Outcome run(Pace pace, Path errors) throws IOException, InterruptedException {
        long beginNs = System.nanoTime();
        Process process =
                new ProcessBuilder(command(pace)).redirectError(errors.toFile()).start();
        Thread watch = new Thread(() -> kill(process), "watch");
        watch.setDaemon(true);
        watch.start();
        Map<String, Double> figures = new HashMap<>();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                figures.putIfAbsent(FIRST_LINE, (System.nanoTime() - beginNs) / 1e6);
                Figures.parse(line).ifPresent(figure -> figures.put(figure.name(), figure.value()));
            }
        }
        int exit = process.waitFor();
        watch.interrupt();
        return exit == 0
                ? new Outcome(Map.copyOf(figures), flags, Optional.empty())
                : Outcome.failed(flags, "exit code " + exit + ": " + cause(errors));
    }

    /** Ends a JVM that does not end by itself. */
    private static void kill(Process process) {
        try {
            process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES);
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it has ended
        }
    }

    private List<String> command(Pace pace) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(QUIET);
        command.addAll(flags);
        command.addAll(classPath.options());
        command.add(main.getName());
        command.addAll(arguments);
        if (main == Probe.class) {
            command.addAll(
                    1 + command.indexOf(arguments.get(0)), pace.arguments()); // what the row says comes later and wins
        }
        return command;
    }

    /** The innermost exception, if there is one. */
    private static String cause(Path errors) throws IOException {
        List<String> lines = Files.readAllLines(errors);
        return lines.stream()
                .filter(line -> line.startsWith("Caused by: ") || line.startsWith("Exception in thread"))
                .reduce((earlier, later) -> later)
                .orElse(lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1));
    }
}
