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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An edge from a publisher of the application to the part that has its consumer. Used by the agenda's thread. */
final class PublishRoute {
    private static final Logger LOG = LoggerFactory.getLogger(PublishRoute.class);

    private final AppRoutes routes;
    private final BoundaryEdge edge;
    private final EdgeSignal signal;
    private final ApplicationEnds ends;
    private Edge ring;
    private @Nullable OutgoingEdge outgoing;
    private boolean isLost; // the ring, with its link
    private @Nullable Runnable forgetLink; // while the link is waited for
    private boolean isOver;
    private long epoch = -1; // of the part that it leads to

    PublishRoute(AppRoutes routes, BoundaryEdge edge, ApplicationEnds ends) {
        this.routes = routes;
        this.edge = edge;
        this.ends = ends;
        this.signal = routes.hub().newSignal();
        this.ring = ends.output(edge.name(), signal.wake());
    }

    void follow(JobView view) {
        Optional<PartPlace> place = AppRoutes.place(view, edge.consumer());
        if (!isOver && place.isPresent() && place.get().epoch() != epoch) {
            connect(place.get());
        }
    }

    private void connect(PartPlace place) {
        leave();
        epoch = place.epoch();
        if (isLost) {
            isLost = false;
            ring = ends.output(edge.name(), signal.wake());
        }
        EdgeSession session = routes.publishing(edge.name(), epoch);
        Edge sent = ring;
        outgoing = routes.hub()
                .send(session, AppRoutes.peer(place), sent, signal, (ending, reason) -> onEnded(sent, ending, reason));
        Question.Publish wanted = new Question.Publish(
                session, routes.self().name(), routes.self().instance());
        routes.ask(place, wanted).whenComplete((answer, error) -> {
            if (error != null || answer instanceof Question.Answer.Nothing) {
                LOG.warn("edge '{}' is not connected: {}", edge.name(), error != null ? error.getMessage() : answer);
            }
        });
    }

    /** On the link's thread. */
    private void onEnded(Edge sent, Ending ending, String reason) {
        if (!ending.closesRings()) {
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
        long waiting = isLost ? 0 : OutgoingEdge.waitingIn(ring); // else it has been said
        return CompletableFuture.completedFuture(
                new OutgoingEdge.Remainder(waiting, 0, isLost, ring.reader().isWriterClosed()));
    }
}
