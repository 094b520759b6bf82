package io.millrace.remote.cli;

import io.millrace.remote.Job;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs for people and for programs. */
final class JobText {
    private final DateTimeFormatter time;

    /** @param zone in which people are shown times; programs get UTC */
    JobText(ZoneId zone) {
        time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /** A line for each. */
    String table(List<Job> jobs) {
        Table table =
                new Table(List.of("NAME", "STATE", "SUBMITTED", "NODES", "MACHINES", "ID"), List.of(0, 1, 2, 4, 5));
        for (Job job : jobs) {
            table.row(List.of(
                    job.name(),
                    state(job),
                    at(job.submittedAt()),
                    Units.count(nodes(job)),
                    String.join(
                            ",",
                            job.parts().stream()
                                    .map(Job.Part::machineId)
                                    .distinct()
                                    .sorted()
                                    .toList()),
                    job.id()));
        }
        return table.toString();
    }

    private static long nodes(Job job) {
        return job.parts().stream()
                .flatMap(part -> part.nodes().stream())
                .distinct()
                .count();
    }

    /** {@code running}, {@code running, degraded}. */
    static String state(Job job) {
        return word(job.state()) + (job.degraded().isPresent() ? ", " + trouble(job) : "");
    }

    private static String trouble(Job job) {
        return job.state() == Job.State.RUNNING ? "degraded" : "waiting";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private String at(Instant instant) {
        return time.format(instant);
    }

    /** All that is known of one. */
    String details(Job job) {
        StringBuilder text = new StringBuilder();
        text.append("job '").append(job.name()).append("' (").append(job.id()).append("): ");
        text.append(word(job.state()))
                .append(", submitted ")
                .append(at(job.submittedAt()))
                .append('\n');
        job.degraded()
                .ifPresent(reason ->
                        text.append(trouble(job)).append(": ").append(reason).append('\n'));
        if (!job.parts().isEmpty()) {
            text.append('\n').append(parts(job));
        }
        job.findings().forEach(found -> text.append('\n').append(problem(found)));
        job.failures()
                .forEach(failure -> text.append("\nnode '")
                        .append(failure.node())
                        .append("' failed: ")
                        .append(failure.type())
                        .append(": ")
                        .append(failure.message()));
        text.append(job.findings().isEmpty() && job.failures().isEmpty() ? "" : "\n");
        if (!job.history().isEmpty()) {
            text.append('\n').append(history(job));
        }
        return Printable.of(text.toString()); // what comes from elsewhere may steer no terminal
    }

    private static Table parts(Job job) {
        Table table = new Table(List.of("MACHINE", "PART", "STATE", "EPOCH", "NODES"), List.of(0, 2, 4));
        for (Job.Part part : job.parts()) {
            table.row(List.of(
                    part.machineId() + (part.isPinned() ? " (pinned)" : ""),
                    Integer.toString(part.number()),
                    word(part.state()),
                    Long.toString(part.epoch()),
                    String.join(" ", part.nodes())));
        }
        return table;
    }

    private Table history(Job job) {
        Table table = new Table(List.of("TIME", "STATE", ""), List.of(0, 1, 2));
        job.history().forEach(entry -> table.row(List.of(at(entry.time()), word(entry.state()), entry.text())));
        return table;
    }

    /** With its place, where it has one, and its machine. */
    static String problem(Job.MachineProblem found) {
        String machine = found.machineId();
        String text = found.problem().toString();
        return machine.isEmpty() || text.contains("'" + machine + "'")
                ? text
                : text + " (on machine '" + machine + "')";
    }

    /** All that is known of one. */
    static Map<String, @Nullable Object> toJson(Job job) {
        Map<String, @Nullable Object> json = listed(job);
        json.put("problems", problems(job));
        json.put("failures", job.failures().stream().map(JobText::toJson).toList());
        json.put("history", job.history().stream().map(JobText::toJson).toList());
        return json;
    }

    /** What is known of each that is listed. */
    static Map<String, @Nullable Object> listed(Job job) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", job.id());
        json.put("name", job.name());
        json.put("state", word(job.state()));
        json.put("degraded", job.degraded().orElse(null));
        json.put("submittedAt", job.submittedAt().toString());
        json.put("parts", job.parts().stream().map(JobText::toJson).toList());
        return json;
    }

    private static Map<String, @Nullable Object> toJson(Job.Part part) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("part", part.number());
        json.put("epoch", part.epoch());
        json.put("machine", part.machineId());
        json.put("pinned", part.isPinned());
        json.put("state", word(part.state()));
        json.put("nodes", part.nodes());
        return json;
    }

    private static List<Map<String, @Nullable Object>> problems(Job job) {
        List<Map<String, @Nullable Object>> problems = new ArrayList<>(Problems.toJson(
                job.findings().stream().map(Job.MachineProblem::problem).toList()));
        for (int i = 0; i < problems.size(); i++) {
            String machine = job.findings().get(i).machineId();
            Map<String, @Nullable Object> withMachine = new LinkedHashMap<>(problems.get(i));
            withMachine.put("machine", machine.isEmpty() ? null : machine);
            problems.set(i, withMachine);
        }
        return problems;
    }

    private static Map<String, @Nullable Object> toJson(Job.Failure failure) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("node", failure.node());
        json.put("exception", failure.type());
        json.put("message", failure.message());
        json.put("stack", failure.stack());
        return json;
    }

    private static Map<String, @Nullable Object> toJson(Job.Entry entry) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("time", entry.time().toString());
        json.put("state", word(entry.state()));
        json.put("text", entry.text());
        return json;
    }
}
