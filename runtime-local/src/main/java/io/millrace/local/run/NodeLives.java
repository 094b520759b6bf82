package io.millrace.local.run;

import io.millrace.local.wiring.Incarnations;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.NodeState;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The lives of a dataflow's nodes, and how many of them have not ended. The coordinator's thread, but for what says otherwise. */
final class NodeLives {
    private final Wiring wiring;
    private final Listeners listeners;
    private final Dismissal dismissal;
    private final Map<String, NodeLife> lives = new LinkedHashMap<>(); // the nodes are always the same
    private int unfinished;

    NodeLives(Wiring wiring, Listeners listeners) {
        this.wiring = wiring;
        this.listeners = listeners;
        this.dismissal = new Dismissal(wiring);
        for (Incarnations node : wiring.nodes().all()) {
            lives.put(node.nodeId(), new NodeLife(node, wiring.carrierFor(node.agent())));
        }
        unfinished = lives.size();
    }

    /** In the order of the graph. Any thread. */
    Collection<NodeLife> all() {
        return Collections.unmodifiableCollection(lives.values());
    }

    /** Any thread. */
    NodeLife of(String nodeId) {
        return Objects.requireNonNull(lives.get(nodeId), "not a node of this dataflow");
    }

    /** Those that have not ended. */
    List<NodeLife> running() {
        return lives.values().stream().filter(life -> !life.state().isFinal()).toList();
    }

    boolean areAllOver() {
        return unfinished == 0;
    }

    boolean areAllReady() {
        for (NodeLife life : lives.values()) {
            if (life.state() != NodeState.READY) {
                return false;
            }
        }
        return true;
    }

    /** Those that are not ready, for a message; empty for none. */
    String stillOpening() {
        return lives.values().stream()
                .filter(life -> life.state() != NodeState.READY)
                .map(life -> "'" + life.nodeId() + "'")
                .collect(Collectors.joining(", "));
    }

    void move(NodeLife life, NodeState next) {
        life.become(next);
        if (next.isFinal()) {
            unfinished--;
            wiring.onEnded(life.nodeId());
            dismissal.onEnded(running());
        }
        listeners.tell(new DataflowEvent.NodeStateChanged(life.nodeId(), next));
    }

    /** A node is to end. False if that was all, for it did not run just now, and so will not again. */
    boolean moveToStopping(NodeLife life) {
        if (life.state() == NodeState.RESTARTING) {
            life.settle();
            move(life, NodeState.STOPPED);
            return false;
        }
        if (life.state().mayBecome(NodeState.STOPPING)) {
            move(life, NodeState.STOPPING);
        }
        return true;
    }

    /** As {@link Dismissal#dismiss}. */
    void dismiss() {
        dismissal.dismiss(running());
    }
}
