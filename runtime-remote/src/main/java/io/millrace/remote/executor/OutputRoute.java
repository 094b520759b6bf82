package io.millrace.remote.executor;

import io.millrace.graph.GraphInput;
import io.millrace.local.edge.Edge;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.part.EdgeMaker;
import io.millrace.local.run.LocalPart;
import io.millrace.remote.link.EdgeSignal;
import io.millrace.remote.link.EdgeTraffic;
import io.millrace.remote.link.Ending;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.link.OutgoingEdge;
import io.millrace.remote.shared.SharedMemory;
import io.millrace.remote.shared.SharedOutput;
import io.millrace.remote.wire.EdgeSession;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A boundary edge from a part of this executor. Used by the agenda's thread, but for what says otherwise. */
final class OutputRoute {
    private static final Logger LOG = LoggerFactory.getLogger(OutputRoute.class);

    /** How long an offer of shared memory may be unanswered. */
    private static final Duration LONGEST_OFFER = Duration.ofSeconds(10);

    private final HostedPart owner;
    private final LocalPart part;
    private final String edge;
    private final GraphInput input;
    private final @Nullable SharedMemory memory; // where the edge may go over it
    private final String jobId;
    private final LinkHub hub;
    private final EdgeSignal signal;
    private final LostLink lostLink;
    private @Nullable Target target;
    private @Nullable Edge ring; // null while it is joined, or lost, or goes over shared memory
    private boolean isSignalled; // edges that the part makes by itself have our signal

    // Read by any thread.
    private volatile @Nullable OutgoingEdge outgoing; // while it leads to another executor
    private @Nullable EdgeSession sharedBy; // by which memory was offered last
    private volatile @Nullable SharedOutput sharing; // while it does so over shared memory

    OutputRoute(
            HostedPart owner,
            LocalPart part,
            BoundaryEdge boundary,
            String jobId,
            LinkHub hub,
            @Nullable SharedMemory sharedMemory) {
        this.owner = owner;
        this.part = part;
        this.edge = boundary.name();
        this.input = boundary.input();
        this.memory =
                !boundary.isOfLogs() && SharedMemory.isFor(boundary.input(), boundary.name()) ? sharedMemory : null;
        this.jobId = jobId;
        this.hub = hub;
        this.signal = hub.newSignal();
        this.lostLink = new LostLink(owner, hub);
    }

    /** From now on it leads there. What waits in its ring goes along, but not into another part here. */
    void lead(Target next) {
        if (next.equals(target)
                || target instanceof Target.There && next instanceof Target.Over && !lostLink.isLost()) {
            return; // the link tells in its turn that nothing is taken any more
        }
        leave();
        target = next;
        if (next instanceof Target.Here here) {
            ring = null;
            part.join(edge, Objects.requireNonNull(here.part().local(), "what is joined is prepared"));
        } else if (next instanceof Target.There there) {
            owner.onLinked(edge);
            connect(new EdgeSession(jobId, edge, owner.epoch(), there.epoch()), there.peer());
        } else if (next instanceof Target.Over) {
            Edge left = ring();
            hub.execute(() -> left.reader().close());
        } else if (memory == null) {
            ring();
        } // else what is sent waits until it is known where it goes
    }

    private void connect(EdgeSession session, LinkPeer peer) {
        if (!share(session, peer)) {
            send(session, peer);
        }
    }

    private void send(EdgeSession session, LinkPeer peer) {
        outgoing = hub.send(session, peer, ring(), signal, this::onEnded);
    }

    /** False if nothing comes of it. */
    private boolean share(EdgeSession session, LinkPeer peer) {
        if (memory == null || !memory.isSharedWith(peer)) {
            return false;
        }
        try {
            Sharing listening = new Sharing(session, peer);
            SharedOutput offered = memory.offer(session, peer, input, owner.agenda(), listening);
            listening.offered = offered;
            sharing = offered;
            sharedBy = session;
            owner.agenda().after(LONGEST_OFFER, offered::giveUpUnlessAnswered);
            return true;
        } catch (IOException e) {
            LOG.warn(
                    "edge '{}' of job '{}': messages go over the link, for shared memory cannot be used: {}",
                    edge,
                    jobId,
                    e.getMessage());
            return false;
        }
    }

