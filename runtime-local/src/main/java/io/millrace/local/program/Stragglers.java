package io.millrace.local.program;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.InputSource;
import io.millrace.local.waiting.Times;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds programs that keep from its end a dataflow which is over but for them: all inputs of such a one have closed, and for the grace it has neither taken nor sent anything.
 * None is found while anybody works on: a source, a node with a timer, a Java node with something left to do, a program that still says something. Nodes that only wait
 * for what such programs send do not count as working. Used by the coordinator's thread; knows no clock and no thread.
 */
public final class Stragglers {
    /** As in dora: seconds, or {@code off}. */
    static final String VARIABLE = "DORA_FINISH_DRAIN_GRACE_SECS";

    private static final Logger LOG = LoggerFactory.getLogger(Stragglers.class);
    private static final Duration USUAL_GRACE = Duration.ofMinutes(2);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
    private static final Set<String> OFF = Set.of("off", "disabled");

    private final Graph graph;
    private final long graceNs;
    private final Map<String, Look> looks = new HashMap<>();
    private final Set<String> found = new HashSet<>();

    /**
     * What was seen of a program.
     *
     * @param sinceNs when it was seen so first
     */
    private record Look(long beats, long sinceNs) {}

    /** @param graceNs {@link Long#MAX_VALUE} for never */
    Stragglers(Graph graph, long graceNs) {
        this.graph = graph;
        this.graceNs = graceNs;
    }

    /** With the grace of the options, or else of the environment. */
    public static Stragglers of(Graph graph, StartOptions options) {
        Duration grace = options.finishGrace().orElseGet(() -> grace(System.getenv(VARIABLE)));
        return new Stragglers(graph, Times.nanos(grace));
    }

    /** @param written as in the environment; null for the usual one */
    static Duration grace(@Nullable String written) {
        String text = written == null ? "" : written.strip().toLowerCase(Locale.ROOT);
        if (OFF.contains(text)) {
            return ChronoUnit.FOREVER.getDuration();
        }
        if (SECONDS.matcher(text).matches()) {
            return Duration.ofSeconds(Integer.parseInt(text));
        }
        if (!text.isEmpty()) {
            LOG.warn(
                    "{} is '{}', expected seconds as a whole number, or off: {} s are taken",
                    VARIABLE,
                    written,
                    USUAL_GRACE.toSeconds());
        }
        return USUAL_GRACE;
    }

    public long graceNs() {
        return graceNs;
    }

    /** Whether it was found once: then it is being ended, and does not run again. */
    public boolean isFound(String node) {
        return found.contains(node);
    }

    /**
     * Those that are to be ended now, each once.
     *
     * @param running nodes that have not ended
     * @param byHand those of them that somebody has started by hand, and that nobody waits for
     * @param open application inputs that are not closed, and outputs in other parts that are not
     * @param pulses of programs, as {@link ProgramPulse#look} has it; BUSY for all other nodes
     */
    public List<String> find(
            long nowNs, Set<String> running, Set<String> byHand, Set<String> open, ToLongFunction<String> pulses) {
        if (graceNs == Long.MAX_VALUE) {
            return List.of();
        }
        Set<String> quiet = new LinkedHashSet<>();
        for (String node : running) {
            if (!byHand.contains(node) && isQuiet(node, nowNs, pulses.applyAsLong(node))) {
                quiet.add(node);
            }
        }
        if (quiet.isEmpty() || !isAllElseWaiting(quiet, running, byHand, open)) {
            return List.of();
        }
        List<String> due = new ArrayList<>(quiet);
        due.removeIf(node -> !found.add(node));
        return due;
    }

    private boolean isQuiet(String node, long nowNs, long beats) {
        if (beats == ProgramPulse.BUSY) {
            looks.remove(node);
            return false;
        }
        Look last = looks.get(node);
        if (last == null || last.beats != beats) {
            looks.put(node, new Look(beats, nowNs));
            return graceNs == 0;
        }
        return nowNs - last.sinceNs >= graceNs;
    }

    /** Whether every other node waits, directly or through others, for nothing but what the quiet ones send. */
    private boolean isAllElseWaiting(Set<String> quiet, Set<String> running, Set<String> byHand, Set<String> open) {
        Set<String> idle = new HashSet<>(quiet);
        boolean hasGrown = true;
        while (hasGrown) {
            hasGrown = false;
            for (GraphNode node : graph.nodes()) {
                if (running.contains(node.id()) && !idle.contains(node.id()) && waitsFor(idle, node, running, open)) {
                    hasGrown |= idle.add(node.id());
                }
            }
        }
        return running.stream().allMatch(node -> idle.contains(node) || byHand.contains(node));
    }

    private boolean waitsFor(Set<String> idle, GraphNode node, Set<String> running, Set<String> open) {
        boolean isFed = false;
        for (GraphInput input : node.inputs()) {
            Set<String> feeders = feeders(node.id(), input.source(), running);
            if (isTicking(input.source()) || isOpen(input.source(), open) || !idle.containsAll(feeders)) {
                return false;
            }
            isFed |= !feeders.isEmpty();
        }
        return isFed;
    }

    private boolean isTicking(InputSource source) {
        return source instanceof InputSource.Timer && !graph.settings().exitWhenNodesFinish();
    }

    private static boolean isOpen(InputSource source, Set<String> open) {
        return source instanceof InputSource.Application application && open.contains(application.name())
                || source instanceof InputSource.OutputRef && open.contains(source.toString());
    }

    /** The nodes that run and may send there. Of those that read logs none waits for another. */
    private Set<String> feeders(String reader, InputSource source, Set<String> running) {
        Set<String> feeders = new HashSet<>();
        if (source instanceof InputSource.OutputRef from) {
            feeders.add(from.node());
        } else if (source instanceof InputSource.Logs) {
            graph.nodes().stream()
                    .filter(node -> node.inputs().stream().noneMatch(in -> in.source() instanceof InputSource.Logs))
                    .forEach(node -> feeders.add(node.id()));
        }
        feeders.remove(reader);
        feeders.retainAll(running);
        return feeders;
    }
}
