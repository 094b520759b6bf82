package io.millrace.remote.shared;

import io.millrace.graph.GraphInput;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.MappedEdge;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.shared.SharedFiles;
import io.millrace.local.shared.SharedFiles.Token;
import io.millrace.remote.link.Ending;
import io.millrace.remote.link.IncomingListener;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.link.OutgoingListener;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.RecordCodec;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumer's end of an edge over shared memory: see {@link SharedOutput}. Used by the agenda's thread, but for what says otherwise. */
public final class SharedInput {
    private static final Logger LOG = LoggerFactory.getLogger(SharedInput.class);

    private final EdgeSession session;
    private final LinkPeer peer;
    private final GraphInput input;
    private final Executor agenda;
    private final Owner owner;
    private final SharedMemory memory;
    private final ControlSender sender;
    private final ControlReceiver receiver;
    private State state = State.EXPECTED;
    private @Nullable SharedRing ring;
    private @Nullable EdgeFiles files;

    private volatile @Nullable MappedEdge mapped;

    // The link's thread, and guarded by this where it is given to the edge.
    private int told;

    private enum State {
        EXPECTED,
        REFUSED,
        ACTIVE,
        OVER
    }

    /** Who has the edge. On the agenda's thread, but for notices. */
    public interface Owner {
        /** Whether the consumer may be given another edge now. */
        boolean isWilling();

        /** Have the consumer read from what {@link SharedInput#attach} gives. */
        void onOffered();

        /** It was used, and messages come otherwise: by the session that {@link SharedMemory#insteadOf} names; it is over. */
        void onFallBack();

        /** The link is lost, or what stands in the memory makes no sense; the edge is closed, and it is over. */
        void onLost(String reason);

        /** As {@link IncomingListener#onNodeFailed}. */
        void onNodeFailed(String failed, String error, List<String> inputs);

        /** As {@link IncomingListener#onNodeRestarted}. */
        void onNodeRestarted(String restarted);
    }

    SharedInput(
            LinkHub hub,
            RecordCodec<ControlMessage> codec,
            EdgeSession session,
            LinkPeer peer,
            GraphInput input,
            Executor agenda,
            Owner owner,
            SharedMemory memory) {
        this.session = session;
        this.peer = peer;
        this.input = input;
        this.agenda = agenda;
        this.owner = owner;
        this.memory = memory;
        sender = new ControlSender(hub, codec, SharedMemory.toProducer(session), peer, (OutgoingListener)
                (ending, reason) -> {
                    agenda.execute(() -> onAnswersEnded(ending, reason));
                });
        receiver = new ControlReceiver(
                hub, codec, SharedMemory.toConsumer(session), peer, this::onMessage, new Listening());
    }

    /** On the link's thread. */
    private final class Listening implements IncomingListener {
        @Override
        public void onNodeFailed(String failed, String error, List<String> inputs) {
            owner.onNodeFailed(failed, error, inputs);
        }

        @Override
        public void onNodeRestarted(String restarted) {
            owner.onNodeRestarted(restarted);
        }

        @Override
        public void onEnded(Ending ending, String reason) {
            agenda.execute(() -> onSessionEnded(ending, reason));
        }
    }

    /** On the link's thread. */
    private void onMessage(ControlMessage message) {
        if (message instanceof ControlMessage.Wake) {
            MappedEdge now = mapped;
            if (now != null) {
                now.wake();
            }
        } else if (message instanceof ControlMessage.Told up) {
            onTold(up.count());
        } else if (message instanceof ControlMessage.Offer offer) {
            agenda.execute(() -> onOffer(offer));
        }
    }

    private synchronized void onTold(int count) {
        told = count;
        MappedEdge now = mapped;
        if (now != null) {
            now.onTold(count);
        }
    }

