package io.millrace.remote.executor;

import io.millrace.local.edge.Edge;
import io.millrace.local.part.BoundaryEdge;
import io.millrace.local.run.LocalPart;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.wire.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where the boundary edges of a part lead. Used by the agenda's thread, but for what says otherwise. */
final class PartRoutes {
    private final HostedJob job;
    private final Map<BoundaryEdge, OutputRoute> outputs = new LinkedHashMap<>(); // as it was made
    private final Map<BoundaryEdge, InputRoute> inputs = new LinkedHashMap<>();
    private final PartSubscriptions subscriptions;
    private boolean isConnected;

    PartRoutes(HostedPart owner, LocalPart part, HostedJob job, LinkHub hub) {
        this.job = job;
        this.subscriptions = new PartSubscriptions(part, hub);
        for (BoundaryEdge edge :
                BoundaryEdge.outputs(part.spec().graph(), part.spec().nodes())) {
            outputs.put(edge, new OutputRoute(owner, part, edge, job.id(), hub, job.memory()));
        }
        for (BoundaryEdge edge :
                BoundaryEdge.inputs(part.spec().graph(), part.spec().nodes())) {
            inputs.put(edge, new InputRoute(owner, part, edge, job.id(), hub, job.memory()));
        }
    }

    /** Before the part is opened: every edge has somewhere to lead. */
    void connect() {
        isConnected = true;
        refresh();
    }

    /** Goes by where the other parts are now. Does nothing before it was connected. */
    void refresh() {
        if (isConnected) {
            outputs.forEach((edge, route) -> route.lead(job.target(edge.consumer())));
            inputs.forEach((edge, route) ->
                    route.lead(edge.isFromApplication() ? new Target.Nowhere() : job.target(edge.producer())));
        }
    }

    /** An output is joined with a part here, by whichever of the two comes first. */
    void lead(String edge, Target target) {
        outputs.forEach((known, route) -> {
            if (known.name().equals(edge)) {
                route.lead(target);
            }
        });
    }

    /** What its edges have carried over links. */
    List<ExecutorFigures.LinkedEdge> linkedEdges() {
        List<ExecutorFigures.LinkedEdge> all = new ArrayList<>();
        outputs.forEach((edge, route) -> route.traffic()
                .ifPresent(seen -> all.add(new ExecutorFigures.LinkedEdge(job.name(), edge.name(), "out", seen))));
        inputs.forEach((edge, route) -> route.traffic()
                .ifPresent(seen -> all.add(new ExecutorFigures.LinkedEdge(job.name(), edge.name(), "in", seen))));
        return all;
    }

    PartSubscriptions subscriptions() {
        return subscriptions;
    }

    /** A client wants to publish here. */
    Question.Answer adopt(Question.Publish wanted) {
        for (Map.Entry<BoundaryEdge, InputRoute> entry : inputs.entrySet()) {
            if (entry.getKey().isFromApplication() && entry.getKey().name().equals(wanted.edge())) {
                return entry.getValue().adopt(wanted);
            }
        }
        return new Question.Answer.Nothing("the application feeds no edge '" + wanted.edge() + "' here");
    }

    /** The part belongs elsewhere from now on: what becomes of it here is told nobody. */
    void detach() {
        isConnected = false;
        outputs.values().forEach(OutputRoute::detach);
        inputs.values().forEach(InputRoute::detach);
        subscriptions.detach();
    }

    void onInputReplaced(String edge, Edge fresh) {
        inputs.values().stream().filter(route -> route.name().equals(edge)).forEach(route -> route.onReplaced(fresh));
    }

    void onOutputReplaced(String edge, Edge fresh) {
        outputs.forEach((known, route) -> {
            if (known.name().equals(edge)) {
                route.onReplaced(fresh);
            }
        });
    }

    // Any thread.

    void tellNodeFailed(String consumer, String failed, String error, List<String> inputNames) {
        for (Map.Entry<BoundaryEdge, OutputRoute> entry : outputs.entrySet()) {
            if (isBetween(entry.getKey(), failed, consumer)
                    && entry.getValue().tellNodeFailed(failed, error, inputNames)) {
                return; // once is enough
            }
        }
    }

    void tellNodeRestarted(String consumer, String restarted) {
        for (Map.Entry<BoundaryEdge, OutputRoute> entry : outputs.entrySet()) {
            if (isBetween(entry.getKey(), restarted, consumer)
                    && entry.getValue().tellNodeRestarted(restarted)) {
                return;
            }
        }
    }

    private static boolean isBetween(BoundaryEdge edge, String producer, String consumer) {
        return edge.producer().equals(producer) && edge.consumer().equals(consumer);
    }
}
