package io.millrace.remote.client;

import io.millrace.local.edge.Edge;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.run.ApplicationEnds;
import io.millrace.remote.link.EdgeSignal;
import io.millrace.remote.link.Ending;
import io.millrace.remote.link.OutgoingEdge;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.Question;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An edge from a publisher of the application to the part that has its consumer. Used by the agenda's thread.
 *
 * <p>It leads nowhere before it is wanted: one client at a time feeds an edge, and the last to come takes the place of the one before, which asks now and then until it may come back.
 */
final class PublishRoute {
    private static final Logger LOG = LoggerFactory.getLogger(PublishRoute.class);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

    private final AppRoutes routes;
    private final BoundaryEdge edge;
    private final EdgeSignal signal;
    private final ApplicationEnds ends;
    private final long number;
    private Edge ring;
    private boolean isWanted;
    private @Nullable EdgeSession session;
    private @Nullable OutgoingEdge outgoing;
    private boolean hasPublished; // then it does not take the place of others
    private long questions; // so far: answers to others than the last are passed over
    private String told = ""; // why it is not connected
    private boolean isLost; // the ring, with its link
    private @Nullable Runnable forgetLink; // while the link is waited for
    private boolean isOver;
    private long epoch = -1; // of the part that it leads to

    /** @param number of its own, at this client */
    PublishRoute(AppRoutes routes, BoundaryEdge edge, ApplicationEnds ends, long number) {
        this.routes = routes;
        this.edge = edge;
        this.ends = ends;
        this.number = number;
        this.signal = routes.hub().newSignal();
        this.ring = ends.output(edge.name(), signal.wake());
    }

    /** The publisher's full name. */
    String source() {
        return edge.input().source().toString();
    }

    /** It is to lead somewhere. */
    void want() {
        isWanted = true;
    }

    boolean isWanted() {
        return isWanted;
    }

    /** Nobody will read there any more: before it is wanted, by whoever is the first to want it. */
    void closeIfEnded() {
        if (routes.hasEnded(edge.consumer())) {
            ring.reader().close();
        }
    }

    void follow(JobView view) {
        if (!isWanted || isOver) {
            return;
        }
        Optional<PartPlace> place = AppRoutes.place(view, edge.consumer());
        if (place.isPresent()) {
            if (place.get().epoch() != epoch) {
                connect(place.get());
            }
        } else if ((outgoing == null || isLost) && routes.hasEnded(edge.consumer())) {
            close();
        }
    }

    /** The part has ended, and no link is there to say so: whoever publishes finds it closed. */
    private void close() {
        Edge unread = ring;
        boolean isTold = isLost;
        end();
        routes.hub().execute(() -> {
            unread.reader().close();
            long lost = unread.reader().discarded();
            if (lost > 0 && !isTold) {
                LOG.warn("edge '{}' has ended: {} messages of the application were not delivered", edge.name(), lost);
            }
        });
    }

    private void connect(PartPlace place) {
        leave();
        epoch = place.epoch();
        if (isLost) {
            isLost = false;
            ring = ends.output(edge.name(), signal.wake());
        }
        ask(place);
    }

    private void ask(PartPlace place) {
        long asked = ++questions;
        AppRoutes.Self self = routes.self();
        Question.Publish wanted =
                new Question.Publish(edge.name(), self.name(), self.instance(), number, !hasPublished);
        routes.ask(place, wanted).whenComplete((answer, error) -> {
            if (isOver || asked != questions) {
                return;
            }
            if (answer instanceof Question.Answer.Publishing publishing) {
                begin(place, publishing.session());
            } else {
                tell(answer instanceof Question.Answer.Nothing nothing ? nothing.reason() : String.valueOf(error));
                askAgainLater(place);
            }
        });
    }

    private void begin(PartPlace place, EdgeSession made) {
        if (!told.isEmpty()) {
            told = "";
            LOG.info("edge '{}' is connected", edge.name());
        }
        hasPublished = true;
        session = made;
        Edge sent = ring;
        outgoing = routes.hub()
                .send(
                        made,
                        AppRoutes.peer(place),
                        sent,
                        signal,
                        (ending, reason) -> onEnded(place, made, sent, ending, reason));
    }

    /** Once for each reason, to whom it matters. */
    private void tell(String reason) {
        if (routes.isUsed(source()) && !reason.equals(told)) {
            told = reason;
            LOG.warn("edge '{}' is not connected: {}", edge.name(), reason);
        }
    }

    private void askAgainLater(PartPlace place) {
        long asked = questions;
        routes.agenda().after(BETWEEN_QUESTIONS, () -> {
            if (asked == questions && mayLeadTo(place)) {
                ask(place);
            }
        });
    }

    private boolean mayLeadTo(PartPlace place) {
        Optional<PartPlace> now = routes.placeOf(edge.consumer());
        return !isOver && now.isPresent() && now.get().epoch() == place.epoch() && place.epoch() == epoch;
    }

    /** On the link's thread. */
    private void onEnded(PartPlace place, EdgeSession ended, Edge sent, Ending ending, String reason) {
        if (!ending.closesRings()) {
            routes.agenda().execute(() -> onDisplaced(place, ended));
            return;
        }
        long lost = sent.reader().discarded();
        if (lost > 0 || !reason.isEmpty()) {
            LOG.warn(
                    "edge '{}' has ended: {}{}",
                    edge.name(),
                    reason,
                    lost == 0 ? "" : "; " + lost + " messages of the application were not delivered");
        }
        if (ending.isLinkLost()) {
            routes.agenda().execute(() -> onLinkLost(sent));
        }
    }

    /** The executor has let go of it: for another client, which the next answer says, or because the part leaves. */
    private void onDisplaced(PartPlace place, EdgeSession ended) {
        if (ended.equals(session)) {
            outgoing = null;
            session = null;
            askAgainLater(place);
        }
    }

    /** As with edges between executors: with a fresh ring, when the link is up again. */
    private void onLinkLost(Edge sent) {
        if (isOver || ring != sent) {
            return;
        }
        isLost = true;
        Optional<PartPlace> place = routes.placeOf(edge.consumer());
        if (place.isPresent() && place.get().epoch() == epoch) {
            PartPlace there = place.get();
            forgetLink = routes.hub()
                    .whenUp(AppRoutes.peer(there), () -> routes.agenda().execute(() -> connectAgain(there)));
        }
    }

    private void connectAgain(PartPlace there) {
        if (isLost && !isOver && there.epoch() == epoch) {
            LOG.info("edge '{}' is connected again", edge.name());
            connect(there);
        }
    }

    private void leave() {
        Runnable waiting = forgetLink;
        forgetLink = null;
        if (waiting != null) {
            waiting.run();
        }
        if (outgoing != null) {
            outgoing.close();
            outgoing = null;
            session = null;
        }
    }

    /** The job is over, or this client. */
    void end() {
        isOver = true;
        leave();
    }

    String name() {
        return edge.name();
    }

    /** How much of what was published is not known to have arrived. */
    CompletionStage<OutgoingEdge.Remainder> remainder() {
        OutgoingEdge open = outgoing;
        if (open != null && !isLost) {
            return open.remainder();
        }
        boolean isClosed = isLost || isOver; // then it has been said
        long waiting = isClosed ? 0 : OutgoingEdge.waitingIn(ring);
        return CompletableFuture.completedFuture(
                new OutgoingEdge.Remainder(waiting, 0, isClosed, ring.reader().isWriterClosed()));
    }
}
