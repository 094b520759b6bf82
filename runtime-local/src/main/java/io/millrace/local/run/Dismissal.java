package io.millrace.local.run;

import io.millrace.local.wiring.Boundary;
import io.millrace.local.wiring.Wiring;
import java.util.List;

/** Nodes that somebody starts by hand keep no dataflow from its end: they are dismissed when only such ones are left. The coordinator's thread. */
final class Dismissal {
    private final Wiring wiring;
    private boolean isForAllParts; // of a part: nobody else is left in the others
    private boolean isOnlyDynamicLeftTold;

    Dismissal(Wiring wiring) {
        this.wiring = wiring;
    }

    /**
     * In all parts of the dataflow only such nodes are left.
     *
     * @param running nodes that have not ended
     */
    void dismiss(List<NodeLife> running) {
        isForAllParts = true;
        dismissWhenAlone(running);
    }

    /** A node has ended. */
    void onEnded(List<NodeLife> running) {
        dismissWhenAlone(running);
    }

    private void dismissWhenAlone(List<NodeLife> running) {
        if (!running.stream().allMatch(life -> wiring.nodes().isDynamic(life.nodeId()))) {
            return;
        }
        Boundary boundary = wiring.boundaryOrNull();
        if (boundary == null || isForAllParts) {
            running.forEach(life -> life.agent().orders().postDismiss());
        } else if (!running.isEmpty() && !isOnlyDynamicLeftTold) {
            isOnlyDynamicLeftTold = true;
            boundary.listener().onOnlyDynamicLeft();
        }
    }
}
