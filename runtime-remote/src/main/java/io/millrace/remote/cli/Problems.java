package io.millrace.remote.cli;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Findings about dataflow files, for people and for programs. */
final class Problems {
    private Problems() {}

    /** One line each: {@code flow.yml:14:7: error: …}. */
    static void print(List<Problem> problems, PrintStream to, boolean coloured) {
        problems.forEach(problem -> to.println(line(problem, coloured)));
    }

    private static String line(Problem problem, boolean coloured) {
        if (!coloured) {
            return Printable.line(problem.toString());
        }
        String place = Printable.line(problem.location().toString());
        String style = switch (problem.severity()) {
            case ERROR -> "@|bold,red error:|@ ";
            case WARNING -> "@|bold,yellow warning:|@ ";
            case NOTE -> "@|bold,cyan note:|@ ";
        };
        // Only our own words go through the markup, which what a file contains might imitate.
        return (place.isEmpty() ? "" : place + ": ") + Ansi.ON.string(style) + Printable.line(problem.message());
    }

    /** {@code severity}, {@code file}, {@code line}, {@code column}, {@code message}; null where a place is not known. */
    static List<Map<String, @Nullable Object>> toJson(List<Problem> problems) {
        return problems.stream().map(Problems::toJson).toList();
    }

    private static Map<String, @Nullable Object> toJson(Problem problem) {
        Location location = problem.location();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("severity", problem.severity().toString());
        json.put("file", location.file().isEmpty() ? null : location.file());
        json.put("line", location.line() == 0 ? null : location.line());
        json.put("column", location.column() == 0 ? null : location.column());
        json.put("message", problem.message());
        return json;
    }

    static long count(List<Problem> problems, Problem.Severity severity) {
        return problems.stream()
                .filter(problem -> problem.severity() == severity)
                .count();
    }

    /** {@code 2 errors, 1 warning}; {@code no problems} where there are none. */
    static String tally(List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        for (Problem.Severity severity : Problem.Severity.values()) {
            long count = count(problems, severity);
            if (count > 0) {
                text.append(text.isEmpty() ? "" : ", ").append(Units.counted(count, severity.toString()));
            }
        }
        return text.isEmpty() ? "no problems" : text.toString();
    }
}
