package io.millrace.local.logs;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The texts in a JSON object that stands in one line, by their keys, those of an object within it by both keys with a dot between; and its numbers and the like as they are written.
 * Whatever the line, reading it takes time in proportion to its length.
 */
final class JsonLine {
    private static final int MAX_DEPTH = 32;
    private static final int KEPT_DEPTH = 2;
    private static final int MAX_KEPT_PREFIX = 64;

    private final String line;
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, String> values = new LinkedHashMap<>(); // texts, and what is written without quotes
    private int at;

    private JsonLine(String line) {
        this.line = line;
    }

    /** Null if the line is no JSON object, or is nested too deeply. */
    static @Nullable JsonLine parse(String line) {
        JsonLine json = new JsonLine(line);
        try {
            json.skipSpace();
            json.object("", 1);
            json.skipSpace();
            return json.at == line.length() ? json : null;
        } catch (NotJsonException e) {
            return null;
        }
    }

    /** Empty if there is no text of this key. */
    String text(String key) {
        return texts.getOrDefault(key, "");
    }

    /** Texts and numbers, truths and null as they are written, in order. */
    Map<String, String> values() {
        return values;
    }

    private static final class NotJsonException extends Exception {
        private static final long serialVersionUID = 1L;

        NotJsonException() {
            super("not JSON", null, false, false);
        }
    }

    private void object(String prefix, int depth) throws NotJsonException {
        expect('{');
        skipSpace();
        if (takeIf('}')) {
            return;
        }
        do {
            skipSpace();
            String key = string();
            skipSpace();
            expect(':');
            boolean isKept = depth <= KEPT_DEPTH && prefix.length() <= MAX_KEPT_PREFIX;
            value(isKept ? prefix + key : "", depth);
            skipSpace();
        } while (takeIf(','));
        expect('}');
    }

    private void value(String key, int depth) throws NotJsonException {
        skipSpace();
        switch (peek()) {
            case '"' -> {
                String text = string();
                texts.put(key, text);
                values.put(key, text);
            }
            case '{' -> object(key + ".", deeper(depth));
            case '[' -> array(deeper(depth));
            default -> values.put(key, literal());
        }
    }

    private static int deeper(int depth) throws NotJsonException {
        if (depth >= MAX_DEPTH) {
            throw new NotJsonException();
        }
        return depth + 1;
    }

    private void array(int depth) throws NotJsonException {
        expect('[');
        skipSpace();
        if (takeIf(']')) {
            return;
        }
        do {
            value("", depth);
            skipSpace();
        } while (takeIf(','));
        expect(']');
    }

    private String literal() throws NotJsonException {
        int begin = at;
        while (at < line.length() && isLiteral(line.charAt(at))) {
            at++;
        }
        if (at == begin) {
            throw new NotJsonException();
        }
        return line.substring(begin, at);
    }

    private static boolean isLiteral(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-' || c == '+' || c == '.' || c == 'E';
    }

    private String string() throws NotJsonException {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') {
                return text.toString();
            }
            text.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws NotJsonException {
        char c = next();
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            case '"', '\\', '/' -> c;
            default -> throw new NotJsonException();
        };
    }

    private char unicode() throws NotJsonException {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw new NotJsonException();
            }
            code = code << 4 | digit;
        }
        return (char) code;
    }

    private void skipSpace() {
        while (at < line.length() && " \t\r\n".indexOf(line.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws NotJsonException {
        if (at == line.length()) {
            throw new NotJsonException();
        }
        return line.charAt(at);
    }

    private char next() throws NotJsonException {
        char c = peek();
        at++;
        return c;
    }

    private boolean takeIf(char wanted) {
        if (at < line.length() && line.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char wanted) throws NotJsonException {
        if (!takeIf(wanted)) {
            throw new NotJsonException();
        }
    }
}
