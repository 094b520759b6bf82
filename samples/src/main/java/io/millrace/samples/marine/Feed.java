package io.millrace.samples.marine;

import io.millrace.node.Claim;
import io.millrace.node.Event;
import io.millrace.node.InvalidConfigException;
import io.millrace.node.Node;
import io.millrace.node.NodeContext;
import io.millrace.node.Output;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Replays a log: each line of a file becomes a message on {@code line}, without its line end.
 *
 * <ul>
 *   <li>{@code file}: the log, plain or compressed with gzip, against the node's working directory
 *   <li>{@code speed}: 1 replays it in the time it took, 60 a minute each second, 0 (the default) as fast as the others can take it
 *   <li>{@code clock}: the address of the sentence that says the log's time; {@code GPZDA} unless said
 *   <li>{@code max_line_bytes}: what is beyond this in a line is left out; 1024 unless said
 * </ul>
 */
public final class Feed implements Node {
    /** So many lines are sent between two looks at whether the dataflow is being stopped. */
    private static final int LINES_PER_POLL = 64;

    private static final int GZIP_MAGIC = 0x1F8B;

    private final Sentence sentence = new Sentence();
    private String clockAddress;
    private double speed;
    private int maxLineBytes;
    private Path file;
    private @Nullable InputStream input; // null where open has failed before it
    private Pace pace;
    private long lineCount;

    @Override
    public void open(NodeContext context) throws IOException {
        clockAddress = context.config().text("clock", "GPZDA");
        speed = context.config().decimal("speed", 0);
        if (speed != 0 && !(speed >= 0.001 && speed <= 1_000_000)) {
            throw wrong(context, "speed", "0, or 0.001 to 1000000", speed);
        }
        pace = new Pace(speed);
        long limit = context.config().integer("max_line_bytes", 1024);
        if (limit < 82 || limit > 65_536) {
            throw wrong(context, "max_line_bytes", "82, the longest sentence of the standard, to 65536", limit);
        }
        maxLineBytes = (int) limit;
        String name = context.config().text("file");
        file = context.workingDirectory().resolve(name);
        if (!Files.isRegularFile(file)) {
            throw wrong(context, "file", "an existing file", name + "', which is '" + file);
        }
        input = decompressed(Files.newInputStream(file));
    }

    private static InvalidConfigException wrong(NodeContext context, String key, String expected, Object found) {
        return new InvalidConfigException("node '" + context.nodeId() + "': config '" + key + "' must be " + expected
                + ", found '" + found + "'");
    }

    /** By its first bytes, not by its name. */
    private InputStream decompressed(InputStream raw) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(raw);
        try {
            buffered.mark(2);
            int magic = buffered.read() << 8 | buffered.read();
            buffered.reset();
            return magic == GZIP_MAGIC ? new GZIPInputStream(buffered, 64 * 1024) : buffered;
        } catch (ZipException e) {
            raw.close();
            throw new IOException("'" + file + "' begins like a gzip file but is none: " + e.getMessage(), e);
        }
    }

    @Override
    public void run(NodeContext context) throws IOException {
        Output output = context.output("line");
        Lines lines = new Lines(Objects.requireNonNull(input), maxLineBytes);
        try {
            while (lines.next() && !isOver(context, lines) && !output.isClosed()) {
                Claim claim = output.claim(lines.length());
                claim.putBytes(0, lines.bytes(), 0, lines.length());
                claim.commit();
                lineCount++;
            }
        } catch (EOFException | ZipException e) {
            throw new IOException(
                    "'" + file + "' is cut off or damaged behind line " + lineCount + ": " + e.getMessage(), e);
        }
        context.logger().info("sent {} lines of {}", lineCount, file);
    }

    /** Whether the dataflow is being stopped; waits until the log's clock says that the line is due. */
    private boolean isOver(NodeContext context, Lines lines) {
        if (speed == 0) {
            return lineCount % LINES_PER_POLL == 0 && isStop(context.poll());
        }
        if (isStop(context.poll())) {
            return true;
        }
        boolean isTime = sentence.find(lines.bytes(), 0, lines.length()) == Sentence.Finding.INTACT
                && sentence.is(clockAddress)
                && sentence.timeOfDayMillis() >= 0;
        return isTime && isStoppedBefore(context, pace.dueNanoTime(sentence.timeOfDayMillis(), context.clock()));
    }

    private static boolean isStoppedBefore(NodeContext context, long dueNanoTime) {
        long waitNs = dueNanoTime - context.clock().nanoTime();
        while (waitNs > 0) {
            if (isStop(context.next(Duration.ofNanos(waitNs)))) {
                return true;
            }
            waitNs = dueNanoTime - context.clock().nanoTime();
        }
        return false;
    }

    private static boolean isStop(@Nullable Event event) {
        return event != null && event.type() == Event.Type.STOP;
    }

    @Override
    public void close() throws IOException {
        if (input != null) {
            input.close();
        }
    }
}
