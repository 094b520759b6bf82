package io.millrace.remote.executor;

import io.millrace.graph.Graph;
import io.millrace.local.part.PartListener;
import io.millrace.local.run.LocalPart;
import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkPeer;
import io.millrace.remote.link.Role;
import io.millrace.remote.shared.SharedMemory;
import io.millrace.remote.wire.JobAssignment;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.PartReport;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowMetrics;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A job as far as this executor has parts of it. Used by the agenda's thread. */
final class HostedJob {
    private final String id;
    private final Host host;
    private final Map<PartId, HostedPart> parts = new LinkedHashMap<>();
    private final Map<String, PartPlace> placeOf = new HashMap<>(); // by node
    private Set<PartId> wantedParts = Set.of();
    private boolean isOnlyByHandLeft;
    private String name = "";

    /** The executor, as its jobs see it. */
    interface Host {
        String machineId();

        String instance();

        Agenda agenda();

        LinkHub hub();

        /** What is shared with other executors of this host; null for nothing. */
        @Nullable SharedMemory memory();

        /** Any thread; completes on another one. */
        CompletionStage<LocalPart> prepare(HostedPart part, PartListener listener);

        void onChanged();

        void tell(HostedPart part, DataflowEvent event);

        void store(HostedPart part, String code, byte[] bytes);
    }

    HostedJob(String id, Host host) {
        this.id = id;
        this.host = host;
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    Collection<HostedPart> parts() {
        return parts.values();
    }

    /** Goes by what is wanted now. */
    void follow(JobAssignment wanted, Duration dropGrace) {
        isOnlyByHandLeft = wanted.isOnlyByHandLeft();
        placeOf.clear();
        wanted.places().forEach(place -> place.nodes().forEach(node -> placeOf.putIfAbsent(node, place)));
        name = wanted.name();
        for (PartAssignment assignment : wanted.parts()) {
            HostedPart known = parts.get(assignment.id());
            if (known == null) {
                begin(assignment);
            } else if (known.epoch() == assignment.epoch()) {
                known.follow(assignment);
            }
        }
        wantedParts = wanted.parts().stream().map(PartAssignment::id).collect(Collectors.toSet());
        parts.values().stream().filter(part -> !wantedParts.contains(part.id())).forEach(part -> part.drop(dropGrace));
        refresh();
    }

    private void begin(PartAssignment assignment) {
        HostedPart part = new HostedPart(this, assignment, host.agenda());
        parts.put(part.id(), part);
        part.prepare();
        part.follow(assignment);
    }

    /** None of it is wanted any more. */
    void drop(Duration grace) {
        wantedParts = Set.of();
        parts.values().forEach(part -> part.drop(grace));
    }

    /** Hands over the parts that have ended and are not wanted any more. */
    List<HostedPart> takePast() {
        List<HostedPart> past = parts.values().stream()
                .filter(part -> part.state().isFinal() && !wantedParts.contains(part.id()))
                .toList();
        past.forEach(part -> parts.remove(part.id()));
        return past;
    }

    private void refresh() {
        for (HostedPart part : parts.values()) {
            PartRoutes routes = part.routes();
            if (routes != null && !part.isDetached()) {
                routes.refresh();
            }
            if (isOnlyByHandLeft) {
                part.dismiss();
            }
        }
    }

    /** Where an edge leads whose other end is this node. */
    Target target(String nodeId) {
        PartPlace place = placeOf.get(nodeId);
        return place == null ? new Target.Nowhere() : target(place);
    }

    private Target target(PartPlace place) {
        if (place.machineId().equals(host.machineId()) && place.instance().equals(host.instance())) {
            HostedPart here = parts.get(place.id());
            if (here != null && here.local() != null && !here.isDetached()) {
                return new Target.Here(here);
            }
            return place.isEnded() ? new Target.Over() : new Target.Nowhere();
        }
        if (place.isEnded()) {
            return new Target.Over();
        }
        LinkPeer peer = new LinkPeer(
                Role.EXECUTOR,
                place.machineId(),
                place.instance(),
                Optional.of(InetSocketAddress.createUnresolved(place.linkHost(), place.linkPort())));
        return new Target.There(peer, place.epoch());
    }

    // What its parts use.

    String machineId() {
        return host.machineId();
    }

    LinkHub hub() {
        return host.hub();
    }

    @Nullable SharedMemory memory() {
        return host.memory();
    }

    CompletionStage<LocalPart> prepare(HostedPart part, PartListener listener) {
        return host.prepare(part, listener);
    }

    void onChanged(HostedPart part) {
        refresh(); // what leads to it may do so now
        host.onChanged();
    }

    void tell(HostedPart part, DataflowEvent event) {
        host.tell(part, event);
    }

    /** Also of a part that moves, while it ends; of one that belongs elsewhere already the masters do not take it. */
    void store(HostedPart part, String code, byte[] bytes) {
        host.store(part, code, bytes);
    }

    // What its figures are.

    /** Of the parts that run. */
    List<DataflowMetrics> metrics() {
        List<DataflowMetrics> all = new ArrayList<>();
        for (HostedPart part : parts.values()) {
            LocalPart local = part.local();
            if (local != null && part.isRunning()) {
                all.add(local.running().metrics());
            }
        }
        return all;
    }

    /** Empty while no part of it runs here. */
    Optional<Graph> graph() {
        return parts.values().stream()
                .filter(HostedPart::isRunning)
                .map(HostedPart::local)
                .filter(Objects::nonNull)
                .map(local -> local.spec().graph())
                .findFirst();
    }

    List<ExecutorFigures.LinkedEdge> linkedEdges() {
        List<ExecutorFigures.LinkedEdge> all = new ArrayList<>();
        for (HostedPart part : parts.values()) {
            PartRoutes routes = part.routes();
            if (routes != null && part.isRunning()) {
                all.addAll(routes.linkedEdges());
            }
        }
        return all;
    }

    List<PartReport> reports() {
        return parts.values().stream().map(HostedPart::report).toList();
    }
}
