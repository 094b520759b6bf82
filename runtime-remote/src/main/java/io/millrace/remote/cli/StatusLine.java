package io.millrace.remote.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The last line of a terminal, redrawn in place. What others print comes above it, if they print through {@link #above}. Any thread.
 */
final class StatusLine {
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream terminal;
    private final int columns;
    private boolean shown;
    /** Whether what others printed ended with a whole line: only then is there room. */
    private boolean atLineStart = true;

    StatusLine(PrintStream terminal, int columns) {
        this.terminal = terminal;
        this.columns = columns;
    }

    synchronized void show(String text) {
        if (!atLineStart) {
            return;
        }
        int end = text.offsetByCodePoints(0, Math.min(columns - 1, text.codePointCount(0, text.length())));
        terminal.print(ERASE + text.substring(0, end));
        terminal.flush();
        shown = true;
    }

    synchronized void erase() {
        if (shown) {
            terminal.print(ERASE);
            terminal.flush();
            shown = false;
        }
    }

    /** A stream to the same terminal that gives way: to be put in place of the process's own. */
    PrintStream above(PrintStream stream) {
        return new PrintStream(new Above(stream), true, StandardCharsets.UTF_8);
    }

    private final class Above extends OutputStream {
        private final PrintStream stream;

        Above(PrintStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (length == 0) {
                return;
            }
            synchronized (StatusLine.this) {
                erase();
                stream.write(bytes, offset, length);
                atLineStart = bytes[offset + length - 1] == '\n';
            }
        }

        @Override
        public void flush() throws IOException {
            stream.flush();
        }
    }
}
