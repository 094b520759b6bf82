package io.millrace.local.run;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.local.waiting.Times;
import java.time.Duration;
import java.util.Optional;

/**
 * How often nodes are looked at.
 *
 * @param intervalNs as written, or a second, or half of the shortest limit if that is less
 */
record HealthChecks(long intervalNs) {
    private static final Duration USUAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(10);

    static HealthChecks of(Graph graph) {
        Optional<Duration> written = graph.settings().healthCheckInterval();
        return new HealthChecks(Times.nanos(written.isPresent() ? written.get() : interval(graph)));
    }

    private static Duration interval(Graph graph) {
        Duration interval = USUAL;
        for (GraphNode node : graph.nodes()) {
            Optional<Duration> limit = node.supervision().healthCheckTimeout();
            if (limit.isPresent() && limit.get().dividedBy(2).compareTo(interval) < 0) {
                interval = limit.get().dividedBy(2);
            }
        }
        return interval.compareTo(SHORTEST) < 0 ? SHORTEST : interval;
    }
}
