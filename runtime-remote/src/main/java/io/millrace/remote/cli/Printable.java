package io.millrace.remote.cli;

/** Makes text from files and nodes safe to print: what it holds cannot steer a terminal. */
final class Printable {
    private Printable() {}

    /** With control characters, but for line feeds and tabs, as visible escapes. */
    static String of(String text) {
        if (text.codePoints().noneMatch(Printable::isUnsafe)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (isUnsafe(point)) {
                safe.append(String.format("\\u%04x", point));
            } else {
                safe.appendCodePoint(point);
            }
        });
        return safe.toString();
    }

    /** In one line. */
    static String line(String text) {
        return of(text.strip().replaceAll("\\s*\\R\\s*", " "));
    }

    private static boolean isUnsafe(int point) {
        boolean directional = point >= 0x202A && point <= 0x202E || point >= 0x2066 && point <= 0x2069;
        return Character.isISOControl(point) && point != '\n' && point != '\t' || directional;
    }
}
