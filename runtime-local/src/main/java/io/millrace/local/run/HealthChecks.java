package io.millrace.local.run;

import io.millrace.graph.Graph;
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
        return new HealthChecks(
                Times.nanos(graph.settings().healthCheckInterval().orElseGet(() -> interval(graph))));
    }

    private static Duration interval(Graph graph) {
        Duration shortest = graph.nodes().stream()
                .map(node -> node.supervision().healthCheckTimeout())
                .flatMap(Optional::stream)
                .map(limit -> limit.dividedBy(2))
                .min(Duration::compareTo)
                .orElse(USUAL);
        Duration bounded = shortest.compareTo(USUAL) < 0 ? shortest : USUAL;
        return bounded.compareTo(SHORTEST) < 0 ? SHORTEST : bounded;
    }
}
