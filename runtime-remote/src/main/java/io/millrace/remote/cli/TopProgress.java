package io.millrace.remote.cli;

import io.millrace.graph.Graph;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowStatus;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The whole screen: tables of nodes and edges, redrawn in place, and below them the last lines that nodes printed. The terminal's own screen comes back when it is closed,
 * followed by the lines that were printed meanwhile. Any thread.
 */
final class TopProgress implements Progress {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String END_OF_LINE = "\u001b[K\r\n";
    private static final String END_OF_SCREEN = "\u001b[K\u001b[J";
    private static final Duration REDRAW_INTERVAL = Duration.ofMillis(500);

    /** Printed lines that are kept until the end; of what is more the oldest go. */
    static final int MAX_KEPT = 1000;

    /** A line without end is one of these. */
    private static final int MAX_LINE_BYTES = 16 * 1024;

    private final PrintStream terminal;
    private final int columns;
    private final int rows;
    private final PrintStream replacedOut = System.out;
    private final PrintStream replacedErr = System.err;
    private final TopTable table = new TopTable();
    private final Deque<String> printed = new ArrayDeque<>();
    private final List<PrintedLines> streams = new ArrayList<>();
    private long forgotten;
    private boolean isShown;
    private boolean isClosed;
    private @Nullable Duration drawnAt;

    private TopProgress(Console console) {
        this.terminal = console.err();
        this.columns = console.columns();
        this.rows = console.rows();
    }

    static TopProgress on(Console console) {
        TopProgress top = new TopProgress(console);
        System.setErr(top.stream());
        if (console.outIsTerminal()) {
            System.setOut(top.stream());
        }
        return top;
    }

    private PrintStream stream() {
        PrintedLines lines = new PrintedLines();
        streams.add(lines);
        return new PrintStream(lines, true, StandardCharsets.UTF_8);
    }

    @Override
    public void onStart(Graph graph) {}

    @Override
    public void onEvent(DataflowEvent event) {
        PlainProgress.describe(event).ifPresent(this::say);
    }

    @Override
    public void onStatus(DataflowStatus status, Duration elapsed) {}

    /** Who is asked may take long, and what comes meanwhile is printed: so nobody waits for the answer but the caller. */
    @Override
    public void onMetrics(Supplier<DataflowMetrics> metrics, Duration elapsed) {
        if (isDue(elapsed)) {
            draw(metrics.get(), elapsed);
        }
    }

    private synchronized boolean isDue(Duration elapsed) {
        boolean isDue = !isClosed && (drawnAt == null || elapsed.minus(drawnAt).compareTo(REDRAW_INTERVAL) >= 0);
        if (isDue) {
            drawnAt = elapsed;
        }
        return isDue;
    }

    private synchronized void draw(DataflowMetrics metrics, Duration elapsed) {
        if (isClosed) {
            return;
        }
        List<String> lines = new ArrayList<>(table.lines(metrics, elapsed, columns, rows));
        addPrinted(lines);
        terminal.print((isShown ? "" : ENTER) + HOME + String.join(END_OF_LINE, lines) + END_OF_SCREEN);
        terminal.flush();
        isShown = true;
    }

    /** As many of the last ones as there is room for. */
    private void addPrinted(List<String> lines) {
        int room = rows - lines.size() - 1;
        if (room <= 0 || printed.isEmpty()) {
            return;
        }
        lines.add("");
        printed.stream().skip(Math.max(0, printed.size() - room)).forEach(line -> {
            String safe = Printable.line(line);
            int end = Math.min(columns, safe.codePointCount(0, safe.length()));
            lines.add(safe.substring(0, safe.offsetByCodePoints(0, end)));
        });
    }

    @Override
    public void say(String line) {
        print("millrace: " + Printable.line(line));
    }

    private synchronized void print(String line) {
        if (isClosed) {
            replacedErr.println(line);
            return;
        }
        printed.add(line);
        if (printed.size() > MAX_KEPT) {
            printed.remove();
            forgotten++;
        }
    }

    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        System.setOut(replacedOut);
        System.setErr(replacedErr);
        streams.forEach(PrintedLines::end);
        isClosed = true;
        if (isShown) {
            terminal.print(LEAVE);
        }
        if (forgotten > 0) {
            terminal.println("... " + Units.counted(forgotten, "line"));
        }
        printed.forEach(terminal::println);
        terminal.flush();
    }

    /** In place of a stream of the process: puts bytes together to lines. */
    private final class PrintedLines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int value) {
            synchronized (TopProgress.this) {
                if (value == '\n' || line.size() == MAX_LINE_BYTES) {
                    end();
                }
                if (value != '\n' && value != '\r') {
                    line.write(value);
                }
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            synchronized (TopProgress.this) {
                for (int i = 0; i < length; i++) {
                    write(bytes[offset + i]);
                }
            }
        }

        /** What was printed last need not have ended with a line feed. */
        void end() {
            if (line.size() > 0) {
                print(line.toString(StandardCharsets.UTF_8));
                line.reset();
            }
        }
    }
}
