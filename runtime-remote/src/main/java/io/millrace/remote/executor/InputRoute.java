package io.millrace.remote.executor;

import io.millrace.local.edge.Edge;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.part.EdgeMaker;
import io.millrace.local.run.LocalPart;
import io.millrace.remote.link.EdgeSignal;
import io.millrace.remote.link.EdgeTraffic;
import io.millrace.remote.link.Ending;
import io.millrace.remote.link.IncomingEdge;
import io.millrace.remote.link.IncomingListener;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.link.Role;
import io.millrace.remote.shared.SharedInput;
import io.millrace.remote.shared.SharedMemory;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.Question;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A boundary edge into a part of this executor. Used by the agenda's thread. */
final class InputRoute {
    private static final Logger LOG = LoggerFactory.getLogger(InputRoute.class);

    private final HostedPart owner;
    private final OptionalLong budgetBytes;
    private final LocalPart part;
    private final BoundaryEdge edge;
    private final String jobId;
    private final LinkHub hub;
    private final EdgeSignal signal;
    private final LostLink lostLink;
    private final @Nullable SharedMemory memory; // where the edge may come over it
    private @Nullable Target target;
    private @Nullable Edge ring; // null while it is joined, or lost
    private boolean wasConnected; // what waits in its ring may be another producer's
    private boolean isMapped; // it reads shared memory, also that of a producer before
    private @Nullable EdgeSession sharedBy; // by which an offer was expected last
    private @Nullable SharedInput sharing; // while a producer may offer shared memory, or uses it
    private @Nullable Publication publication; // while a client feeds it
    private long publications; // so far: the numbers of their sessions
    private volatile @Nullable IncomingEdge incoming; // while it comes from another executor, or a client

    /** That a client feeds the edge. */
    private record Publication(Question.Publish by, EdgeSession session) {
        boolean isOf(Question.Publish wanted) {
            return by.instance().equals(wanted.instance()) && by.publisher() == wanted.publisher();
        }
    }

    InputRoute(
            HostedPart owner,
            LocalPart part,
            BoundaryEdge edge,
            String jobId,
            LinkHub hub,
            @Nullable SharedMemory sharedMemory) {
        this.owner = owner;
        this.part = part;
        this.edge = edge;
        this.budgetBytes = budgetBytes(part, edge);
        this.jobId = jobId;
        this.hub = hub;
        boolean mayShare =
                !edge.isOfLogs() && !edge.isFromApplication() && SharedMemory.isFor(edge.input(), edge.name());
        this.memory = mayShare ? sharedMemory : null;
        this.signal = hub.newSignal();
        this.lostLink = new LostLink(owner, hub);
    }

    /** What the producer may have under way at its end, its images may take here. */
    private static OptionalLong budgetBytes(LocalPart part, BoundaryEdge edge) {
        return edge.isFromApplication()
                ? OptionalLong.empty()
                : part.spec().graph().node(edge.producer()).execution().payloadBudgetBytes();
    }

    String name() {
        return edge.name();
    }

    /** Empty while nothing comes over a link. */
    Optional<EdgeTraffic> traffic() {
        return Optional.ofNullable(incoming).map(IncomingEdge::traffic);
    }

    /** From now on it comes from there; what waits in its ring is still taken, unless it comes from a part here. */
    void lead(Target next) {
        if (next.equals(target)
                || target instanceof Target.There && next instanceof Target.Over && !lostLink.isLost()) {
            return; // the link tells in its turn that nothing comes any more
        }
        leave();
        target = next;
        if (next instanceof Target.Here here) {
            ring = null;
            isMapped = false;
            PartRoutes producer = here.part().routes();
            if (producer != null) {
                producer.lead(edge.name(), new Target.Here(owner));
            }
        } else if (next instanceof Target.There there) {
            connect(new EdgeSession(jobId, edge.name(), there.epoch(), owner.epoch()), there.peer());
        } else if (next instanceof Target.Over) {
            Edge left = ring();
            closeWriter(left);
        } else if (!edge.isFromApplication()) { // which counts as fed once a client publishes
            ring();
        }
    }

    /** A client wants to publish here: one that did before does so no more, or it is refused. */
    Question.Answer adopt(Question.Publish wanted) {
        Publication now = publication;
        if (now != null && !wanted.takesOver() && !now.isOf(wanted)) {
            return new Question.Answer.Nothing(
                    "client '" + now.by().client() + "' publishes there, and has to let go of it first");
        }
        leave();
        EdgeSession session = new EdgeSession(jobId, edge.name(), ++publications, owner.epoch());
        publication = new Publication(wanted, session);
        receive(session, new LinkPeer(Role.CLIENT, wanted.client(), wanted.instance(), Optional.empty()));
        return new Question.Answer.Publishing(session);
    }

    /** Another client may take its place. */
    private void onPublisherGone(EdgeSession session) {
        if (publication != null && publication.session().equals(session)) {
            publication = null;
        }
    }

    private void connect(EdgeSession session, LinkPeer peer) {
        expectSharing(session, peer);
        receive(session, peer);
    }

    private void receive(EdgeSession session, LinkPeer peer) {
        owner.onLinked(edge.name());
        wasConnected = true;
        Edge former = ring;
        if (isMapped && former != null) { // what waits there goes first
            isMapped = false;
            ring = part.inputNext(edge.name(), signal.wake(), () -> closeWriter(former));
        }
        incoming = hub.receive(session, peer, ring(), signal, budgetBytes, new Listening(session));
    }

