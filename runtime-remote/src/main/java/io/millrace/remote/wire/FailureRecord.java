package io.millrace.remote.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * A node's failure, as it can travel.
 *
 * @param node the node's id, with the operator's where it was one
 * @param type the class name of what was thrown
 * @param stack at most {@value #MAX_FRAMES} lines, the deepest call first; causes follow
 */
public record FailureRecord(String node, String type, String message, List<String> stack) {
    private static final int MAX_FRAMES = 64;
    private static final int MAX_TEXT = 4096;
    private static final int MAX_CAUSES = 8;

    public FailureRecord {
        stack = List.copyOf(stack);
    }

    public static FailureRecord of(String node, Throwable error) {
        List<String> stack = new ArrayList<>();
        Throwable next = error;
        for (int depth = 0; next != null && depth < MAX_CAUSES; depth++) {
            if (depth > 0) {
                stack.add("caused by: " + shortened(String.valueOf(next)));
            }
            for (StackTraceElement frame : next.getStackTrace()) {
                if (stack.size() >= MAX_FRAMES) {
                    break;
                }
                stack.add("at " + frame);
            }
            next = next.getCause();
        }
        return new FailureRecord(
                node, error.getClass().getName(), shortened(String.valueOf(error.getMessage())), stack);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
    }
}
