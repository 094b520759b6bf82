package io.millrace.local.dora;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as JSON on one line, in plain ASCII: an environment variable is spelt in whatever characters the system has. For YAML, of which JSON is nearly a part, it
 * differs in two things: a value may have a tag, and what lies beyond 16 bits is escaped as YAML does it.
 */
final class JsonText {
    private final boolean isYaml;
    private final StringBuilder text = new StringBuilder(512);

    /** A value that YAML marks with its type. */
    record Tagged(String tag, Object value) {}

    private JsonText(boolean isYaml) {
        this.isYaml = isYaml;
    }

    static String json(@Nullable Object value) {
        return new JsonText(false).write(value).text.toString();
    }

    static String yaml(@Nullable Object value) {
        return new JsonText(true).write(value).text.toString();
    }

    private JsonText write(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            map(map);
        } else if (value instanceof List<?> list) {
            list(list);
        } else if (value instanceof Tagged tagged) {
            tagged(tagged);
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            text.append(isYaml ? notFinite(number) : "null");
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            text.append(value);
        } else {
            quote(value.toString());
        }
        return this;
    }

    private static String notFinite(double number) {
        return Double.isNaN(number) ? ".nan" : number > 0 ? ".inf" : "-.inf";
    }

    private void map(Map<?, ?> map) {
        text.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<?, ?> entry = entries.next();
            quote(String.valueOf(entry.getKey()));
            text.append(": ");
            write(entry.getValue());
            text.append(entries.hasNext() ? ", " : "");
        }
        text.append('}');
    }

    private void list(List<?> list) {
        text.append('[');
        for (int i = 0; i < list.size(); i++) {
            text.append(i > 0 ? ", " : "");
            write(list.get(i));
        }
        text.append(']');
    }

    private void tagged(Tagged tagged) {
        if (isYaml) {
            text.append('!').append(tagged.tag()).append(' ');
            write(tagged.value());
        } else {
            write(Map.of(tagged.tag(), tagged.value()));
        }
    }

    private void quote(String value) {
        text.append('"');
        value.codePoints().forEach(this::escape);
        text.append('"');
    }

    private void escape(int point) {
        switch (point) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (point >= ' ' && point < 0x7F) {
                    text.append((char) point);
                } else if (Character.isBmpCodePoint(point)) {
                    unit(isSurrogate(point) ? 0xFFFD : point);
                } else if (isYaml) {
                    text.append(String.format("\\U%08x", point));
                } else {
                    unit(Character.highSurrogate(point));
                    unit(Character.lowSurrogate(point));
                }
            }
        }
    }

    /** Half of a character, which no encoding of Unicode can hold. */
    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }

    private void unit(int unit) {
        text.append(String.format("\\u%04x", unit));
    }
}
