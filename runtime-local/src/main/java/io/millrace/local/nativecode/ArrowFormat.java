package io.millrace.local.nativecode;

import java.util.Map;

/**
 * A type of Arrow's as the C data interface writes it, and what arrays of it are made of.
 *
 * @param text such as {@code C}, {@code u} or {@code +w:3}
 * @param size bytes of a value, bytes of an offset, or values of a list of fixed size, by the shape
 */
record ArrowFormat(String text, Shape shape, int size) {
    /** The buffers and children of an array. */
    enum Shape {
        NULL(0),
        BITS(2),
        FIXED(2),
        BYTES(3),
        LIST(2),
        FIXED_LIST(1),
        STRUCT(1);

        private final int buffers;

        Shape(int buffers) {
            this.buffers = buffers;
        }

        int buffers() {
            return buffers;
        }
    }

    private static final int MAX_SIZE = 1 << 20;

    private static final Map<String, ArrowFormat> KNOWN = Map.ofEntries(
            entry("n", Shape.NULL, 0),
            entry("b", Shape.BITS, 0),
            entry("c", Shape.FIXED, 1),
            entry("C", Shape.FIXED, 1),
            entry("s", Shape.FIXED, 2),
            entry("S", Shape.FIXED, 2),
            entry("i", Shape.FIXED, 4),
            entry("I", Shape.FIXED, 4),
            entry("l", Shape.FIXED, 8),
            entry("L", Shape.FIXED, 8),
            entry("e", Shape.FIXED, 2),
            entry("f", Shape.FIXED, 4),
            entry("g", Shape.FIXED, 8),
            entry("tdD", Shape.FIXED, 4),
            entry("tdm", Shape.FIXED, 8),
            entry("tts", Shape.FIXED, 4),
            entry("ttm", Shape.FIXED, 4),
            entry("ttu", Shape.FIXED, 8),
            entry("ttn", Shape.FIXED, 8),
            entry("tDs", Shape.FIXED, 8),
            entry("tDm", Shape.FIXED, 8),
            entry("tDu", Shape.FIXED, 8),
            entry("tDn", Shape.FIXED, 8),
            entry("z", Shape.BYTES, 4),
            entry("u", Shape.BYTES, 4),
            entry("Z", Shape.BYTES, 8),
            entry("U", Shape.BYTES, 8),
            entry("+l", Shape.LIST, 4),
            entry("+L", Shape.LIST, 8),
            entry("+s", Shape.STRUCT, 0));

    static final ArrowFormat UINT8 = parse("C");
    static final ArrowFormat UTF8 = parse("u");
    static final ArrowFormat NULL = parse("n");

    private static Map.Entry<String, ArrowFormat> entry(String text, Shape shape, int size) {
        return Map.entry(text, new ArrowFormat(text, shape, size));
    }

    /** @throws UnsupportedArrayException if it is none of those that go between here and an operator */
    static ArrowFormat parse(String text) {
        ArrowFormat known = KNOWN.get(text);
        if (known != null) {
            return known;
        }
        if (text.startsWith("w:")) {
            return new ArrowFormat(text, Shape.FIXED, number(text, 2));
        }
        if (text.startsWith("+w:")) {
            return new ArrowFormat(text, Shape.FIXED_LIST, number(text, 3));
        }
        if (text.length() > 3
                && text.startsWith("ts")
                && "smun".indexOf(text.charAt(2)) >= 0
                && text.charAt(3) == ':') {
            return new ArrowFormat(text, Shape.FIXED, 8);
        }
        throw UnsupportedArrayException.of("the type '" + text + "' of Arrow's C data interface");
    }

    private static int number(String text, int from) {
        try {
            int number = Integer.parseInt(text.substring(from));
            if (number > 0 && number <= MAX_SIZE) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new UnsupportedArrayException("'" + text + "' is no type of Arrow's C data interface", e);
        }
        throw UnsupportedArrayException.of("'" + text + "', whose size is not within 1 to " + MAX_SIZE);
    }

    boolean isText() {
        return text.equals("u") || text.equals("U");
    }

    int children() {
        return shape == Shape.LIST || shape == Shape.FIXED_LIST ? 1 : 0;
    }
}
