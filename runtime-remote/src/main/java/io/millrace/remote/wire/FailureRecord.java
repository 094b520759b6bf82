package io.millrace.remote.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * A node's failure, as it can travel.
 *
 * @param node the node's id, with the operator's where it was one
 * @param type the class name of what was thrown
 * @param stack its lines, the deepest call first; bounded
 * @param related causes and what was suppressed, of these too, in the order of a stack trace; bounded
 */
public record FailureRecord(String node, String type, String message, List<String> stack, List<Related> related) {
    private static final int MAX_FRAMES = 64;
    private static final int MAX_TEXT = 4096;
    private static final int MAX_RELATED = 16;
    private static final int BRIEF_TEXT = 256;

    public FailureRecord {
        stack = List.copyOf(stack);
        related = List.copyOf(related);
    }

    /** Something that was thrown before, or in vain. */
    public record Related(boolean isCause, String type, String message, List<String> stack) {
        public Related {
            stack = List.copyOf(stack);
        }

        private int sizeBytes() {
            return Shortened.sizeBytes(type) + Shortened.sizeBytes(message) + Shortened.sizeBytes(stack);
        }
    }

    /** One that nothing else belongs to. */
    public FailureRecord(String node, String type, String message, List<String> stack) {
        this(node, type, message, stack, List.of());
    }

    public static FailureRecord of(String node, Throwable error) {
        List<Related> related = new ArrayList<>();
        addRelated(error, related);
        return new FailureRecord(node, error.getClass().getName(), message(error), stack(error), related);
    }

    /** The first of them, each in full as long as all of these have room; of the others only what has failed, and how. */
    public static List<FailureRecord> shortened(List<FailureRecord> all, int maxCount, int maxBytes) {
        return Shortened.list(all, maxCount, maxBytes, FailureRecord::sizeBytes, FailureRecord::brief);
    }

    /** What it takes on its way at the most. */
    public int sizeBytes() {
        return Shortened.sizeBytes(node)
                + Shortened.sizeBytes(type)
                + Shortened.sizeBytes(message)
                + Shortened.sizeBytes(stack)
                + related.stream().mapToInt(Related::sizeBytes).sum();
    }

    private FailureRecord brief() {
        return new FailureRecord(
                Shortened.text(node, BRIEF_TEXT),
                Shortened.text(type, BRIEF_TEXT),
                Shortened.text(message, BRIEF_TEXT),
                List.of());
    }

    private static void addRelated(Throwable error, List<Related> related) {
        Throwable cause = error.getCause();
        if (cause != null) {
            add(true, cause, related);
        }
        for (Throwable suppressed : error.getSuppressed()) {
            add(false, suppressed, related);
        }
    }

    private static void add(boolean isCause, Throwable error, List<Related> related) {
        if (related.size() < MAX_RELATED) {
            related.add(new Related(isCause, error.getClass().getName(), message(error), stack(error)));
            addRelated(error, related);
        }
    }

    private static List<String> stack(Throwable error) {
        List<String> lines = new ArrayList<>();
        for (StackTraceElement frame : error.getStackTrace()) {
            if (lines.size() == MAX_FRAMES) {
                return lines;
            }
            lines.add(frame.toString());
        }
        return lines;
    }

    private static String message(Throwable error) {
        return Shortened.text(String.valueOf(error.getMessage()), MAX_TEXT);
    }
}
