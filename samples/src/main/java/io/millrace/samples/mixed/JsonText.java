package io.millrace.samples.mixed;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/** Numbers and texts as JSON. What JSON has no number for, such as NaN, is null. */
final class JsonText {
    private JsonText() {}

    /** To so many digits that count. */
    static String number(double value, int digits) {
        if (!Double.isFinite(value)) {
            return "null";
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(digits, RoundingMode.HALF_UP));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    static String array(int length, int digits, IntToDoubleFunction values) {
        StringBuilder array = new StringBuilder("[");
        for (int i = 0; i < length; i++) {
            array.append(i == 0 ? "" : ",").append(number(values.applyAsDouble(i), digits));
        }
        return array.append(']').toString();
    }

    static String text(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // Also '<', so that the text may stand within a script element.
            boolean isPlain = c >= ' ' && c != '"' && c != '\\' && c != '<';
            quoted.append(isPlain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
        return quoted.append('"').toString();
    }
}
