package io.millrace.remote.nodes;

import io.millrace.node.NodeContext;
import java.nio.file.Path;

/** Writes lines of one node into the diary of its config. */
final class Notes {
    private final NodeContext context;
    private final String diary;
    private final String machine;

    Notes(NodeContext context) {
        this.context = context;
        this.diary = context.config().text("diary");
        this.machine = machine(context.workingDirectory());
    }

    /** Executors of tests have base directories {@code machine-NAME}. */
    private static String machine(Path directory) {
        for (Path part : directory) {
            if (part.toString().startsWith("machine-")) {
                return part.toString().substring("machine-".length());
            }
        }
        return "";
    }

    void write(String what, String detail) {
        Diary.write(
                diary,
                new Diary.Line(
                        context.nodeId(),
                        machine,
                        context.incarnation(),
                        context.epoch(),
                        what,
                        detail,
                        System.nanoTime()));
    }
}
