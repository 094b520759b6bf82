package io.millrace.local.run;

import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where an output is: with whichever incarnation of its node runs. Any thread. */
final class OutputEnd implements WiredEdge.Source {
    private final Incarnations incarnations;
    private final int slot;
    private final int index;
    private final Map<AppSubscription, Supplier<Edge>> subscriptions = new ConcurrentHashMap<>();

    /**
     * @param slot of the operator in its node
     * @param index of the output among the operator's
     */
    OutputEnd(Incarnations incarnations, int slot, int index) {
        this.incarnations = incarnations;
        this.slot = slot;
        this.index = index;
    }

    @Override
    public String node() {
        return incarnations.nodeId();
    }

    @Override
    public @Nullable WakeSignal signal() {
        return agent().signal();
    }

    NodeAgent agent() {
        return incarnations.agent();
    }

    /** To be used on the node's thread only. */
    OutputPort port() {
        return incarnations.ports().get(slot).outputs().get(index);
    }

    /** As {@link Incarnations#post}. */
    boolean post(Commands.Command command) {
        return incarnations.post(command);
    }

    /**
     * From now on the subscription goes over to those incarnations that take the place of one that does not come back.
     *
     * @param edges makes one for each
     */
    void keep(AppSubscription subscription, Supplier<Edge> edges) {
        subscriptions.keySet().removeIf(AppSubscription::isOver);
        subscriptions.put(subscription, edges);
    }

    /** Has the subscriptions go over to a port that nobody uses yet. */
    void moveSubscriptions(OutputPort successor) {
        subscriptions.keySet().removeIf(AppSubscription::isOver);
        subscriptions.forEach((subscription, edges) -> {
            Edge fresh = edges.get();
            successor.attach(fresh.writer());
            subscription.changeTo(fresh);
        });
    }

    @Override
    public void replace(EdgeWriter former, Edge fresh, Runnable whenReplaced) {
        boolean isTaken = post(() -> {
            port().replace(former, fresh.writer());
            whenReplaced.run();
        });
        if (!isTaken) {
            fresh.writer().close();
            whenReplaced.run();
        }
    }
}
