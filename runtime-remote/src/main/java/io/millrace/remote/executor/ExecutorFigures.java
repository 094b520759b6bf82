package io.millrace.remote.executor;

import io.millrace.local.run.Merging;
import io.millrace.remote.link.EdgeTraffic;
import io.millrace.remote.link.LinkStatus;
import io.millrace.remote.metrics.MetricsPage;
import io.millrace.remote.metrics.MetricsPage.Family;
import io.millrace.remote.wire.PartState;
import io.millrace.runtime.DataflowMetrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** What an executor's page says of its parts, their edges and its links. On the agenda's thread. */
final class ExecutorFigures {
    /** A page does not grow without bounds, whatever runs. */
    static final int MAX_EDGES = 1000;

    private final Collection<HostedJob> jobs;
    private final List<LinkStatus> links;

    /** An edge of a job, here or between here and elsewhere. */
    private record JobEdge(String job, DataflowMetrics.EdgeMetrics edge) {
        String[] labels(String... more) {
            return labelled(job, edge.name(), more);
        }
    }

    /** One end of an edge over a link. */
    record LinkedEdge(String job, String name, String direction, EdgeTraffic traffic) {
        String[] labels() {
            return labelled(job, name, "direction", direction);
        }
    }

    private static String[] labelled(String job, String edge, String... more) {
        List<String> labels = new ArrayList<>(List.of("job", job, "edge", edge));
        labels.addAll(List.of(more));
        return labels.toArray(String[]::new);
    }

    ExecutorFigures(Collection<HostedJob> jobs, List<LinkStatus> links) {
        this.jobs = jobs;
        this.links = links;
    }

    void addTo(MetricsPage page) {
        addParts(page);
        addLinks(page);
        List<JobEdge> edges = edges();
        List<LinkedEdge> linked =
                jobs.stream().flatMap(job -> job.linkedEdges().stream()).toList();
        page.gauge(
                        "millrace_edges_left_out",
                        "Edges and ends of edges that are not on this page, for there are too many.")
                .add(Math.max(0, edges.size() - MAX_EDGES) + Math.max(0, linked.size() - MAX_EDGES));
        addEdges(page, edges.subList(0, Math.min(MAX_EDGES, edges.size())));
        addLinkedEdges(page, linked.subList(0, Math.min(MAX_EDGES, linked.size())));
    }

    private void addParts(MetricsPage page) {
        Map<PartState, Long> counts = new EnumMap<>(PartState.class);
        jobs.forEach(job -> job.parts().forEach(part -> counts.merge(part.state(), 1L, Long::sum)));
        Family parts = page.gauge("millrace_executor_parts", "Parts of jobs that it has, by state.");
        for (PartState state : PartState.values()) {
            parts.add(counts.getOrDefault(state, 0L), "state", state.name().toLowerCase(Locale.ROOT));
        }
    }

    // Links: those to one peer are one here, for clients may have one name.

    private void addLinks(MetricsPage page) {
        long up = links.stream().filter(LinkStatus::isUp).count();
        page.gauge("millrace_executor_links", "Links to executors and clients.")
                .add(up, "state", "up")
                .add(links.size() - up, "state", "down");
        addLinks(page.counter("millrace_link_sent_bytes_total", "Bytes sent to a peer."), LinkStatus::bytesSent);
        addLinks(
                page.counter("millrace_link_received_bytes_total", "Bytes received from a peer."),
                LinkStatus::bytesReceived);
        addLinks(
                page.gauge("millrace_link_unacknowledged_bytes", "Bytes under way to a peer, or to be sent again."),
                LinkStatus::bytesUnacknowledged);
        addLinks(
                page.counter(
                        "millrace_link_connections_total", "Connections with a peer, that of now and former ones."),
                LinkStatus::connections);
        addLinks(page.gauge("millrace_link_sessions", "Edges over the link with a peer."), LinkStatus::sessions);
    }

    private void addLinks(Family family, ToLongFunction<LinkStatus> figure) {
        Map<String, Long> byPeer = new TreeMap<>();
        links.forEach(link -> byPeer.merge(link.peer().name(), figure.applyAsLong(link), Long::sum));
        byPeer.forEach((peer, value) -> family.add(value, "peer", peer));
    }

    // Edges.

    private List<JobEdge> edges() {
        List<JobEdge> all = new ArrayList<>();
        for (HostedJob job : jobs) {
            List<DataflowMetrics> parts = job.metrics();
            job.graph()
                    .ifPresent(graph -> new Merging(graph)
                            .metrics(parts)
                            .edges()
                            .forEach(edge -> all.add(new JobEdge(job.name(), edge))));
        }
        return all;
    }

    private static void addEdges(MetricsPage page, List<JobEdge> edges) {
        add(
                page.counter("millrace_edge_sent_messages_total", "Messages that a producer here put on the edge."),
                edges,
                DataflowMetrics.EdgeMetrics::sent);
        add(
                page.counter(
                        "millrace_edge_received_messages_total", "Messages that a consumer here took from the edge."),
                edges,
                DataflowMetrics.EdgeMetrics::received);
        Family lost = page.counter("millrace_edge_lost_messages_total", "Messages that did not arrive, by reason.");
        for (JobEdge each : edges) {
            DataflowMetrics.Lost reasons = each.edge().lost();
            lost.add(reasons.dropped(), each.labels("reason", "dropped"))
                    .add(reasons.forMemory(), each.labels("reason", "memory"))
                    .add(reasons.conflated(), each.labels("reason", "conflated"))
                    .add(reasons.discarded(), each.labels("reason", "discarded"));
        }
        add(
                page.gauge("millrace_edge_backlog_messages", "Messages that wait here."),
                edges,
                DataflowMetrics.EdgeMetrics::backlog);
    }

    private static void add(Family family, List<JobEdge> edges, ToLongFunction<DataflowMetrics.EdgeMetrics> figure) {
        edges.forEach(each -> family.add(figure.applyAsLong(each.edge()), each.labels()));
    }

    private static void addLinkedEdges(MetricsPage page, List<LinkedEdge> edges) {
        Family messages = page.counter("millrace_link_messages_total", "Messages of an edge over a link.");
        edges.forEach(edge -> messages.add(edge.traffic().messages(), edge.labels()));
        Family bytes = page.counter("millrace_link_message_bytes_total", "Bytes of these messages.");
        edges.forEach(edge -> bytes.add(edge.traffic().bytes(), edge.labels()));
        Family resent = page.counter(
                "millrace_link_resent_messages_total",
                "Those of them that were sent again after a connection was lost.");
        edges.forEach(edge -> resent.add(edge.traffic().resent(), edge.labels()));
        Family stalled = page.counter(
                "millrace_link_credit_stall_seconds_total",
                "For how long messages of an edge waited, though the link was up, until its consumer had room.");
        edges.forEach(edge -> stalled.add(edge.traffic().stalledNs() / 1e9, edge.labels()));
    }
}
