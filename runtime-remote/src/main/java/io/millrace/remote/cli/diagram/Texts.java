package io.millrace.remote.cli.diagram;

/** Measures and shortens text without a font at hand: by the widths of common system fonts, rather too wide than too narrow. */
final class Texts {
    private static final double MONOSPACE = 0.605;
    private static final double FULL_WIDTH = 1.05;

    private Texts() {}

    static double monospaceWidth(String text, double size) {
        return size
                * text.codePoints()
                        .mapToDouble(p -> isFullWidth(p) ? FULL_WIDTH : MONOSPACE)
                        .sum();
    }

    static double sansWidth(String text, double size) {
        return size * text.codePoints().mapToDouble(Texts::sansWidth).sum();
    }

    private static double sansWidth(int point) {
        if (isFullWidth(point)) {
            return FULL_WIDTH;
        }
        if ("iljtfr.,:;'|!()[]/ I".indexOf(point) >= 0) {
            return 0.36;
        }
        if ("mwMWQO@%".indexOf(point) >= 0) {
            return 0.92;
        }
        return Character.isUpperCase(point) || point > 0x2FF ? 0.72 : 0.61;
    }

    private static boolean isFullWidth(int point) {
        return point >= 0x1100 && (point <= 0x11FF || point >= 0x2E80 && point <= 0xFFEF || point >= 0x1F000);
    }

    /** At most {@code longest} characters, with the middle left out where there are more: both ends of a path or id tell most. */
    static String shorten(String text, int longest) {
        String line = text.replaceAll("\\s+", " ").strip();
        int[] points = line.codePoints().toArray();
        if (points.length <= longest) {
            return line;
        }
        int head = longest / 2;
        int tail = longest - head - 1;
        return new String(points, 0, head) + '\u2026' + new String(points, points.length - tail, tail);
    }
}