    private void closeWriter(Edge left) {
        hub.execute(() -> left.writer().close());
    }

    private void expectSharing(EdgeSession session, LinkPeer peer) {
        if (memory != null && memory.isSharedWith(peer)) {
            Sharing listening = new Sharing(session, peer, !wasConnected);
            SharedInput expected = memory.expect(session, peer, edge.input(), owner.agenda(), listening);
            listening.expected = expected;
            sharing = expected;
            sharedBy = session;
        }
    }

    /** What becomes of it while it may come over shared memory. */
    private final class Sharing implements SharedInput.Owner {
        private final EdgeSession session;
        private final LinkPeer peer;
        private final boolean isFirst;
        private @Nullable SharedInput expected;

        Sharing(EdgeSession session, LinkPeer peer, boolean isFirst) {
            this.session = session;
            this.peer = peer;
            this.isFirst = isFirst;
        }

        private boolean isCurrent() {
            return expected != null && sharing == expected;
        }

        @Override
        public boolean isWilling() {
            return isCurrent();
        }

        @Override
        public void onOffered() {
            IncomingEdge unused = incoming;
            Edge former = ring;
            incoming = null;
            isMapped = true;
            if (unused != null) {
                unused.close();
            }
            EdgeMaker maker = Objects.requireNonNull(expected)::attach;
            if (isFirst || former == null) {
                ring = part.input(edge.name(), maker, signal.wake());
            } else { // what waits there, perhaps from another producer, goes first
                ring = part.inputNext(edge.name(), maker, signal.wake(), () -> closeWriter(former));
            }
        }

        @Override
        public void onFallBack() {
            if (isCurrent()) {
                sharing = null;
                connect(SharedMemory.insteadOf(session), peer);
            }
        }

        @Override
        public void onLost(String reason) {
            LOG.warn("edge '{}' of job '{}' has ended: {}", edge.name(), jobId, reason);
            owner.onLinkLost(edge.name(), reason, () -> {
                if (isCurrent()) {
                    sharing = null;
                    isMapped = false; // it is closed; whoever takes the place of the other end gets a fresh one
                    ring = null;
                    lostLink.await(target, InputRoute.this::connectAgain);
                }
            });
        }

        @Override
        public void onNodeFailed(String failed, String error, List<String> inputs) {
            part.onNodeFailed(edge.consumer(), failed, error, inputs);
        }

        @Override
        public void onNodeRestarted(String restarted) {
            part.onNodeRestarted(edge.consumer(), restarted);
        }
    }

    private Edge ring() {
        Edge made = ring;
        if (made == null) {
            made = part.input(edge.name(), signal.wake());
            ring = made;
        }
        return made;
    }

    /** Its ring is closed: whoever takes the place of the other end gets a fresh one, and so does this one when the link is up again. */
    private void forget(@Nullable IncomingEdge lost) {
        if (lost == null || incoming != lost) {
            return;
        }
        incoming = null;
        ring = null;
        lostLink.await(target, this::connectAgain);
    }

    private void connectAgain(Target.There there) {
        if (there.equals(target)) {
            LOG.info("edge '{}' of job '{}' is connected again", edge.name(), jobId);
            target = null;
            lead(there);
        }
    }

    void detach() {
        leave();
        target = null;
    }

    private void leave() {
        IncomingEdge left = incoming;
        incoming = null;
        publication = null;
        if (left != null) {
            left.close();
        }
        lostLink.forget();
        SharedInput shared = sharing;
        sharing = null;
        if (shared != null) {
            shared.leave();
        }
    }

    /** Its node was stuck, and has been replaced. */
    void onReplaced(Edge fresh) {
        Edge former = ring;
        ring = fresh;
        IncomingEdge now = incoming;
        EdgeSession left = sharedBy;
        if (isMapped && sharing != null && left != null && target instanceof Target.There there) {
            leave();
            isMapped = false;
            connect(SharedMemory.insteadOf(left), there.peer());
        } else if (now != null) {
            now.replace(fresh);
        } else if (former != null) {
            closeWriter(former);
        }
    }

    /** On the link's thread. */
    private final class Listening implements IncomingListener {
        private final EdgeSession session;
        private boolean wasOpen;

        Listening(EdgeSession session) {
            this.session = session;
        }

        @Override
        public void onOpened() {
            wasOpen = true;
        }

        @Override
        public void onNodeFailed(String failed, String error, List<String> inputs) {
            part.onNodeFailed(edge.consumer(), failed, error, inputs);
        }

        @Override
        public void onEnded(Ending ending, String reason) {
            if (wasOpen && ending.closesRings() && !reason.isEmpty()) {
                LOG.warn("edge '{}' of job '{}' has ended: {}", edge.name(), jobId, reason);
            }
            owner.agenda().execute(() -> onPublisherGone(session));
            if (ending.isLinkLost()) {
                IncomingEdge lost = incoming;
                owner.onLinkLost(edge.name(), reason, () -> forget(lost));
            }
        }

        @Override
        public void onNodeRestarted(String restarted) {
            part.onNodeRestarted(edge.consumer(), restarted);
        }
    }
}
