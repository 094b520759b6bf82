package io.millrace.remote.cli.diagram;

/** Writes SVG and HTML elements. Whatever comes in as text or as an attribute's value goes out escaped. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    /** @param attributes names and values in turn; a value that is a number is written as one */
    Svg open(String element, Object... attributes) {
        return tag(element, attributes, ">");
    }

    Svg close(String element) {
        out.append("</").append(element).append(">\n");
        return this;
    }

    /** An element without content. */
    Svg leaf(String element, Object... attributes) {
        return tag(element, attributes, "/>\n");
    }

    /** An element that holds text alone. */
    Svg text(String text, String element, Object... attributes) {
        tag(element, attributes, ">");
        out.append(escape(text));
        return close(element);
    }

    /** As it is: for text of our own only. */
    Svg raw(String text) {
        out.append(text);
        return this;
    }

    /** What is shown when the pointer rests on the element that is open. */
    Svg tooltip(String text) {
        return text(text, "title");
    }

    private Svg tag(String element, Object[] attributes, String end) {
        out.append('<').append(element);
        for (int i = 0; i + 1 < attributes.length; i += 2) {
            Object value = attributes[i + 1];
            String text = value instanceof Double number ? number(number) : escape(value.toString());
            out.append(' ').append(attributes[i]).append("=\"").append(text).append('"');
        }
        out.append(end);
        return this;
    }

    /** At most one decimal: a tenth of a pixel is finer than anyone sees. */
    static String number(double value) {
        long tenths = Math.round(value * 10);
        String whole = (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10;
        return tenths % 10 == 0 ? whole : whole + "." + Math.abs(tenths) % 10;
    }

    /** As text or as a quoted attribute's value. Characters that XML does not know become U+FFFD. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isPrintable(point) ? point : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean isPrintable(int point) {
        if (point < ' ') {
            return point == '\n' || point == '\t';
        }
        boolean surrogate = point >= 0xD800 && point <= 0xDFFF;
        boolean control = point >= 0x7F && point < 0xA0;
        return !surrogate && !control && point != 0xFFFE && point != 0xFFFF;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
