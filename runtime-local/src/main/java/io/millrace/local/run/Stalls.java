package io.millrace.local.run;

import io.millrace.runtime.Stall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds out which nodes hold others up. Any thread. */
final class Stalls {
    private Stalls() {}

    static List<Stall> of(Wiring wiring, Collection<NodeLife> lives) {
        long nowNs = System.nanoTime();
        List<Stall> stalls = new ArrayList<>();
        for (NodeLife life : lives) {
            long heldNs = life.state().isFinal() ? 0 : life.heldNs(nowNs);
            if (heldNs > 0) {
                stalls.add(new Stall(
                        life.nodeId(),
                        heldUpBy(wiring, life),
                        Duration.ofNanos(heldNs),
                        List.of(life.thread().getStackTrace())));
            }
        }
        stalls.sort(Comparator.comparing(Stall::heldFor).reversed());
        return stalls;
    }

    private static List<String> heldUpBy(Wiring wiring, NodeLife life) {
        return wiring.edges().stream()
                .filter(edge -> edge.node().equals(life.nodeId()) && edge.backlog() > 0)
                .map(WiredEdge::name)
                .toList();
    }
}
