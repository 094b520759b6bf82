package io.millrace.remote.wire;

import java.util.List;
import java.util.Map;

/**
 * A part with what its executor is to do with it.
 *
 * @param epoch of this assignment; a part under an older one is nobody's business any more
 * @param nodes ids, in the order of the graph
 * @param isPinned whether its nodes name this machine, and so run on when the executor's lease ends
 * @param incarnations with which nodes begin, where that is not 0
 * @param stopGraceMs for {@link PartPhase#STOP} and {@link PartPhase#MOVE}
 */
public record PartAssignment(
        PartId id,
        long epoch,
        List<String> nodes,
        boolean isPinned,
        Map<String, Integer> incarnations,
        PartPhase phase,
        long stopGraceMs) {
    public PartAssignment {
        nodes = List.copyOf(nodes);
        incarnations = Map.copyOf(incarnations);
    }
}
