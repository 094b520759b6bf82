package io.millrace.remote.cli;

import io.millrace.node.Clock;
import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.RunningDataflow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace top}. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description =
                "Shows what every node and edge of a job does now: redrawn where standard error is a terminal, else once.",
        footer = {
            "",
            "Ctrl-C ends it; the job runs on.",
            "Exit code: 0 it was shown, 3 there is no such job, 69 no master was reached."
        })
final class TopCommand implements Callable<Integer> {
    /** Rates are those between two looks. */
    private static final long BETWEEN_LOOKS_MS = 1_000;

    private static final int ALL_ROWS = 10_000;
    private static final int WIDE = 200;

    private final Console console;

    @Mixin
    private final JobArgument job = new JobArgument();

    @Mixin
    private final ClientOptions options = new ClientOptions();

    TopCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new ClusterTask(console, options).run(this::show);
    }

    private int show(Cluster cluster) throws InterruptedException {
        Job meant = job.choose(cluster);
        RunningDataflow running = cluster.attach(meant.id());
        if (options.isJson()) {
            console.out().print(Json.write(toJson(running.metrics())));
        } else if (console.errIsTerminal()) {
            try (Progress progress = Progress.on(console, false, true)) {
                new AttachedRun(running, progress, Clock.system(), signal -> false, Duration.ZERO).run();
            }
        } else {
            showOnce(running);
        }
        return ExitCode.OK;
    }

    /** Where nobody's terminal is the limit, names are whole. */
    private int columns() {
        return console.outIsTerminal() ? console.columns() : WIDE;
    }

    private void showOnce(RunningDataflow running) throws InterruptedException {
        TopTable table = new TopTable();
        try (Looking looking = new Looking()) {
            table.lines(running.metrics(), Duration.ZERO, columns(), ALL_ROWS);
            looking.awaitEnd(BETWEEN_LOOKS_MS);
            table.lines(running.metrics(), Duration.ofMillis(BETWEEN_LOOKS_MS), columns(), ALL_ROWS)
                    .forEach(line -> console.out().println(Printable.of(line)));
        }
    }

    private static Map<String, @Nullable Object> toJson(DataflowMetrics metrics) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("dataflow", metrics.name());
        json.put("nodes", metrics.nodes().stream().map(TopCommand::toJson).toList());
        json.put("edges", metrics.edges().stream().map(TopCommand::toJson).toList());
        return json;
    }

    private static Map<String, @Nullable Object> toJson(DataflowMetrics.NodeMetrics node) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("node", node.id());
        json.put("state", node.state().name().toLowerCase(Locale.ROOT));
        json.put("received", node.received());
        json.put("sent", node.sent());
        json.put("dropped", node.dropped());
        json.put("handling", toJson(node.handling()));
        return json;
    }

    private static Map<String, @Nullable Object> toJson(DataflowMetrics.EdgeMetrics edge) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("edge", edge.name());
        json.put("received", edge.received());
        json.put("backlog", edge.backlog());
        json.put("highWater", edge.highWater());
        json.put("queueSize", edge.queueSize());
        json.put("lost", edge.lost().total());
        json.put("hop", toJson(edge.hop()));
        return json;
    }

    private static Map<String, @Nullable Object> toJson(DataflowMetrics.Times times) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("samples", times.samples());
        json.put("p50Ns", times.p50Ns());
        json.put("p99Ns", times.p99Ns());
        return json;
    }
}
