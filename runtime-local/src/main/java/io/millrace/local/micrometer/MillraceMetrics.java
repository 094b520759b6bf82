package io.millrace.local.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowMetrics.EdgeMetrics;
import io.millrace.runtime.DataflowMetrics.Lost;
import io.millrace.runtime.DataflowMetrics.NodeMetrics;
import io.millrace.runtime.DataflowMetrics.TimerMetrics;
import io.millrace.runtime.RunningDataflow;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToLongFunction;

/**
 * Meters of one running dataflow. Any thread.
 *
 * <pre>
 *   millrace.node.*    tags dataflow, node         received, sent, dropped (messages); received.bytes, sent.bytes; log.lost (records);
 *                                                  running (1 or 0); handling.percentile, handling.max
 *   millrace.edge.*    tags dataflow, node, edge   sent, received (messages); received.bytes; lost (messages; tag reason: dropped, memory, conflated,
 *                                                  discarded); backlog, backlog.max (messages); hop.percentile, hop.max
 *   millrace.timer.*   tags dataflow, node, input  ticks, missed; lateness.percentile, lateness.max
 * </pre>
 *
 * Percentiles are gauges with a tag {@code phi}: 0.5, 0.9, 0.99 and 0.999. The node of an edge is the one that receives. All meters that are read within a tenth of a second
 * show one moment. While they cannot be read, as when a machine of a cluster is away, counters keep their last value and gauges are NaN. They stay
 * when the dataflow has ended, with what it counted, until this is closed.
 *
 * <p>A registry holds one meter for a name and tags, so dataflows of one name need {@linkplain #MillraceMetrics(RunningDataflow, Iterable) tags} that tell them apart.
 */
@SuppressWarnings("exports") // who uses this package requires Micrometer
public final class MillraceMetrics implements MeterBinder, AutoCloseable {
    private static final String MESSAGES = "messages";
    private static final String BYTES = "bytes";

    private static final Map<String, ToLongFunction<Lost>> LOST = Map.of(
            "dropped",
            Lost::dropped,
            "memory",
            Lost::forMemory,
            "conflated",
            Lost::conflated,
            "discarded",
            Lost::discarded);

    private final RunningDataflow running;
    private final Tags tags;
    private final Queue<Binding> bindings = new ConcurrentLinkedQueue<>();

    public MillraceMetrics(RunningDataflow running) {
        this(running, Tags.empty());
    }

    /**
     * Where several dataflows of one name share a registry, or a dataflow runs again before the meters of its last run are gone, give each a tag of the same key and a value of
     * its own, such as {@code Tags.of("run", running.id())} on a cluster.
     *
     * @param tags for every meter, beside those named above
     */
    public MillraceMetrics(RunningDataflow running, Iterable<Tag> tags) {
        this.running = running;
        this.tags = Tags.of(tags).and("dataflow", running.name());
    }

    /**
     * Registers meters for the nodes, edges and timers that the dataflow has now; those that this has registered there before stay.
     *
     * @throws IllegalStateException if the registry has such meters of somebody else, as of a dataflow of the same name: it holds one meter for a name and tags. Nothing is
     *     registered then
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        Snapshot snapshot = new Snapshot(running, registry.config().clock());
        DataflowMetrics now = running.metrics();
        Binding binding = new Binding(registry, bindings);
        try {
            now.nodes().forEach(node -> bindNode(binding, snapshot, node.id()));
            now.edges().forEach(edge -> bindEdge(binding, snapshot, edge));
            now.timers().forEach(timer -> bindTimer(binding, snapshot, timer));
        } catch (RuntimeException e) {
            binding.remove();
            throw e;
        }
        bindings.add(binding);
    }

    private void bindNode(Binding binding, Snapshot snapshot, String id) {
        new MeterGroup<>(binding, "millrace.node.", tags.and("node", id), snapshot, metrics -> metrics.node(id))
                .counter("received", MESSAGES, "Messages that the node took", NodeMetrics::received)
                .counter("received.bytes", BYTES, "Bytes of their payloads", NodeMetrics::receivedBytes)
                .counter("sent", MESSAGES, "Messages that the node sent, each counted once", NodeMetrics::sent)
                .counter("sent.bytes", BYTES, "Bytes of their payloads", NodeMetrics::sentBytes)
                .counter("dropped", MESSAGES, "Messages to the node that gave way to newer ones", NodeMetrics::dropped)
                .counter("log.lost", "records", "Log records without room", NodeMetrics::lostLogRecords)
                .gauge(
                        "running",
                        "nodes",
                        "1 until the node has ended",
                        node -> node.state().isFinal() ? 0 : 1)
                .times("handling", "How long a message took", NodeMetrics::handling);
    }

    private void bindEdge(Binding binding, Snapshot snapshot, EdgeMetrics bound) {
        String name = bound.name();
        Tags own = tags.and("node", bound.node(), "edge", name);
        MeterGroup<EdgeMetrics> group =
                new MeterGroup<>(binding, "millrace.edge.", own, snapshot, metrics -> metrics.edge(name));
        LOST.forEach((reason, count) -> group.counter(
                "lost",
                MESSAGES,
                "Messages that did not arrive",
                Tags.of("reason", reason),
                edge -> count.applyAsLong(edge.lost())));
        group.counter("sent", MESSAGES, "Messages put on the edge", EdgeMetrics::sent)
                .counter("received", MESSAGES, "Messages taken from the edge", EdgeMetrics::received)
                .counter("received.bytes", BYTES, "Bytes of their payloads", EdgeMetrics::receivedBytes)
                .gauge("backlog", MESSAGES, "Messages that wait", EdgeMetrics::backlog)
                .gauge("backlog.max", MESSAGES, "The most that were seen to wait", EdgeMetrics::highWater)
                .times("hop", "From the end of a send until its message was taken", EdgeMetrics::hop);
    }

    private void bindTimer(Binding binding, Snapshot snapshot, TimerMetrics bound) {
        String input = bound.input();
        Tags own = tags.and("node", bound.node(), "input", input);
        new MeterGroup<>(binding, "millrace.timer.", own, snapshot, metrics -> metrics.timer(input))
                .counter("ticks", "ticks", "Ticks that the node took", TimerMetrics::ticks)
                .counter("missed", "ticks", "Ticks left out, for the node came too late", TimerMetrics::missed)
                .times("lateness", "From when a tick was due until it was taken", TimerMetrics::lateness);
    }

    /** Takes the meters out of every registry that they were bound to, and no others. Idempotent. */
    @Override
    public void close() {
        for (Binding binding = bindings.poll(); binding != null; binding = bindings.poll()) {
            binding.remove();
        }
    }
}
