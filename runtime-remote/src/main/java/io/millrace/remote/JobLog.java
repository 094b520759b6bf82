package io.millrace.remote;

import io.millrace.remote.client.LogReading;
import io.millrace.remote.wire.Question;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.event.Level;

/**
 * What the nodes of a job log, from all executors: nodes' {@code context.logger()}, what programs print, and what becomes of a node that fails. Made by {@link Cluster#log}. One
 * thread at a time.
 *
 * <p>Each executor holds the last of it, about 256 KiB a node or operator: while the job is under way, and after its end until other jobs have ended there that
 * logged 32 MiB, or had 256 parts, or the executor itself has ended. Lines below {@code INFO} are held of nodes with a {@code min_log_level} that asks for them.
 */
public final class JobLog {
    private final LogReading reading;
    private final Supplier<LogReading.News> asking;

    JobLog(LogReading reading, Supplier<LogReading.News> asking) {
        this.reading = reading;
        this.asking = asking;
    }

    /**
     * One thing that was logged.
     *
     * @param time by the clock of its machine
     * @param node the node's id, with the operator's where it was one
     * @param text of several lines where something was thrown; as the node wrote it, so not safe to print as it is
     */
    public record Line(Instant time, String machineId, String node, Level level, String text) {
        private static Line of(LogReading.Told told) {
            Question.Line line = told.line();
            Instant time = Instant.ofEpochSecond(
                    Math.floorDiv(line.timeUs(), 1_000_000L), Math.floorMod(line.timeUs(), 1_000_000L) * 1000);
            return new Line(time, told.machineId(), line.part(), line.level(), line.text());
        }
    }

    /**
     * What has come since the last call.
     *
     * @param lines in the order of their times
     * @param lost of nodes and operators of which older lines, or lines in between, are not held any more: how many, of all levels
     * @param silent machines that did not answer, with the reason
     */
    public record News(List<Line> lines, Map<String, Long> lost, Map<String, String> silent) {
        public News {
            lines = List.copyOf(lines);
            lost = Collections.unmodifiableMap(new TreeMap<>(lost));
            silent = Map.copyOf(silent);
        }
    }

    /**
     * Asks the executors for what was not told yet; the first call tells all that they hold. Blocks for their answers. Call it again after some 100 ms to follow the job.
     *
     * @throws ClusterException if there is no such job or node, or no master leads
     */
    public News next() {
        LogReading.News news = asking.get();
        List<Line> lines = new ArrayList<>(news.lines().size());
        news.lines().forEach(told -> lines.add(Line.of(told)));
        return new News(lines, news.lost(), news.silent());
    }

    /** Whether the job had ended when {@link #next} asked last, so that nothing more comes. */
    public boolean isOver() {
        return reading.isOver();
    }
}
