package io.millrace.local.plan;

import io.millrace.graph.Graph;
import io.millrace.graph.Problem;
import io.millrace.local.part.PartSpec;
import io.millrace.local.state.Checkpoints;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What will run: the graph with everything that was found and loaded for it. Immutable.
 *
 * @param nodes in the order of the graph
 * @param loaders closed when the dataflow has ended
 * @param files as well
 * @param checkpoints as well
 * @param part what of the graph it is; null for all
 * @param findings warnings and notes
 */
public record Plan(
        Graph graph,
        List<PlannedNode> nodes,
        ClassLoaders loaders,
        NodeFiles files,
        Checkpoints checkpoints,
        @Nullable PartSpec part,
        List<Problem> findings) {

    public Plan {
        nodes = List.copyOf(nodes);
        findings = List.copyOf(findings);
    }

    /** Whether the node runs here. */
    public boolean isHere(String nodeId) {
        return part == null || part.isHere(nodeId);
    }

    /** The number of a node's first incarnation. */
    public int firstIncarnation(String nodeId) {
        return part == null ? 0 : part.incarnations().getOrDefault(nodeId, 0);
    }

    /** See {@code NodeContext.epoch()}. */
    public long epoch() {
        return part == null ? 0 : part.epoch();
    }

    /** Gives back what was taken. Idempotent; blocks on the file system. */
    public void close() {
        loaders.close();
        files.close();
        checkpoints.close();
    }
}
