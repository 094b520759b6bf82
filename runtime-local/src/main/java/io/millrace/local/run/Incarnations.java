package io.millrace.local.run;

import io.millrace.local.run.Plan.PlannedNode;
import java.util.List;

/** The incarnations of one node: the one that counts now, and what those before have counted. Any thread; only the coordinator has one follow another. */
final class Incarnations implements Notified {
    private final PlannedNode node;
    private volatile Incarnation current;

    // Of those before; guarded by this.
    private long received;
    private long sent;

    /** @param ports one for each operator */
    record Incarnation(NodeAgent agent, List<NodePorts> ports) {}

    Incarnations(PlannedNode node, Incarnation first) {
        this.node = node;
        this.current = first;
    }

    PlannedNode node() {
        return node;
    }

    String nodeId() {
        return node.node().id();
    }

    NodeAgent agent() {
        return current.agent();
    }

    List<NodePorts> ports() {
        return current.ports();
    }

    synchronized void follow(Incarnation next) {
        received += current.ports().stream().mapToLong(NodePorts::received).sum();
        sent += current.ports().stream().mapToLong(NodePorts::sent).sum();
        current = next;
    }

    /** Messages taken, by all of them. */
    synchronized long received() {
        return received + current.ports().stream().mapToLong(NodePorts::received).sum();
    }

    /** Messages sent, by all of them. */
    synchronized long sent() {
        return sent + current.ports().stream().mapToLong(NodePorts::sent).sum();
    }

    /** Has the node's thread run {@code command} between two messages, perhaps that of the next incarnation; false if there is none any more. */
    boolean post(Commands.Command command) {
        while (true) {
            Incarnation asked = current;
            if (asked.agent().post(command)) {
                return true;
            }
            if (asked == current) {
                return false;
            }
        }
    }

    @Override
    public void postNodeFailed(String failed, String error, List<String> inputs) {
        postToCode(code -> code.onNodeFailed(failed, error, inputs));
    }

    @Override
    public void postNodeRestarted(String restarted) {
        postToCode(code -> code.onNodeRestarted(restarted));
    }

    private void postToCode(Commands.CodeCommand command) {
        post(command); // a node that has ended need not be told
    }
}
