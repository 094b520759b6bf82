package io.millrace.remote.cli;

import io.millrace.graph.Execution.Idle;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a dataflow is started and looked at, be it here or on a cluster. */
final class StartingOptions {
    @Option(
            names = "--idle",
            paramLabel = "HOW",
            converter = IdleConverter.class,
            completionCandidates = IdleConverter.class,
            description =
                    "What a node's thread does without work, where the node does not say: ${COMPLETION-CANDIDATES}. Default: park.")
    private @Nullable Idle idle;

    @Option(
            names = "--start-timeout",
            paramLabel = "TIME",
            converter = PositiveDurationConverter.class,
            defaultValue = "60s",
            description = "How long nodes have to open. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration startTimeout;

    @Option(
            names = "--top",
            description = "Shows nodes and edges as tables that are redrawn, where standard error is a terminal.")
    private boolean top;

    boolean isTop() {
        return top;
    }

    void into(StartOptions.Builder start) {
        start.startTimeout(startTimeout);
        if (idle != null) {
            start.idle(idle);
        }
    }
}
