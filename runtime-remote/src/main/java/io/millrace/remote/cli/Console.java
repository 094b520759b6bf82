package io.millrace.remote.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command prints: results on {@code out}, all else on {@code err}, both in UTF-8.
 *
 * @param outIsTerminal whether people see {@code out} as it is written
 * @param errIsTerminal whether people see {@code err} as it is written
 * @param columns of the terminal
 * @param rows of the terminal
 */
record Console(PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal, int columns, int rows) {
    /** Set by the launcher to the numbers of the streams that are terminals, since Java cannot tell them apart: {@code 12}, {@code 2}. */
    static final String TERMINALS_PROPERTY = "millrace.terminals";
    /** Set by the launcher to the terminal's width. */
    static final String COLUMNS_PROPERTY = "millrace.columns";

    /** Set by the launcher to the terminal's height. */
    static final String ROWS_PROPERTY = "millrace.rows";

    /** Set by the launcher to its own path. */
    static final String LAUNCHER_PROPERTY = "millrace.launcher";

    private static final int USUAL_COLUMNS = 80;
    private static final int USUAL_ROWS = 24;

    /** Of the usual height. */
    Console(PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal, int columns) {
        this(out, err, outIsTerminal, errIsTerminal, columns, USUAL_ROWS);
    }

    /** The process's own streams. */
    static Console ofProcess() {
        String terminals = System.getProperty(TERMINALS_PROPERTY, "");
        return new Console(
                utf8(System.out),
                utf8(System.err),
                terminals.contains("1"),
                terminals.contains("2"),
                Math.max(USUAL_COLUMNS / 2, Integer.getInteger(COLUMNS_PROPERTY, USUAL_COLUMNS)),
                Math.max(USUAL_ROWS / 2, Integer.getInteger(ROWS_PROPERTY, USUAL_ROWS)));
    }

    /** Whether {@code out} may have colours: people look at it, and do not ask for none as is the custom. */
    boolean outIsColoured() {
        return outIsTerminal && System.getenv("NO_COLOR") == null;
    }

    /** As {@link #outIsColoured()}, for {@code err}. */
    boolean errIsColoured() {
        return errIsTerminal && System.getenv("NO_COLOR") == null;
    }

    /** A stream that encodes by itself and hands on the bytes: the process's own encodes by the locale, which may be none. */
    static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }
}
