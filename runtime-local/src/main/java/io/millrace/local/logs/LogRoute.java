package io.millrace.local.logs;

import io.millrace.local.part.LogLine;
import io.millrace.node.Clock;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/** Where the log records of one operator, or of a node with its own loop, go as messages. Any thread. */
public final class LogRoute {
    private static final int NOTHING = Integer.MAX_VALUE;

    private final String dataflow;
    private final String part;
    private final String node;
    private final int minLevel;
    private final Clock clock;
    private final @Nullable Consumer<LogLine> keeper; // of what people may want to read
    private final int keptLevel;
    private volatile List<Branch> branches = List.of();
    private final AtomicLong lost = new AtomicLong();
    private boolean expectsReaders; // before the start
    private volatile int lowestWanted = NOTHING;

    /** A sink, and the lowest level that it takes. */
    private record Branch(LogSink sink, int minLevel) {}

    /**
     * @param part the node, or one of its operators
     * @param written the lowest level that is written for it, empty without: what is lower is neither logged nor sent
     * @param keeper is handed lines from that level on, or from INFO on
     */
    LogRoute(
            String dataflow,
            String part,
            String node,
            Optional<String> written,
            Clock clock,
            @Nullable Consumer<LogLine> keeper) {
        this.dataflow = dataflow;
        this.part = part;
        this.node = node;
        this.minLevel = NodeLogs.level(written.orElse(""));
        this.clock = clock;
        this.keeper = keeper;
        this.keptLevel = written.isPresent() ? minLevel : Level.INFO.toInt();
        change(List.of());
    }

    /** Whose records they are. */
    String node() {
        return node;
    }

    /** From now on the sink gets them, too. */
    public synchronized void add(LogSink sink, int lowestLevel) {
        List<Branch> more = new ArrayList<>(branches);
        more.add(new Branch(sink, lowestLevel));
        change(more);
    }

    /** The sink gets nothing more. */
    public synchronized void remove(LogSink sink) {
        List<Branch> rest = new ArrayList<>(branches);
        rest.removeIf(branch -> branch.sink == sink);
        change(rest);
    }

    private void change(List<Branch> to) {
        int lowest = keeper == null ? NOTHING : keptLevel;
        for (Branch branch : to) {
            lowest = Math.min(lowest, branch.minLevel);
        }
        branches = List.copyOf(to);
        lowestWanted = lowest;
    }

    /** From now on it counts as needed, for readers may come. */
    public void expectReaders() {
        expectsReaders = true;
    }

    /** Whether it makes any difference. */
    boolean isNeeded() {
        return minLevel > Level.TRACE.toInt() || !branches.isEmpty() || expectsReaders || keeper != null;
    }

    /** Whether records of this level are kept at all. */
    boolean passes(Level level) {
        return level.toInt() >= minLevel;
    }

    /** Whether records of this level, which pass, go to anyone. */
    boolean isWanted(Level level) {
        return level.toInt() >= lowestWanted;
    }

    /** Sends a record to all who want it. Never waits; what there is no room for is counted. */
    void send(Level level, String target, String message, List<KeyValuePair> pairs, @Nullable Throwable thrown) {
        send(level, LogRecord.Origin.of(target), message, pairs, thrown);
    }

    /**
     * Likewise, one that a program has printed.
     *
     * @param target of one that names none
     */
    void send(PrintedRecord printed, String target) {
        send(printed.level(), printed.origin().orIn(target), printed.message(), printed.pairs(), null);
    }

    private void send(
            Level level,
            LogRecord.Origin origin,
            String message,
            List<KeyValuePair> pairs,
            @Nullable Throwable thrown) {
        LogRecord logged = new LogRecord(
                dataflow,
                node,
                origin,
                level,
                clock.instant(),
                Thread.currentThread().getName(),
                message,
                pairs,
                thrown);
        if (keeper != null && level.toInt() >= keptLevel) {
            keeper.accept(logged.toLine(part));
        }
        ByteBuffer json = null; // made for the first that wants it
        for (Branch branch : branches) {
            if (level.toInt() >= branch.minLevel) {
                json = json == null ? logged.toJson() : json;
                if (branch.sink.offer(json) == SendResult.FULL) {
                    lost.incrementAndGet();
                }
            }
        }
    }

    /** Records for which a consumer that wants every one had no room. */
    long lost() {
        return lost.get();
    }
}
