package io.millrace.remote.shared;

import io.millrace.local.edge.Edge;
import io.millrace.local.edge.MappedEdge;
import io.millrace.local.edge.WakeSignal;
import io.millrace.remote.link.Ending;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.link.OutgoingListener;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.RecordCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer's end of an edge over shared memory. Used by the agenda's thread, but for what says otherwise.
 *
 * <pre>
 *   OFFERED --Accept--> ACTIVE --Closed, link lost--> OVER
 *      +-------Refuse, no answer, detached--------------^   then messages go over the link
 * </pre>
 */
public final class SharedOutput {
    private static final Logger LOG = LoggerFactory.getLogger(SharedOutput.class);

    private final SharedRing ring;
    private final EdgeFiles files;
    private final Executor agenda;
    private final Owner owner;
    private final ControlSender sender;
    private final ControlReceiver receiver;
    private State state = State.OFFERED;
    private boolean isOpened;

    // Guarded by itself.
    private final List<Runnable> untold = new ArrayList<>();
    private int told;
    private volatile @Nullable MappedEdge mapped;

    private enum State {
        OFFERED,
        ACTIVE,
        OVER
    }

    /** Who has the edge. On the agenda's thread. */
    public interface Owner {
        /** The other end has opened the memory: have the producer write there, by {@link SharedOutput#attach}. */
        void onAccepted();

        /**
         * Messages are to go over the link; it is over.
         *
         * @param isOtherFree whether the other end may have let the session go that it had for that from the begin
         * @param wasUsed whether it was accepted before, so that the other end will look at another offer
         */
        void onFallBack(boolean isOtherFree, boolean wasUsed, String reason);

        /**
         * There is no memory for a large body: the producer is to go on over the link, after what could not be sent, which waits in that edge.
         *
         * @param former as {@link SharedOutput#attach} gave it
         */
        void onStranded(Edge former, String reason);

        /** The first message has given way to another. On the producer's thread. */
        void onFirstDrop();

        /** To be done when the other end has had time to read what it was given. */
        void afterwards(Runnable action);

        /** The link is lost, or what came by it makes no sense; the edge is closed, and it is over. */
        void onLost(String reason);
    }

    SharedOutput(
            LinkHub hub,
            RecordCodec<ControlMessage> codec,
            EdgeSession session,
            LinkPeer peer,
            SharedRing ring,
            EdgeFiles files,
            Executor agenda,
            Owner owner) {
        this.ring = ring;
        this.files = files;
        this.agenda = agenda;
        this.owner = owner;
        sender = new ControlSender(hub, codec, SharedMemory.toConsumer(session), peer, new OutgoingListener() {
            @Override
            public void onOpened() {
                agenda.execute(() -> isOpened = true);
            }

            @Override
            public void onEnded(Ending ending, String reason) {
                agenda.execute(() -> onSessionEnded(ending, reason));
            }
        });
        receiver = new ControlReceiver(
                hub,
                codec,
                SharedMemory.toProducer(session),
                peer,
                this::onMessage,
                (ending, reason) -> agenda.execute(() -> onAnswersEnded(ending, reason)));
        sender.say(new ControlMessage.Offer(
                files.name(), files.token().high(), files.token().low(), ring.queueSize()));
    }

    /** On the link's thread. */
    private void onMessage(ControlMessage message) {
        if (message instanceof ControlMessage.Wake) {
            MappedEdge now = mapped;
            if (now != null) {
                now.wake();
            }
        } else {
            agenda.execute(() -> onAnswer(message));
        }
    }

    private void onAnswer(ControlMessage message) {
        if (message instanceof ControlMessage.Accept accept && state == State.OFFERED) {
            if (accept.proof() != ring.proof()) {
                fallBack(true, "the other end answers what does not stand in the memory that was offered");
                return;
            }
            files.deleteRing();
            state = State.ACTIVE;
            owner.onAccepted();
        } else if (message instanceof ControlMessage.Refuse refuse && state == State.OFFERED) {
            fallBack(false, refuse.reason());
        } else if (message instanceof ControlMessage.Closed) {
            onConsumerClosed();
        }
    }

