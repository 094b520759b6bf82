package io.millrace.local.process;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of arguments, split as a POSIX shell splits it, without any of its expansions: blanks separate, {@code '…'} is literal, in
 * {@code "…"} a backslash escapes {@code $ ` " \} and a line end, elsewhere it escapes any character, {@code #} at the beginning of a
 * word begins a comment.
 */
public final class ArgumentLine {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean isInWord; // an empty pair of quotes is a word too
    private int at;

    private ArgumentLine(String line) {
        this.line = line;
    }

    /**
     * Splits a line. Pure.
     *
     * @throws ChildException if a quote is not closed, or nothing follows a backslash
     */
    public static List<String> split(String line) {
        return new ArgumentLine(line).split();
    }

    private List<String> split() {
        while (at < line.length()) {
            char c = line.charAt(at++);
            switch (c) {
                case ' ', '\t', '\n' -> endWord();
                case '\'' -> singleQuoted();
                case '"' -> doubleQuoted();
                case '\\' -> escaped();
                case '#' -> hash();
                default -> append(c);
            }
        }
        endWord();
        return List.copyOf(words);
    }

    private void append(char c) {
        isInWord = true;
        word.append(c);
    }

    private void endWord() {
        if (isInWord) {
            words.add(word.toString());
            word.setLength(0);
            isInWord = false;
        }
    }

    private void hash() {
        if (isInWord) {
            append('#');
        } else {
            int end = line.indexOf('\n', at);
            at = end < 0 ? line.length() : end;
        }
    }

    private void escaped() {
        if (at == line.length()) {
            throw new ChildException("the arguments " + quoted() + " end in a backslash: write two for one");
        }
        char c = line.charAt(at++);
        if (c != '\n') {
            append(c);
        }
    }

    private void singleQuoted() {
        int end = line.indexOf('\'', at);
        if (end < 0) {
            throw notClosed("'", at - 1);
        }
        isInWord = true;
        word.append(line, at, end);
        at = end + 1;
    }

    private void doubleQuoted() {
        int start = at - 1;
        isInWord = true;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return;
            }
            boolean escapes = c == '\\' && at < line.length() && "$`\"\\\n".indexOf(line.charAt(at)) >= 0;
            if (!escapes) {
                word.append(c);
            } else if (line.charAt(at++) != '\n') {
                word.append(line.charAt(at - 1));
            }
        }
        throw notClosed("\"", start);
    }

    private ChildException notClosed(String quote, int start) {
        return new ChildException("the arguments " + quoted() + " have a " + quote + " at character " + (start + 1)
                + " that is not closed: close it, or write \\" + quote + " for the character itself");
    }

    private String quoted() {
        int shown = 80;
        return "'" + (line.length() <= shown ? line : line.substring(0, shown) + "...") + "'";
    }
}
