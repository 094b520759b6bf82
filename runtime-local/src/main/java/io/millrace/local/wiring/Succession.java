package io.millrace.local.wiring;

import io.millrace.local.agent.Commands;
import io.millrace.local.agent.NodeAgent;
import io.millrace.local.crew.Crew;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.waiting.Waiting;
import io.millrace.local.wiring.Incarnations.Incarnation;
import org.jspecify.annotations.Nullable;

/** Has one incarnation of a node follow another, with the edges of the one before or with new ones. The coordinator's thread. */
public final class Succession {
    private final WiredNodes nodes;
    private final Outputs outputs;
    private final WiredEdges edges;
    private final @Nullable Boundary boundary; // of a part
    private final RingFactory rings;
    private final Crew crew;
    private final AgentFactory agents;
    private final CodeFactory code;

    Succession(
            WiredNodes nodes,
            Outputs outputs,
            WiredEdges edges,
            @Nullable Boundary boundary,
            RingFactory rings,
            Crew crew,
            AgentFactory agents,
            CodeFactory code) {
        this.nodes = nodes;
        this.outputs = outputs;
        this.edges = edges;
        this.boundary = boundary;
        this.rings = rings;
        this.crew = crew;
        this.agents = agents;
        this.code = code;
    }

    /**
     * The next incarnation of a node whose last one has ended: it takes over the edges as they are.
     *
     * @param number the same as the former's, if it is not to run
     */
    public void renew(String nodeId, int number) {
        Incarnations node = nodes.of(nodeId);
        NodeAgent former = node.agent();
        Waiting waiting = crew.waitingAfter(node.node(), former.waiting());
        Incarnation next =
                agents.create(node.node(), number, waiting, former.orders().commands());
        next.agent().setHandling(former.handling());
        for (int slot = 0; slot < next.ports().size(); slot++) {
            next.ports().get(slot).inherit(node.ports().get(slot));
        }
        follow(node, next);
        edges.ringsFrom(nodeId).stream()
                .filter(edge -> edge.written().writer().isBroken())
                .forEach(edge -> continueBroken(edge, next));
        outputs.of(nodeId).forEach(end -> end.moveBroken(next.output(end.name())));
    }

    /** Another edge takes up where this one ends, which the stack has overflowed in: what waits there is still taken. */
    private void continueBroken(WiredEdge edge, Incarnation next) {
        Edge former = edge.written();
        Incarnations consumer = nodes.of(edge.node());
        Edge fresh =
                rings.ring(edge.spec(), consumer.agent().signal(), next.agent().signal(), edge.name());
        // First: the consumer looks for commands before it believes that the former edge is at its end.
        boolean isTaken = consumer.post(() -> edge.input().attachNext(fresh.reader(), () -> edge.onFollowed(fresh)));
        edge.follow(fresh);
        next.output(edge.spec().source().toString()).reconnect(former.writer(), fresh.writer(), false);
        if (!isTaken) {
            fresh.reader().close();
        }
    }

    /**
     * An incarnation in the place of one whose thread does not come back: every edge of the node is made anew, and what waits in the old ones is lost. Whatever
     * that thread may still do, it reaches nobody.
     *
     * @param number the same as the former's, if it is not to run
     */
    public void replace(String nodeId, int number) {
        Incarnations node = nodes.of(nodeId);
        NodeAgent former = node.agent();
        former.leaveBehind();
        Incarnation next = agents.create(node.node(), number, crew.waitingFor(node.node()), new Commands());
        if (number == former.incarnation()) { // else two threads would write them
            next.agent().setHandling(former.handling());
        }
        edges.ringsInto(nodeId).forEach(edge -> replaceInput(edge, next));
        follow(node, next); // first: whoever reads an output asks for the signal of the incarnation that counts
        // Before the edges of the graph: an output that has those only, and all of them ended, takes no reader any
        // more.
        outputs.of(nodeId).forEach(end -> end.moveSubscriptions(next.output(end.name())));
        edges.ringsOutOf(nodeId).forEach(edge -> replaceOutput(edge, next));
        if (boundary != null) {
            boundary.renew(nodeId, next);
        }
        former.orders().commands().moveTo(next.agent().orders().commands(), former::endPorts);
    }

    private void replaceInput(WiredEdge edge, Incarnation next) {
        Edge former = edge.written();
        boolean isOwn = edge.source().node().equals(edge.node());
        WakeSignal writer = isOwn ? next.agent().signal() : edge.source().signal();
        Edge fresh = rings.ring(edge.spec(), next.agent().signal(), writer, edge.name());
        next.input(edge.input().name()).connect(fresh.reader());
        if (isOwn) {
            next.output(edge.spec().source().toString()).connect(fresh.writer());
            edge.changeTo(fresh);
        } else {
            edge.source().replace(former.writer(), fresh, () -> edge.changeTo(fresh));
        }
    }

    private void replaceOutput(WiredEdge edge, Incarnation next) {
        Incarnations consumer = nodes.of(edge.node());
        Edge fresh =
                rings.ring(edge.spec(), consumer.agent().signal(), next.agent().signal(), edge.name());
        next.output(edge.spec().source().toString()).connect(fresh.writer());
        boolean isTaken = consumer.post(() -> {
            edge.input().replace(fresh.reader());
            edge.changeTo(fresh);
        });
        if (!isTaken) {
            fresh.reader().close();
        }
    }

    private void follow(Incarnations node, Incarnation next) {
        code.addCode(node.node(), next);
        edges.into(node.nodeId()).forEach(edge -> edge.keepCountsOf(edge.input()));
        node.follow(next);
    }
}