    /** The edge to have the producer write to; for an accepted offer, once. Any thread. */
    public Edge attach(@Nullable WakeSignal own) {
        MappedEdge made = MappedEdge.sending(
                ring.memory(),
                ring.policy(),
                ring.queueSize(),
                files,
                own,
                sender::sayWake,
                owner::onFirstDrop,
                new MappedEdge.Listener() {
                    @Override
                    public void onClosed() {
                        sender.finish();
                    }

                    @Override
                    public void onBroken(String reason) {
                        sender.finish();
                        agenda.execute(() -> endAsLost(reason));
                    }

                    @Override
                    public void onStranded(String reason) {
                        agenda.execute(() -> SharedOutput.this.onStranded(reason));
                    }

                    @Override
                    public void onDropped(String reason) {
                        LOG.warn("{}: messages are dropped, for there is no memory for {}", SharedOutput.this, reason);
                    }
                });
        made.edge().writer().measureFull();
        synchronized (untold) {
            mapped = made;
            untold.forEach(Runnable::run);
            untold.clear();
        }
        return made.edge();
    }

    private void onStranded(String reason) {
        MappedEdge now = mapped;
        if (state == State.ACTIVE && now != null) {
            leave();
            owner.onStranded(now.edge(), reason);
        }
    }

    private void endAsLost(String reason) {
        if (state != State.OVER) {
            state = State.OVER;
            forget();
            owner.onLost(reason);
        }
    }

    /** As {@link io.millrace.remote.link.OutgoingEdge#nodeFailed}. Any thread. */
    public void nodeFailed(String failed, String error, List<String> inputs) {
        List<String> named = List.copyOf(inputs);
        tell(() -> sender.edge().nodeFailed(failed, error, named));
    }

    /** As {@link io.millrace.remote.link.OutgoingEdge#nodeRestarted}. Any thread. */
    public void nodeRestarted(String restarted) {
        tell(() -> sender.edge().nodeRestarted(restarted));
    }

    /** What is sent from now on is not read before this was told. */
    private void tell(Runnable notice) {
        Runnable gated = () -> {
            MappedEdge now = mapped;
            if (now != null) {
                told++;
                now.raiseGate(told);
                notice.run();
                sender.say(new ControlMessage.Told(told));
            }
        };
        synchronized (untold) {
            if (mapped == null) {
                untold.add(gated);
            } else {
                gated.run();
            }
        }
    }

    private void onSessionEnded(Ending ending, String reason) {
        switch (ending) {
            case FINISHED -> {} // what is in the memory is still being read
            case CONSUMER_CLOSED -> onConsumerClosed();
            case DETACHED -> fallBack(true, reason);
            case REFUSED -> leave(); // it knows of a later assignment, and so will this end
            case LINK_TIMEOUT, LINK_RESET -> onLost(reason);
        }
    }

    private void onAnswersEnded(Ending ending, String reason) {
        if (ending == Ending.FINISHED) {
            onConsumerClosed();
        } else if (ending.isLinkLost()) {
            onLost(reason);
        }
    }

    private void onConsumerClosed() {
        if (state != State.OVER) {
            closeReader();
            leave();
        }
    }

    private void onLost(String reason) {
        if (state == State.OFFERED) {
            fallBack(isOpened, reason);
        } else if (state == State.ACTIVE) {
            closeReader();
            leave();
            owner.onLost(reason);
        }
    }

    private void closeReader() {
        MappedEdge now = mapped;
        if (now != null) {
            now.edge().reader().close();
        }
    }

    private void fallBack(boolean isOtherFree, String reason) {
        if (state != State.OVER) {
            boolean wasUsed = state == State.ACTIVE;
            leave();
            owner.onFallBack(isOtherFree, wasUsed, reason);
        }
    }

    /** Nobody has answered for long. */
    public void giveUpUnlessAnswered() {
        if (state == State.OFFERED) {
            fallBack(isOpened, "no answer came");
        }
    }

    /** Lets it go: the other end is told that messages are to come otherwise, if at all. Idempotent. */
    public void leave() {
        state = State.OVER;
        sender.close();
        forget();
    }

    private void forget() {
        receiver.close();
        owner.afterwards(files::deleteAll);
        MappedEdge now = mapped;
        if (now != null) {
            now.forget();
        }
    }

    @Override
    public String toString() {
        return "shared memory of " + sender.edge().session();
    }
}
