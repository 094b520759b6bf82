package io.millrace.runtime;

import java.util.List;

/**
 * Counters and times of a dataflow at one moment, each read by itself while the nodes run on. Where {@link StartOptions#metrics()} is off, bytes, high-water marks and
 * times are 0.
 *
 * @param name the dataflow's
 * @param nodes in the order of the dataflow
 * @param edges in the order of the dataflow
 * @param timers the timer inputs, in the order of the dataflow
 */
public record DataflowMetrics(
        String name, List<NodeMetrics> nodes, List<EdgeMetrics> edges, List<TimerMetrics> timers) {

    public DataflowMetrics {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
        timers = List.copyOf(timers);
    }

    /** @throws IllegalArgumentException if there is no such node */
    public NodeMetrics node(String id) {
        return nodes.stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("dataflow '" + name + "' has no node '" + id + "'"));
    }

    /** @throws IllegalArgumentException if there is no such edge */
    public EdgeMetrics edge(String edgeName) {
        return edges.stream()
                .filter(edge -> edge.name().equals(edgeName))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("dataflow '" + name + "' has no edge '" + edgeName + "'"));
    }

    /** @throws IllegalArgumentException if there is no such timer input */
    public TimerMetrics timer(String input) {
        return timers.stream()
                .filter(timer -> timer.input().equals(input))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("dataflow '" + name + "' has no timer at '" + input + "'"));
    }

    /**
     * How times of one kind are spread, in nanoseconds: not more than so many for that part of the samples. Exact to a hundredth, in dataflows of hundreds of nodes to
     * a sixteenth; what took longer than a minute counts as a minute.
     *
     * @param samples how many times were measured: the first thousand and some of the later ones
     */
    public record Times(long samples, long p50Ns, long p90Ns, long p99Ns, long p999Ns, long maxNs) {
        /** Nothing was measured. */
        public static final Times NONE = new Times(0, 0, 0, 0, 0, 0);
    }

    /**
     * What a node did.
     *
     * @param received messages that it took, timer ticks included
     * @param receivedBytes of their payloads
     * @param sent messages that it sent, each counted once however many receive it
     * @param sentBytes of their payloads
     * @param dropped messages on their way to it that were dropped, for memory too, or conflated
     * @param lostLogRecords its log records for which an output or input had no room
     * @param handling how long a message took
     */
    public record NodeMetrics(
            String id,
            NodeState state,
            int incarnation,
            long received,
            long receivedBytes,
            long sent,
            long sentBytes,
            long dropped,
            long lostLogRecords,
            Times handling) {}

    /**
     * What an edge carried.
     *
     * @param name such as {@code camera/frame -> detector/image}
     * @param node the one that receives
     * @param form how messages travel, such as {@code one-to-one ring}
     * @param queueSize messages that may wait; 0 for a direct call
     * @param sent messages that the producer put on it
     * @param received messages that the consumer took from it
     * @param receivedBytes of their payloads
     * @param lost what did not arrive
     * @param backlog messages that wait now
     * @param highWater the most messages that were seen to wait; exact where the queue was full, else from samples
     * @param hop from the end of a send until its message was taken
     */
    public record EdgeMetrics(
            String name,
            String node,
            String form,
            int queueSize,
            long sent,
            long received,
            long receivedBytes,
            Lost lost,
            long backlog,
            long highWater,
            Times hop) {}

    /**
     * Messages that did not arrive, by reason.
     *
     * @param dropped that gave way to newer ones in a full queue
     * @param forMemory that gave way because their memory was needed, for the producer's {@code payload_budget} was used up
     * @param conflated that a newer one replaced where only the latest counts
     * @param discarded that still waited when their consumer ended, or came to a program that was not there
     */
    public record Lost(long dropped, long forMemory, long conflated, long discarded) {
        public long total() {
            return dropped + forMemory + conflated + discarded;
        }
    }

    /**
     * How punctual a timer input was.
     *
     * @param input such as {@code camera/tick}
     * @param node the one that receives
     * @param source as written, such as {@code dora/timer/millis/100}
     * @param ticks that the node took
     * @param missed that were left out, for the node came later than by a whole interval
     * @param lateness from when a tick was due until the node took it
     */
    public record TimerMetrics(
            String input, String node, String source, long intervalNs, long ticks, long missed, Times lateness) {}
}
