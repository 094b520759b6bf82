package io.millrace.remote.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, texts, numbers and booleans as JSON, indented, ending with a line feed. */
final class Json {
    private final StringBuilder out = new StringBuilder();
    private final boolean isIndented;

    private Json(boolean isIndented) {
        this.isIndented = isIndented;
    }

    static String write(@Nullable Object value) {
        return write(value, true);
    }

    /** In one line. */
    static String line(@Nullable Object value) {
        return write(value, false);
    }

    private static String write(@Nullable Object value, boolean isIndented) {
        Json json = new Json(isIndented);
        json.value(value, 0);
        return json.out.append('\n').toString();
    }

    private void value(@Nullable Object value, int depth) {
        if (value instanceof Map<?, ?> map) {
            block('{', '}', map.entrySet().iterator(), depth);
        } else if (value instanceof List<?> list) {
            block('[', ']', list.iterator(), depth);
        } else if (value == null || value instanceof Boolean || isFinite(value)) {
            out.append(value);
        } else if (value instanceof String text) {
            text(text);
        } else {
            throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }

    private static boolean isFinite(Object value) {
        return value instanceof Number number && Double.isFinite(number.doubleValue());
    }

    private void block(char open, char close, Iterator<?> items, int depth) {
        out.append(open);
        boolean empty = !items.hasNext();
        while (items.hasNext()) {
            indent(depth + 1);
            item(items.next(), depth + 1);
            if (items.hasNext()) {
                out.append(',');
            }
        }
        if (!empty) {
            indent(depth);
        }
        out.append(close);
    }

    private void item(@Nullable Object item, int depth) {
        if (item instanceof Map.Entry<?, ?> entry) {
            text(String.valueOf(entry.getKey()));
            out.append(isIndented ? ": " : ":");
            value(entry.getValue(), depth);
        } else {
            value(item, depth);
        }
    }

    private void indent(int depth) {
        if (isIndented) {
            out.append('\n').append("  ".repeat(depth));
        }
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> character(c);
            }
        }
        out.append('"');
    }

    /** Controls and lone surrogates as escapes: the latter have no form in UTF-8. */
    private void character(char c) {
        if (c < ' ' || c == 0x7F || Character.isSurrogate(c)) {
            out.append(String.format("\\u%04x", (int) c));
        } else {
            out.append(c);
        }
    }
}
