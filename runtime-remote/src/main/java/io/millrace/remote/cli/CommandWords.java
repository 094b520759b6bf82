package io.millrace.remote.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as a POSIX shell does, and does nothing else that a shell does: between single quotes everything stands for itself, between double quotes a
 * backslash takes the meaning from {@code " \ $ `}, elsewhere from whatever follows it.
 */
final class CommandWords {
    private static final String ESCAPED_IN_DOUBLE_QUOTES = "\"\\$`";

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean isWord;
    private int at;

    private CommandWords(String line) {
        this.line = line;
    }

    /** @throws IllegalArgumentException if a quote is not closed, or a backslash has nothing behind it */
    static List<String> split(String line) {
        return new CommandWords(line).split();
    }

    private List<String> split() {
        while (at < line.length()) {
            char c = line.charAt(at++);
            switch (c) {
                case ' ', '\t', '\r', '\n' -> endWord();
                case '\'' -> singleQuoted();
                case '"' -> doubleQuoted();
                case '\\' -> add(next("a backslash has nothing behind it"));
                default -> add(c);
            }
        }
        endWord();
        return words;
    }

    private void singleQuoted() {
        isWord = true; // perhaps an empty one
        int opened = at;
        for (char c = next(unclosed(opened)); c != '\''; c = next(unclosed(opened))) {
            add(c);
        }
    }

    private void doubleQuoted() {
        isWord = true;
        int opened = at;
        for (char c = next(unclosed(opened)); c != '"'; c = next(unclosed(opened))) {
            boolean isEscape =
                    c == '\\' && at < line.length() && ESCAPED_IN_DOUBLE_QUOTES.indexOf(line.charAt(at)) >= 0;
            add(isEscape ? line.charAt(at++) : c);
        }
    }

    private static String unclosed(int column) {
        return "the quote at its character " + column + " is not closed";
    }

    private char next(String otherwise) {
        if (at == line.length()) {
            throw new IllegalArgumentException(otherwise);
        }
        return line.charAt(at++);
    }

    private void add(char c) {
        isWord = true;
        word.append(c);
    }

    private void endWord() {
        if (isWord) {
            words.add(word.toString());
        }
        word.setLength(0);
        isWord = false;
    }
}
