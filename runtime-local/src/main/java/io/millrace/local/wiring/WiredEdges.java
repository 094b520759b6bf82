package io.millrace.local.wiring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The edges of a dataflow, and its timers. Filled before the start; then any thread. */
public final class WiredEdges {
    private final List<WiredEdge> edges = new ArrayList<>();
    private final List<WiredTimer> timers = new ArrayList<>();

    void add(WiredEdge edge) {
        edges.add(edge);
    }

    void add(WiredTimer timer) {
        timers.add(timer);
    }

    public List<WiredEdge> all() {
        return Collections.unmodifiableList(edges);
    }

    List<WiredTimer> timers() {
        return Collections.unmodifiableList(timers);
    }

    /** Those that a node reads, whoever feeds them. */
    List<WiredEdge> into(String nodeId) {
        return edges.stream().filter(edge -> edge.node().equals(nodeId)).toList();
    }

    /** Those of {@link #into} that a ring carries whose writer is here, too. */
    List<WiredEdge> ringsInto(String nodeId) {
        return into(nodeId).stream().filter(WiredEdges::isWholeRing).toList();
    }

    /** Those that a ring carries from a node to another one here. */
    List<WiredEdge> ringsOutOf(String nodeId) {
        return edges.stream()
                .filter(edge -> isWholeRing(edge)
                        && edge.source().node().equals(nodeId)
                        && !edge.node().equals(nodeId))
                .toList();
    }

    /** Those that a ring carries from a node to any here. */
    List<WiredEdge> ringsFrom(String nodeId) {
        return edges.stream()
                .filter(edge -> isWholeRing(edge) && edge.source().node().equals(nodeId))
                .toList();
    }

    private static boolean isWholeRing(WiredEdge edge) {
        return edge.ring() != null && edge.isWhole();
    }

    /** Messages that wait at a node's inputs. */
    public long backlogOf(String nodeId) {
        return into(nodeId).stream().mapToLong(WiredEdge::backlog).sum();
    }

    /** How many there are of each form. */
    Map<String, Integer> forms() {
        Map<String, Integer> forms = new TreeMap<>();
        for (WiredEdge edge : edges) {
            forms.merge(edge.form(), 1, Integer::sum);
        }
        return forms;
    }
}
