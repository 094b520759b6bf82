package io.millrace.yaml;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphAssembler.Assembly;
import io.millrace.graph.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Short ways to read a text, as if it were the file {@code flow.yml}. */
final class Loads {
    static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/home/ada", "EMPTY", "", "SPEED", "2.5");

    private Loads() {}

    static Assembly parse(String text) {
        return YamlDataflow.parse(text, "flow.yml", YamlOptions.of(ENVIRONMENT));
    }

    static Graph graph(String text) {
        return parse(text).orThrow();
    }

    /** Errors as a user sees them. */
    static List<String> errors(String text) {
        return errors(parse(text));
    }

    static List<String> errors(Assembly assembly) {
        return assembly.problems().stream()
                .filter(Problem::isError)
                .map(Problem::toString)
                .toList();
    }

    static List<String> warnings(String text) {
        return parse(text).problems().stream()
                .filter(problem -> problem.severity() == Problem.Severity.WARNING)
                .map(Problem::toString)
                .toList();
    }

    /** A resource beside this class. */
    static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Loads.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
