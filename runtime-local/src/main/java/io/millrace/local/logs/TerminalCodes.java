package io.millrace.local.logs;

/**
 * What programs print to colour a terminal, move in it, or name its window: ECMA-48's escape sequences, which mean nothing in a log. Never fails, whatever it is given.
 *
 * <pre>
 *   ESC [ parameters 0x30..0x3f, 0x20..0x2f, final 0x40..0x7e     colours and the like
 *   ESC ] or P X ^ _   text   BEL or ESC \                        names and the like
 *   ESC 0x20..0x2f ... 0x30..0x7e                                 all else
 * </pre>
 */
final class TerminalCodes {
    private static final char ESCAPE = 0x1b;
    private static final char BELL = 0x07;
    private static final String TEXTS = "]PX^_";

    private TerminalCodes() {}

    /** The text without them. One that is not ended goes on to the text's end. */
    static String strip(String text) {
        int escape = text.indexOf(ESCAPE);
        if (escape < 0) {
            return text;
        }
        StringBuilder rest = new StringBuilder(text.length());
        int at = 0;
        while (escape >= 0) {
            rest.append(text, at, escape);
            at = end(text, escape + 1);
            escape = text.indexOf(ESCAPE, at);
        }
        return rest.append(text, at, text.length()).toString();
    }

    /** Where the sequence ends whose second character is at {@code at}. */
    private static int end(String text, int at) {
        if (at >= text.length()) {
            return at;
        }
        char kind = text.charAt(at);
        if (kind == '[') {
            int last = skip(text, skip(text, at + 1, '0', '?'), ' ', '/');
            return skipOne(text, last, '@', '~');
        }
        if (TEXTS.indexOf(kind) >= 0) {
            return endOfText(text, at + 1);
        }
        return skipOne(text, skip(text, at, ' ', '/'), '0', '~');
    }

    private static int endOfText(String text, int from) {
        for (int at = from; at < text.length(); at++) {
            if (text.charAt(at) == BELL) {
                return at + 1;
            }
            if (text.charAt(at) == ESCAPE) {
                return at + 1 < text.length() && text.charAt(at + 1) == '\\' ? at + 2 : at;
            }
        }
        return text.length();
    }

    private static int skip(String text, int from, char lowest, char highest) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= lowest && text.charAt(at) <= highest) {
            at++;
        }
        return at;
    }

    private static int skipOne(String text, int at, char lowest, char highest) {
        return at < text.length() && text.charAt(at) >= lowest && text.charAt(at) <= highest ? at + 1 : at;
    }
}
