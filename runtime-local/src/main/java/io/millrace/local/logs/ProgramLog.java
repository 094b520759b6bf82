package io.millrace.local.logs;

import io.millrace.local.process.OutputListener;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What a program prints: each line goes to the log of its node, and those of its standard output to the output that {@code send_stdout_as} names. A line that is a log
 * record as dora's libraries print them has its level, and is sent on with its time, place and fields. What colours a terminal is left out of the log, and kept in the output. Any thread; never waits for anybody but the application's logging.
 */
public final class ProgramLog implements OutputListener {
    private static final int LAST_LINES = 3;
    private static final int LAST_LINE_CHARS = 300;

    /** How Python, Java and Rust begin to say what went wrong; where it happened follows, or went before. */
    private static final Pattern FAULT = Pattern.compile(
            "(\\w+\\.)*\\w*(Error|Exception)(: .*)?|(error|Error|ERROR)\\b.*|Exception in .*|.* panicked at .*");

    private static final int FAULT_LINE_CHARS = 2_000;

    private final Logger logger;
    private final @Nullable LogSink stdout;
    private final AtomicLong lost = new AtomicLong();
    private final Deque<String> lastErrors = new ArrayDeque<>(); // guarded by itself
    private String lastFault = ""; // guarded by lastErrors
    private volatile String lastLine = "";

    public ProgramLog(Logger logger, @Nullable LogSink stdout) {
        this.logger = logger;
        this.stdout = stdout;
    }

    @Override
    public void line(Stream stream, String text) {
        if (stream == Stream.STDOUT) {
            onStdout(text);
        } else {
            onStderr(text);
        }
    }

    private void onStdout(String printed) {
        if (stdout != null && offer(stdout, printed) == SendResult.FULL) {
            lost.incrementAndGet();
        }
        String line = TerminalCodes.strip(printed);
        if (!line.isBlank()) {
            lastLine = line;
        }
        log(line);
    }

    private static SendResult offer(LogSink sink, String line) {
        return sink.offer(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), PayloadFormat.UTF8);
    }

    private void onStderr(String printed) {
        String line = TerminalCodes.strip(printed);
        if (!line.isBlank()) {
            synchronized (lastErrors) {
                if (line.length() <= FAULT_LINE_CHARS && FAULT.matcher(line).matches()) {
                    lastFault = line;
                }
                if (lastErrors.size() == LAST_LINES) {
                    lastErrors.removeFirst();
                }
                lastErrors.addLast(line);
            }
        }
        log(line);
    }

    private void log(String line) {
        PrintedRecord printed = PrintedRecord.parse(line);
        if (printed == null) {
            logger.info(line);
            return;
        }
        if (logger instanceof NodeLogger node) {
            node.log(printed);
        } else {
            printed.logTo(logger);
        }
    }

    /** Lines for which a consumer that wants every one had no room. */
    public long lost() {
        return lost.get();
    }

    /** The last that it printed, in one line: of its standard error, or if there is nothing, of its standard output; empty if it printed nothing. */
    public String lastWords() {
        List<String> lines;
        synchronized (lastErrors) {
            lines = new ArrayList<>(lastErrors);
            if (!lastFault.isEmpty() && !lines.contains(lastFault)) {
                lines.add(0, lastFault);
            }
        }
        if (lines.isEmpty()) {
            return cut(lastLine);
        }
        return String.join(" | ", lines.stream().map(ProgramLog::cut).toList());
    }

    private static String cut(String line) {
        String stripped = line.strip();
        return stripped.length() <= LAST_LINE_CHARS ? stripped : stripped.substring(0, LAST_LINE_CHARS) + "...";
    }
}
