package io.millrace.remote.executor;

import io.millrace.local.edge.Edge;
import io.millrace.local.run.LocalPart;
import io.millrace.remote.link.EdgeSignal;
import io.millrace.remote.link.EdgeTraffic;
import io.millrace.remote.link.Ending;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.OutgoingEdge;
import io.millrace.remote.wire.EdgeSession;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A boundary edge from a part of this executor. Used by the agenda's thread, but for what says otherwise. */
final class OutputRoute {
    private static final Logger LOG = LoggerFactory.getLogger(OutputRoute.class);

    private final HostedPart owner;
    private final LocalPart part;
    private final String edge;
    private final String jobId;
    private final LinkHub hub;
    private final EdgeSignal signal;
    private @Nullable Target target;
    private @Nullable Edge ring; // null while it is joined, or lost
    private boolean isLost; // with its link
    private @Nullable Runnable forgetLink; // while the link is waited for

    // Read by any thread.
    private volatile @Nullable OutgoingEdge outgoing; // while it leads to another executor

    OutputRoute(HostedPart owner, LocalPart part, String edge, String jobId, LinkHub hub) {
        this.owner = owner;
        this.part = part;
        this.edge = edge;
        this.jobId = jobId;
        this.hub = hub;
        this.signal = hub.newSignal();
    }

    /** From now on it leads there. What waits in its ring goes along, but not into another part here. */
    void lead(Target next) {
        if (next.equals(target) || target instanceof Target.There && next instanceof Target.Over && !isLost) {
            return; // the link tells in its turn that nothing is taken any more
        }
        leave();
        target = next;
        isLost = false;
        if (next instanceof Target.Here here) {
            ring = null;
            part.join(edge, Objects.requireNonNull(here.part().local(), "what is joined is prepared"));
        } else if (next instanceof Target.There there) {
            owner.onLinked(edge);
            outgoing = hub.send(
                    new EdgeSession(jobId, edge, owner.epoch(), there.epoch()),
                    there.peer(),
                    ring(),
                    signal,
                    this::onEnded);
        } else if (next instanceof Target.Over) {
            Edge left = ring();
            hub.execute(() -> left.reader().close());
        } else {
            ring();
        }
    }

    /** Empty while it leads over no link. */
    Optional<EdgeTraffic> traffic() {
        return Optional.ofNullable(outgoing).map(OutgoingEdge::traffic);
    }

    private Edge ring() {
        Edge made = ring;
        if (made == null) {
            made = part.output(edge, signal.wake());
            ring = made;
        }
        return made;
    }

    /** Nobody at the other end is told. */
    void detach() {
        leave();
        target = null;
    }

    private void leave() {
        OutgoingEdge left = outgoing;
        outgoing = null;
        if (left != null) {
            left.close();
        }
        Runnable waiting = forgetLink;
        forgetLink = null;
        if (waiting != null) {
            waiting.run();
        }
    }

    /** Its node was stuck, and has been replaced. */
    void onReplaced(Edge fresh) {
        Edge former = ring;
        ring = fresh;
        OutgoingEdge now = outgoing;
        if (now != null) {
            now.replace(fresh);
        } else if (former != null) {
            hub.execute(() -> former.reader().close());
        }
    }

    /** Its ring is closed: whoever takes the place of the other end gets a fresh one, and so does this one when the link is up again. */
    private void forget(@Nullable OutgoingEdge lost) {
        if (lost == null || outgoing != lost) {
            return;
        }
        outgoing = null;
        ring = null;
        isLost = true;
        if (target instanceof Target.There there) {
            forgetLink = hub.whenUp(there.peer(), () -> owner.execute(() -> connectAgain(there)));
        }
    }

    private void connectAgain(Target.There there) {
        if (isLost && there.equals(target)) {
            LOG.info("edge '{}' of job '{}' is connected again", edge, jobId);
            target = null;
            lead(there);
        }
    }

    /** On the link's thread. */
    private void onEnded(Ending ending, String reason) {
        if (ending.closesRings() && !reason.isEmpty()) {
            LOG.warn("edge '{}' of job '{}' has ended: {}", edge, jobId, reason);
        }
        if (ending.isLinkLost()) {
            OutgoingEdge lost = outgoing;
            owner.onLinkLost(edge, reason, () -> forget(lost));
        }
    }

    /** Before what closes the edge. Any thread. */
    boolean tellNodeFailed(String failed, String error, List<String> inputs) {
        OutgoingEdge now = outgoing;
        if (now != null) {
            now.nodeFailed(failed, error, inputs);
        }
        return now != null;
    }

    /** Before what the new incarnation sends. Any thread. */
    boolean tellNodeRestarted(String restarted) {
        OutgoingEdge now = outgoing;
        if (now != null) {
            now.nodeRestarted(restarted);
        }
        return now != null;
    }
}
