package io.millrace.local.wiring;

import io.millrace.local.agent.Commands;
import io.millrace.local.agent.InputPort;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.agent.NodePorts;
import io.millrace.local.agent.Notified;
import io.millrace.local.agent.OutputPort;
import io.millrace.local.plan.PlannedNode;
import java.util.List;
import java.util.function.ToLongFunction;

/** The incarnations of one node: the one that counts now, and what those before have counted. Any thread; only the coordinator has one follow another. */
public final class Incarnations implements Notified {
    private final PlannedNode node;
    private volatile Incarnation current;

    // Of those before; guarded by this.
    private long received;
    private long receivedBytes;
    private long sent;
    private long sentBytes;

    /** @param ports one for each operator */
    record Incarnation(NodeAgent agent, List<NodePorts> ports) {
        /** By its full name, which the graph has. */
        InputPort input(String name) {
            for (NodePorts operator : ports) {
                for (InputPort input : operator.inputs()) {
                    if (input.name().equals(name)) {
                        return input;
                    }
                }
            }
            throw new AssertionError("there is no input " + name);
        }

        /** Likewise. */
        OutputPort output(String name) {
            for (NodePorts operator : ports) {
                for (OutputPort output : operator.outputs()) {
                    if (output.name().equals(name)) {
                        return output;
                    }
                }
            }
            throw new AssertionError("there is no output " + name);
        }
    }

    Incarnations(PlannedNode node, Incarnation first) {
        this.node = node;
        this.current = first;
    }

    public PlannedNode node() {
        return node;
    }

    public String nodeId() {
        return node.node().id();
    }

    Incarnation current() {
        return current;
    }

    public NodeAgent agent() {
        return current.agent();
    }

    public List<NodePorts> ports() {
        return current.ports();
    }

    synchronized void follow(Incarnation next) {
        received = received();
        receivedBytes = receivedBytes();
        sent = sent();
        sentBytes = sentBytes();
        current = next;
    }

    /** Messages taken, by all of them. */
    synchronized long received() {
        return received + sum(NodePorts::received);
    }

    /** Bytes of their payloads. */
    synchronized long receivedBytes() {
        return receivedBytes + sum(NodePorts::receivedBytes);
    }

    /** Messages sent, by all of them. */
    synchronized long sent() {
        return sent + sum(NodePorts::sent);
    }

    /** Bytes of their payloads. */
    synchronized long sentBytes() {
        return sentBytes + sum(NodePorts::sentBytes);
    }

    private long sum(ToLongFunction<NodePorts> count) {
        return current.ports().stream().mapToLong(count).sum();
    }

    /** Has the node's thread run {@code command} between two messages, perhaps that of the next incarnation; false if there is none any more. */
    boolean post(Commands.Command command) {
        while (true) {
            Incarnation asked = current;
            if (asked.agent().orders().post(command)) {
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
