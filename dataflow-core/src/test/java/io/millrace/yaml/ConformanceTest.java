package io.millrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.graph.GraphAssembler.Assembly;
import io.millrace.graph.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Dataflow files that were written for dora: each with its outcome and the reason for it, in {@code conformance.golden}.
 *
 * <p>The files are not part of this project. They lie in {@code ../shared/conformance} beside it, or where the system property {@code
 * millrace.conformance} says.
 */
class ConformanceTest {
    private static final String UNSUPPORTED = "is recognised, not supported yet";

    /** A fixture that is meant to be read with differing types as errors. */
    private static final String READ_STRICTLY = "dora/main/tests/fixtures/type-mismatch.yml";

    static Path folder() {
        String configured = System.getProperty("millrace.conformance", "../../shared/conformance");
        Path folder = Path.of(configured).toAbsolutePath().normalize();
        assumeTrue(
                Files.isDirectory(folder.resolve("dora")),
                "SKIPPED: there are no conformance files in " + folder
                        + "; name their folder with -Dmillrace.conformance");
        return folder;
    }

    static Map<String, Path> files() throws IOException {
        Path folder = folder();
        try (Stream<Path> files = Files.walk(folder.resolve("dora"))) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .collect(Collectors.toMap(
                            file -> folder.relativize(file).toString().replace('\\', '/'),
                            file -> file,
                            (first, second) -> first,
                            TreeMap::new));
        }
    }

    static Assembly load(String name, Path file) {
        return YamlDataflow.load(
                file,
                new YamlOptions(Map.of("HOME", "/home/ada"), name.equals(READ_STRICTLY), Optional.empty(), false));
    }

    static String outcome(Assembly assembly) {
        List<Problem> errors =
                assembly.problems().stream().filter(Problem::isError).toList();
        if (errors.isEmpty()) {
            return "loads";
        }
        return errors.stream().allMatch(error -> error.message().endsWith(UNSUPPORTED)) ? "refused" : "error";
    }

    @Test
    void shouldTreatEveryFileAsTheGoldenFileSays() throws IOException {
        StringBuilder actual = new StringBuilder();
        for (Map.Entry<String, Path> file : files().entrySet()) {
            Assembly assembly = load(file.getKey(), file.getValue());
            actual.append(outcome(assembly)).append(' ').append(file.getKey()).append('\n');
            assembly.problems().stream()
                    .filter(problem -> problem.severity() != Problem.Severity.NOTE)
                    .forEach(problem -> actual.append("    ")
                            .append(problem.location().line())
                            .append(':')
                            .append(problem.location().column())
                            .append(": ")
                            .append(problem.severity())
                            .append(": ")
                            .append(problem.message())
                            .append('\n'));
        }

        assertThat(actual.toString()).isEqualTo(Loads.resource("conformance.golden"));
    }

    @Test
    void shouldLoadSixtySevenOfEightyFiles() throws IOException {
        Map<String, Long> counts = files().entrySet().stream()
                .collect(Collectors.groupingBy(
                        file -> outcome(load(file.getKey(), file.getValue())), TreeMap::new, Collectors.counting()));

        assertThat(counts).containsOnly(Map.entry("loads", 67L), Map.entry("error", 4L), Map.entry("refused", 9L));
    }
}
