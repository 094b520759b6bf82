package io.millrace.local.code;

import java.util.stream.Collectors;

/** What was thrown, in one line. Any thread. */
public final class ThrownText {
    private ThrownText() {}

    public static String of(Throwable t) {
        String type = t.getClass().getName();
        try {
            if (t instanceof ThrownElsewhere) {
                return inOneLine(t.toString());
            }
            String message = t.getMessage();
            return message == null || message.isBlank() ? type : type + ": " + inOneLine(message);
        } catch (RuntimeException e) { // a message that is made by somebody's code
            return type;
        }
    }

    private static String inOneLine(String text) {
        return text.lines().collect(Collectors.joining(" "));
    }
}
