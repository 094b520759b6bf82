package io.millrace.remote.cli;

import io.millrace.remote.ExecutorStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Executors for people and for programs. */
final class ExecutorText {
    private ExecutorText() {}

    /** A line for each. */
    static String table(List<ExecutorStatus> executors) {
        Table table = new Table(
                List.of("MACHINE", "CONDITION", "ADDRESS", "CORES", "NODES", "STARTS", "LABELS"), List.of(0, 1, 2, 6));
        for (ExecutorStatus executor : executors) {
            table.row(List.of(
                    executor.machineId(),
                    executor.condition().name().toLowerCase(Locale.ROOT),
                    executor.address().toString(),
                    Integer.toString(executor.cores()),
                    Units.count(executor.nodes()),
                    Long.toString(executor.incarnation()),
                    executor.labels().entrySet().stream()
                            .map(label -> label.getKey() + "=" + label.getValue())
                            .collect(Collectors.joining(","))));
        }
        return table.toString();
    }

    static Map<String, @Nullable Object> toJson(ExecutorStatus executor) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("machine", executor.machineId());
        json.put("condition", executor.condition().name().toLowerCase(Locale.ROOT));
        json.put("address", executor.address().toString());
        json.put("cores", executor.cores());
        json.put("nodes", executor.nodes());
        json.put("incarnation", executor.incarnation());
        json.put("instance", executor.instance());
        json.put("labels", executor.labels());
        return json;
    }
}
