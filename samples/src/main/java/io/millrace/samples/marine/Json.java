package io.millrace.samples.marine;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** A JSON object, written key by key. What JSON has no number for, such as NaN, is null. */
final class Json {
    private final StringBuilder text = new StringBuilder("{");

    Json put(String key, long value) {
        return raw(key, Long.toString(value));
    }

    Json put(String key, boolean value) {
        return raw(key, Boolean.toString(value));
    }

    /** Rounded to so many decimals. */
    Json put(String key, double value, int decimals) {
        return raw(key, number(value, decimals));
    }

    Json put(String key, String value) {
        return raw(key, quoted(value));
    }

    Json putNull(String key) {
        return raw(key, "null");
    }

    /** One column of a series, as an array. */
    Json put(String key, Series series, int column, int decimals) {
        StringBuilder array = new StringBuilder("[");
        for (int row = 0; row < series.size(); row++) {
            array.append(row == 0 ? "" : ",").append(number(series.at(row, column), decimals));
        }
        return raw(key, array.append(']').toString());
    }

    /** A value that is JSON already. */
    Json raw(String key, String json) {
        text.append(text.length() == 1 ? "\n" : ",\n")
                .append("  ")
                .append(quoted(key))
                .append(": ")
                .append(json);
        return this;
    }

    static String number(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return "null";
        }
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
        return rounded.stripTrailingZeros().toPlainString();
    }

    static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // Also '<', so that the text may stand within a script element.
            if (c == '"' || c == '\\' || c < ' ' || c == '<') {
                quoted.append("\\u").append(String.format("%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return text + "\n}\n";
    }
}
