package io.millrace.remote.client;

import io.millrace.local.edge.Edge;
import io.millrace.local.run.ApplicationEnds;
import io.millrace.local.run.BoundaryEdge;
import io.millrace.remote.link.EdgeSignal;
import io.millrace.remote.link.Ending;
import io.millrace.remote.link.OutgoingEdge;
import io.millrace.remote.wire.EdgeSession;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.Question;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An edge from a publisher of the application to the part that has its consumer. Used by the agenda's thread. */
final class PublishRoute {
    private static final Logger LOG = LoggerFactory.getLogger(PublishRoute.class);

    private final AppRoutes routes;
    private final BoundaryEdge edge;
    private final EdgeSignal signal;
    private final Edge ring;
    private @Nullable OutgoingEdge outgoing;
    private long epoch = -1; // of the part that it leads to

    PublishRoute(AppRoutes routes, BoundaryEdge edge, ApplicationEnds ends) {
        this.routes = routes;
        this.edge = edge;
        this.signal = routes.hub().newSignal();
        this.ring = ends.output(edge.name(), signal.wake());
    }

    void follow(JobView view) {
        Optional<PartPlace> place = AppRoutes.place(view, edge.consumer());
        if (place.isPresent() && place.get().epoch() != epoch) {
            connect(place.get());
        }
    }

    private void connect(PartPlace place) {
        if (outgoing != null) {
            outgoing.close();
        }
        epoch = place.epoch();
        EdgeSession session = routes.publishing(edge.name(), epoch);
        outgoing = routes.hub().send(session, AppRoutes.peer(place), ring, signal, this::onEnded);
        Question.Publish wanted = new Question.Publish(
                session, routes.self().name(), routes.self().instance());
        routes.ask(place, wanted).whenComplete((answer, error) -> {
            if (error != null || answer instanceof Question.Answer.Nothing) {
                LOG.warn("edge '{}' is not connected: {}", edge.name(), error != null ? error.getMessage() : answer);
            }
        });
    }

    private void onEnded(Ending ending, String reason) {
        if (ending.closesRings() && !reason.isEmpty()) {
            LOG.warn("edge '{}' has ended: {}", edge.name(), reason);
        }
    }
}