    private void onOffer(ControlMessage.Offer offer) {
        if (state != State.EXPECTED) {
            return;
        }
        if (!owner.isWilling()) {
            refuse("the consumer has a ring already");
            return;
        }
        try {
            if (offer.queueSize() != input.queueSize()) {
                throw new IOException(
                        "a queue_size of " + offer.queueSize() + " is offered, here it is " + input.queueSize());
            }
            Optional<SharedFiles> others = memory.filesOf(peer);
            if (others.isEmpty()) {
                throw new IOException("no directory of instance " + peer.instance() + " is seen here");
            }
            EdgeFiles opened =
                    new EdgeFiles(others.get(), offer.file(), new Token(offer.tokenHigh(), offer.tokenLow()));
            ring = SharedRing.open(opened, input.policy(), input.queueSize());
            files = opened;
        } catch (IOException e) {
            LOG.warn("{}: messages come over the link, for shared memory cannot be used: {}", session, e.getMessage());
            refuse(String.valueOf(e.getMessage()));
            return;
        }
        state = State.ACTIVE;
        owner.onOffered();
        sender.say(new ControlMessage.Accept(ring.proof()));
    }

    private void refuse(String reason) {
        state = State.REFUSED;
        sender.say(new ControlMessage.Refuse(reason.substring(0, Math.min(reason.length(), 500))));
    }

    /** The edge to have the consumer read from; when it was offered, once. Any thread. */
    public Edge attach(@Nullable WakeSignal own) {
        MappedEdge made = MappedEdge.receiving(
                Objects.requireNonNull(ring, "offered").memory(),
                input.policy(),
                input.queueSize(),
                Objects.requireNonNull(files, "offered"),
                own,
                sender::sayWake,
                new MappedEdge.Listener() {
                    @Override
                    public void onClosed() {
                        agenda.execute(SharedInput.this::onConsumerClosed);
                    }

                    @Override
                    public void onBroken(String reason) {
                        agenda.execute(() -> SharedInput.this.onBroken(reason));
                    }
                });
        synchronized (this) {
            mapped = made;
            made.onTold(told);
        }
        return made.edge();
    }

    private void onConsumerClosed() {
        if (state == State.ACTIVE) {
            state = State.OVER;
            sayClosed();
        }
    }

    private void sayClosed() {
        sender.say(new ControlMessage.Closed());
        sender.finish(); // the other session is let go when this has arrived, for that it is let go would be heard
        // before
        forget();
    }

    private void onAnswersEnded(Ending ending, String reason) {
        if (ending.isLinkLost()) {
            onLost(reason);
        } else if (state == State.OVER) {
            receiver.close();
        }
    }

    private void onBroken(String reason) {
        if (state == State.ACTIVE) {
            state = State.OVER;
            closeWriter();
            sayClosed();
            owner.onLost("what stands in shared memory makes no sense: " + reason);
        }
    }

    private void closeWriter() {
        MappedEdge now = mapped;
        if (now != null) {
            now.edge().writer().close();
        }
    }

    private void onSessionEnded(Ending ending, String reason) {
        switch (ending) {
            case FINISHED -> closeWriter();
            case DETACHED -> {
                if (state != State.OVER) {
                    boolean wasActive = state == State.ACTIVE;
                    leave();
                    if (wasActive) {
                        owner.onFallBack();
                    }
                }
            }
            case CONSUMER_CLOSED, REFUSED -> leave();
            case LINK_TIMEOUT, LINK_RESET -> onLost(reason);
        }
    }

    private void onLost(String reason) {
        if (state == State.ACTIVE) {
            closeWriter();
            leave();
            owner.onLost(reason);
        } else {
            leave();
        }
    }

    /** Lets it go: the other end is told that messages are to go otherwise, if at all. Idempotent. */
    public void leave() {
        state = State.OVER;
        sender.close();
        receiver.close();
        forget();
    }

    private void forget() {
        MappedEdge now = mapped;
        if (now != null) {
            now.forget();
        }
    }
}
