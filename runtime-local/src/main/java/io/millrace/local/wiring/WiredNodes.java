package io.millrace.local.wiring;

import io.millrace.local.agent.NodeAgent;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The nodes of a dataflow, each with the incarnation of it that counts. Filled before the start; then any thread. */
public final class WiredNodes {
    private final Map<String, Incarnations> nodes = new LinkedHashMap<>();

    void add(Incarnations node) {
        nodes.put(node.nodeId(), node);
    }

    /** In the order of the graph. */
    public Collection<Incarnations> all() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    /** @throws NullPointerException if there is no such node */
    public Incarnations of(String nodeId) {
        return Objects.requireNonNull(nodes.get(nodeId), () -> "the graph was checked, but has no node " + nodeId);
    }

    /** Those that count now. */
    public List<NodeAgent> agents() {
        return nodes.values().stream().map(Incarnations::agent).toList();
    }

    /** Whether somebody starts it by hand. */
    public boolean isDynamic(String nodeId) {
        return of(nodeId).node().isDynamic();
    }
}
