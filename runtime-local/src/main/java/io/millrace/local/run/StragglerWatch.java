package io.millrace.local.run;

import io.millrace.local.program.Stragglers;
import io.millrace.local.wiring.Wiring;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Ends programs that keep a dataflow from its end: see {@link Stragglers}. The coordinator's thread. */
final class StragglerWatch {
    private final Wiring wiring;
    private final NodeLives nodes;
    private @Nullable Stragglers stragglers; // made when a program may be one

    StragglerWatch(Wiring wiring, NodeLives nodes) {
        this.wiring = wiring;
        this.nodes = nodes;
    }

    void look(long nowNs) {
        if (!wiring.isAnyProgramIdle()) {
            return;
        }
        Stragglers known = stragglers;
        if (known == null) {
            known = Stragglers.of(wiring.graph(), wiring.options());
            stragglers = known;
        }
        Set<String> running =
                nodes.running().stream().map(NodeLife::nodeId).collect(Collectors.toCollection(TreeSet::new));
        long silentForNs = known.graceNs();
        long graceNs = Shutdown.graceNs(wiring.options().closeGrace());
        for (String node : wiring.findStragglers(known, nowNs, running)) {
            nodes.of(node).agent().orders().postEndStraggler(silentForNs, graceNs);
        }
    }

    /** Whether a node is being ended, and so does not run again. */
    boolean isFound(String node) {
        return stragglers != null && stragglers.isFound(node);
    }
}
