package io.millrace.local.run;

import io.millrace.local.agent.HandlingTimes;
import io.millrace.local.agent.NodeAgent;
import io.millrace.node.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds callbacks that last long, by looking again and again whether nodes are still at the same one: the nodes themselves do not read the clock for it. Used by the
 * coordinator's thread only.
 */
final class SlowWatch {

    /** Told once of a callback. */
    interface Listener {
        void onSlow(NodeAgent agent, long lastedNs);
    }

    private final List<Watched> watched = new ArrayList<>();
    private final Clock clock;
    private final long thresholdNs;
    private final Listener listener;

    /** What was seen of a node last. */
    private static final class Watched {
        private final Supplier<NodeAgent> current;
        private @Nullable NodeAgent agent;
        private long step;
        private long sinceNs;
        private boolean isTold;

        Watched(Supplier<NodeAgent> current) {
            this.current = current;
        }
    }

    /** @param agents those that count at the time of a look */
    SlowWatch(List<Supplier<NodeAgent>> agents, Clock clock, long thresholdNs, Listener listener) {
        for (Supplier<NodeAgent> agent : agents) {
            watched.add(new Watched(agent));
        }
        this.clock = clock;
        this.thresholdNs = thresholdNs;
        this.listener = listener;
    }

    /** How long from one look to the next: a callback is found before it has lasted twice the threshold. */
    long intervalNs() {
        return Math.max(1, thresholdNs / 2);
    }

    void look() {
        long nowNs = clock.nanoTime();
        for (Watched node : watched) {
            look(node, nowNs);
        }
    }

    private void look(Watched node, long nowNs) {
        NodeAgent agent = node.current.get();
        HandlingTimes handling = agent.handling();
        long step = handling.steps();
        if (step != node.step || agent != node.agent) {
            node.agent = agent;
            node.step = step;
            node.sinceNs = nowNs;
            node.isTold = false;
            return;
        }
        boolean isWithin = (step & 1) != 0;
        if (isWithin && !node.isTold && nowNs - node.sinceNs >= thresholdNs) {
            node.isTold = true;
            handling.mark(step, node.sinceNs);
            listener.onSlow(agent, nowNs - node.sinceNs);
        }
    }
}
