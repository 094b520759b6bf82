package io.millrace.remote.executor;

import io.millrace.local.part.LogLine;
import io.millrace.remote.wire.Question;
import io.millrace.remote.wire.Shortened;
import io.millrace.runtime.DataflowEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.event.Level;

/** The last that the nodes of one part have logged, so much of each node and operator. Any thread; holds nobody up for longer than it takes to note a line. */
final class PartLog {
    /** Of each node or operator, if the part has few. */
    static final int NODE_BYTES = 256 * 1024;
    /** Of all of a part. */
    static final int PART_BYTES = 16 << 20;
    /** Of one answer, roughly: several may come over one connection. */
    private static final int ANSWER_BYTES = 1 << 20;

    private static final int MAX_NOTE = 4096;
    private static final int LINE_BYTES = 64; // beside its text

    private final int nodeBytes;

    // Guarded by this.
    private final Map<String, Held> nodes = new TreeMap<>();
    private long last;

    /** Lines of one node or operator. */
    private static final class Held {
        private final Deque<Question.Line> lines = new ArrayDeque<>();
        private long bytes;
        private long gone; // lines that are not held any more

        private void add(Question.Line line, int budget) {
            lines.addLast(line);
            bytes += size(line);
            while (bytes > budget && lines.size() > 1) {
                drop(lines.removeFirst());
            }
        }

        private void drop(Question.Line gone) {
            bytes -= size(gone);
            this.gone++;
        }
    }

    /** @param writers how many nodes and operators write into it */
    PartLog(int writers) {
        nodeBytes = Math.min(NODE_BYTES, PART_BYTES / Math.max(1, writers));
    }

    private static int size(Question.Line line) {
        return LINE_BYTES + 2 * line.text().length();
    }

    void add(LogLine line) {
        long timeUs = ChronoUnit.MICROS.between(Instant.EPOCH, line.time());
        synchronized (this) {
            last++;
            nodes.computeIfAbsent(line.part(), part -> new Held())
                    .add(new Question.Line(last, timeUs, line.part(), line.level(), line.text()), nodeBytes);
        }
    }

    /** What becomes of a node stands between what it logs. */
    void note(DataflowEvent event) {
        if (event instanceof DataflowEvent.NodeFailed failed) {
            note(failed.node(), Level.ERROR, "has failed: " + failed.error());
        } else if (event instanceof DataflowEvent.NodeRestarted restarted) {
            note(restarted.node(), Level.WARN, "runs again, incarnation " + restarted.incarnation());
        } else if (event instanceof DataflowEvent.NodeStuck stuck) {
            note(
                    stuck.node(),
                    Level.WARN,
                    "has been busy with one thing for " + stuck.stuckFor().toMillis() + " ms");
        }
    }

    private void note(String node, Level level, String text) {
        add(new LogLine(Instant.now(), node, level, Shortened.text(text, MAX_NOTE)));
    }

    synchronized long bytes() {
        return nodes.values().stream().mapToLong(held -> held.bytes).sum();
    }

    synchronized Question.Answer.Logs answer(Question.Logs question) {
        List<Question.Line> found = new ArrayList<>();
        nodes.forEach((part, held) -> {
            if (isMeant(question.node(), part)) {
                addNewer(held, question, found);
            }
        });
        found.sort(Comparator.comparingLong(Question.Line::number));
        int fitting = fitting(found);
        boolean hasMore = fitting < found.size();
        List<Question.Line> told = found.subList(0, fitting);
        long lookedAt = hasMore ? told.get(fitting - 1).number() : last;
        return new Question.Answer.Logs(told, lookedAt, hasMore, writers(question.node(), lookedAt));
    }

    private List<Question.Answer.Writer> writers(String wanted, long lookedAt) {
        List<Question.Answer.Writer> writers = new ArrayList<>();
        nodes.forEach((part, held) -> {
            if (isMeant(wanted, part)) {
                long known = held.lines.stream()
                        .takeWhile(line -> line.number() <= lookedAt)
                        .count();
                writers.add(new Question.Answer.Writer(part, held.gone, held.gone + known));
            }
        });
        return writers;
    }

    private static void addNewer(Held held, Question.Logs question, List<Question.Line> to) {
        for (Iterator<Question.Line> newest = held.lines.descendingIterator(); newest.hasNext(); ) {
            Question.Line line = newest.next();
            if (line.number() <= question.after()) {
                return;
            }
            if (line.level().toInt() >= question.lowest().toInt()) {
                to.add(line);
            }
        }
    }

    private static int fitting(List<Question.Line> lines) {
        long bytes = 0;
        for (int i = 0; i < lines.size(); i++) {
            bytes += size(lines.get(i));
            if (bytes > ANSWER_BYTES && i > 0) {
                return i;
            }
        }
        return lines.size();
    }

    private static boolean isMeant(String wanted, String part) {
        return wanted.isEmpty() || part.equals(wanted) || part.startsWith(wanted + "/");
    }
}
