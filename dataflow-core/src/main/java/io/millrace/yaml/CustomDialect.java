package io.millrace.yaml;

import io.millrace.graph.Location;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The older dialect, in which a program and its inputs and outputs stand under {@code custom}. */
final class CustomDialect {
    private CustomDialect() {}

    /** The node as if what stands under {@code custom} had been written beside it. */
    static Fields unfold(Fields node, Reading reading) {
        if (!node.isWritten(DataflowSchema.CUSTOM)) {
            return node;
        }
        Fields custom = node.get(DataflowSchema.CUSTOM, Fields.none(node.keyLocation(DataflowSchema.CUSTOM)));
        for (Key<?> key : custom.inCommonWith(node)) {
            if (!key.equals(DataflowSchema.ENV)) {
                reading.error(
                        custom.keyLocation(key),
                        "'" + custom.writtenAs(key) + "' is written under 'custom' and as '" + node.writtenAs(key)
                                + "' beside it: write it once");
            }
        }
        for (Key<?> key : List.of(DataflowSchema.PATH, DataflowSchema.ARGS)) {
            if (custom.isWritten(DataflowSchema.RUN) && node.isWritten(key)) {
                reading.error(
                        custom.keyLocation(DataflowSchema.RUN),
                        "'run' is written under 'custom' and as '" + node.writtenAs(key)
                                + "' beside it: write it once");
            }
        }
        Map<String, Located<String>> env = new LinkedHashMap<>(node.get(DataflowSchema.ENV, Map.of()));
        env.putAll(custom.get(DataflowSchema.ENV, Map.of()));
        Fields unfolded = node.overlaidBy(splitRun(custom, reading));
        return env.isEmpty() ? unfolded : unfolded.with(DataflowSchema.ENV, env);
    }

    /** In the oldest files one line, {@code run}, is the program with its arguments. */
    private static Fields splitRun(Fields custom, Reading reading) {
        if (!custom.isWritten(DataflowSchema.RUN)) {
            return custom;
        }
        Location location = custom.valueLocation(DataflowSchema.RUN);
        if (custom.isWritten(DataflowSchema.PATH) || custom.isWritten(DataflowSchema.ARGS)) {
            reading.error(location, "'run' stands for 'source' and 'args': write either it or them");
            return custom;
        }
        String line = custom.get(DataflowSchema.RUN)
                .map(EnvironmentText::text)
                .orElse("")
                .strip();
        int end = line.indexOf(' ');
        Fields split = custom.with(
                DataflowSchema.PATH, new EnvironmentText(end < 0 ? line : line.substring(0, end), location));
        return end < 0
                ? split
                : split.with(
                        DataflowSchema.ARGS,
                        new EnvironmentText(line.substring(end + 1).strip(), location));
    }
}