    /** What becomes of it while it goes over shared memory. */
    private final class Sharing implements SharedOutput.Owner {
        private final EdgeSession session;
        private final LinkPeer peer;
        private @Nullable SharedOutput offered;

        Sharing(EdgeSession session, LinkPeer peer) {
            this.session = session;
            this.peer = peer;
        }

        private boolean isCurrent() {
            return offered != null && sharing == offered;
        }

        @Override
        public void onAccepted() {
            if (isCurrent()) {
                EdgeMaker maker = Objects.requireNonNull(offered)::attach;
                Edge former = ring;
                ring = null;
                isSignalled = true;
                if (former == null) {
                    part.output(edge, maker, signal.wake());
                } else {
                    part.outputAfter(edge, former, maker, signal.wake());
                }
            }
        }

        @Override
        public void onFallBack(boolean isOtherFree, boolean wasUsed, String reason) {
            if (!isCurrent()) {
                return;
            }
            sharing = null;
            if (wasUsed) {
                ring(); // where what is sent meanwhile waits
                connect(SharedMemory.insteadOf(session), peer);
            } else {
                LOG.info("edge '{}' of job '{}' goes over the link: {}", edge, jobId, reason);
                send(isOtherFree ? SharedMemory.insteadOf(session) : session, peer);
            }
        }

        @Override
        public void onStranded(Edge former, String reason) {
            if (isCurrent()) {
                sharing = null;
                LOG.warn(
                        "edge '{}' of job '{}': messages go over the link from now on, for there is no shared memory for {}",
                        edge,
                        jobId,
                        reason);
                ring = part.outputAfter(edge, former, signal.wake());
                isSignalled = true;
                send(SharedMemory.insteadOf(session), peer);
            }
        }

        @Override
        public void onFirstDrop() {
            part.onFirstDrop(edge);
        }

        @Override
        public void afterwards(Runnable action) {
            owner.agenda().after(LONGEST_OFFER, action);
        }

        @Override
        public void onLost(String reason) {
            LOG.warn("edge '{}' of job '{}' has ended: {}", edge, jobId, reason);
            owner.onLinkLost(edge, reason, () -> {
                if (isCurrent()) {
                    sharing = null;
                    lostLink.await(target, OutputRoute.this::connectAgain);
                }
            });
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
            isSignalled = true;
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
        lostLink.forget();
        SharedOutput shared = sharing;
        sharing = null;
        if (shared != null) {
            shared.leave();
        }
    }

    /** Its node was stuck, and has been replaced. */
    void onReplaced(Edge fresh) {
        Edge former = ring;
        ring = isSignalled ? fresh : part.output(edge, signal.wake());
        isSignalled = true;
        OutgoingEdge now = outgoing;
        EdgeSession left = sharedBy;
        if (sharing != null && left != null && target instanceof Target.There there) {
            leave();
            connect(SharedMemory.insteadOf(left), there.peer());
        } else if (now != null) {
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
        lostLink.await(target, this::connectAgain);
    }

    private void connectAgain(Target.There there) {
        if (there.equals(target)) {
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
        SharedOutput shared = sharing;
        if (shared != null) {
            shared.nodeFailed(failed, error, inputs);
            return true;
        }
        OutgoingEdge now = outgoing;
        if (now != null) {
            now.nodeFailed(failed, error, inputs);
        }
        return now != null;
    }

    /** Before what the new incarnation sends. Any thread. */
    boolean tellNodeRestarted(String restarted) {
        SharedOutput shared = sharing;
        if (shared != null) {
            shared.nodeRestarted(restarted);
            return true;
        }
        OutgoingEdge now = outgoing;
        if (now != null) {
            now.nodeRestarted(restarted);
        }
        return now != null;
    }
}
