package io.millrace.local.logs;

import io.millrace.local.agent.NodeFault;
import io.millrace.local.part.LogLine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/**
 * What a node has logged, as a message carries it: the JSON object that dora's log messages are, so that whoever reads those reads these. The dataflow's name, the thread
 * and what was thrown stand among the {@code fields}; ids that Millrace has not are null.
 *
 * @param time when it came
 * @param pairs what was added to it; other fields come first
 */
record LogRecord(
        String dataflow,
        String node,
        Origin origin,
        Level level,
        Instant time,
        String thread,
        String message,
        List<KeyValuePair> pairs,
        @Nullable Throwable thrown) {
    /** Of the message, and of what was thrown with its stack: longer text is cut off. */
    static final int MAX_TEXT = 16 * 1024;

    static final int MAX_FIELDS = 64;

    /** A chain of causes may lead back to its begin. */
    private static final int MAX_CAUSES = 10;

    /**
     * Where it was logged, and when, as a program says it; all but the target may be empty.
     *
     * @param target the logger's name
     * @param line digits
     */
    record Origin(String target, String modulePath, String file, String line, Optional<Instant> time) {
        static Origin of(String target) {
            return new Origin(target, "", "", "", Optional.empty());
        }

        Origin orIn(String otherTarget) {
            return target.isEmpty() ? new Origin(otherTarget, modulePath, file, line, time) : this;
        }
    }

    ByteBuffer toJson() {
        StringBuilder json = new StringBuilder(256 + message.length());
        json.append("{\"build_id\":null,\"dataflow_id\":null,\"node_id\":");
        quote(json, node);
        json.append(",\"daemon_id\":null,\"level\":\"").append(level).append("\",\"target\":");
        quote(json, cut(origin.target()));
        json.append(",\"module_path\":");
        quoteIfAny(json, origin.modulePath());
        json.append(",\"file\":");
        quoteIfAny(json, origin.file());
        json.append(",\"line\":").append(origin.line().isEmpty() ? "null" : Integer.valueOf(origin.line()));
        json.append(",\"message\":");
        quote(json, cut(message));
        json.append(",\"timestamp\":\"")
                .append(DateTimeFormatter.ISO_INSTANT.format(origin.time().orElse(time)));
        json.append("\",\"fields\":{");
        String gap = "";
        for (Map.Entry<String, String> field : fields().entrySet()) {
            json.append(gap);
            quote(json, field.getKey());
            json.append(':');
            quote(json, cut(field.getValue()));
            gap = ",";
        }
        json.append("}}");
        return ByteBuffer.wrap(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** As people read it: what was added to it before the message, what was thrown after it. */
    LogLine toLine(String part) {
        StringBuilder text = new StringBuilder();
        for (KeyValuePair pair : pairs) {
            if (text.length() <= MAX_TEXT) {
                text.append(pair.key).append('=').append(textOf(pair.value)).append(' ');
            }
        }
        text.append(message);
        if (thrown != null) {
            text.append('\n').append(stackOf(thrown));
        }
        return new LogLine(time, part, level, cut(text.toString()));
    }

    private Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("dataflow", dataflow);
        fields.put("thread", thread);
        if (thrown != null) {
            fields.put("exception", stackOf(thrown));
        }
        for (KeyValuePair pair : pairs) {
            if (fields.size() < MAX_FIELDS) {
                fields.putIfAbsent(cut(String.valueOf(pair.key)), textOf(pair.value));
            }
        }
        return fields;
    }

    private static String textOf(@Nullable Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException e) { // text that is made by somebody's code
            return "[" + e.getClass().getName() + "]";
        }
    }

    private static String cut(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, end) + "... (" + (text.length() - end) + " more characters)";
    }

    /** With its causes, as far as they fit. */
    private static String stackOf(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (Throwable each = thrown; each != null && depth < MAX_CAUSES; each = each.getCause(), depth++) {
            text.append(depth == 0 ? "" : "\nCaused by: ").append(NodeFault.describe(each));
            for (StackTraceElement frame : each.getStackTrace()) {
                if (text.length() > MAX_TEXT) {
                    break;
                }
                text.append("\n\tat ").append(frame);
            }
        }
        return text.toString();
    }

    private static void quoteIfAny(StringBuilder json, String text) {
        if (text.isEmpty()) {
            json.append("null");
        } else {
            quote(json, cut(text));
        }
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
