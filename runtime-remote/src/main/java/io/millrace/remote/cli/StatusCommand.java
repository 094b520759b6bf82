package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.remote.ExecutorStatus;
import io.millrace.remote.Job;
import io.millrace.remote.MastersStatus;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        description = "Shows a cluster's masters, executors and jobs, or all that is known of one job.",
        footer = {"", "Exit code: 0 it was shown, 3 there is no such job, 69 no master was reached."})
final class StatusCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            paramLabel = "JOB",
            arity = "0..1",
            description = "Its name or id. A name stands for the job that runs, else for the last one.")
    private @Nullable String job;

    @Mixin
    private final ClientOptions options = new ClientOptions();

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        String named = job;
        return new ClusterTask(console, options).run(cluster -> {
            if (named == null) {
                showCluster(cluster);
            } else {
                showJob(cluster, JobChoice.named(cluster, named));
            }
            return ExitCode.OK;
        });
    }

    private void showCluster(Cluster cluster) {
        MastersStatus masters = cluster.masters();
        List<ExecutorStatus> executors = cluster.executors();
        List<Job> jobs = JobChoice.underWay(cluster.jobs());
        if (options.isJson()) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("masters", ExecutorText.toJson(masters));
            json.put(
                    "executors",
                    executors.stream()
                            .map(executor -> ExecutorText.toJson(executor, masters))
                            .toList());
            json.put("jobs", jobs.stream().map(JobText::listed).toList());
            console.out().print(Json.write(json));
        } else {
            console.out().print(ExecutorText.table(masters));
            console.out().print("\n" + ExecutorText.table(executors, masters));
            console.out().print("\n" + new JobText(ZoneId.systemDefault()).table(jobs));
        }
    }

    private void showJob(Cluster cluster, Job shown) {
        Optional<DataflowStatus> counters = counters(cluster, shown);
        List<NodeStatus> nodes = counters.map(DataflowStatus::nodes).orElse(List.of());
        List<EdgeStatus> edges = counters.map(DataflowStatus::edges).orElse(List.of());
        if (options.isJson()) {
            Map<String, @Nullable Object> json = JobText.toJson(shown);
            json.put("nodes", nodes.stream().map(Summary::toJson).toList());
            json.put("edges", edges.stream().map(Summary::toJson).toList());
            console.out().print(Json.write(json));
            return;
        }
        console.out().print(new JobText(ZoneId.systemDefault()).details(shown));
        if (!nodes.isEmpty()) {
            console.out().print("\n" + ofNodes(nodes));
        }
        if (!edges.isEmpty()) {
            console.out().print("\n" + ofEdges(edges));
        }
    }

    /** None where it does not run: then nobody counts. */
    private static Optional<DataflowStatus> counters(Cluster cluster, Job shown) {
        return shown.state() == Job.State.RUNNING || shown.state() == Job.State.STOPPING
                ? Optional.of(cluster.attach(shown.id()).status())
                : Optional.empty();
    }

    private static Table ofEdges(List<EdgeStatus> edges) {
        Table table = new Table(List.of("EDGE", "FORM", "SENT", "RECEIVED", "LOST"), List.of(0, 1));
        edges.forEach(edge -> table.row(List.of(
                edge.name(),
                edge.form(),
                Units.count(edge.sent()),
                Units.count(edge.received()),
                Units.count(edge.dropped() + edge.conflated() + edge.discarded()))));
        return table;
    }

    private static Table ofNodes(List<NodeStatus> nodes) {
        Table table = new Table(List.of("NODE", "STATE", "RESTARTS", "RECEIVED", "SENT", "DROPPED"), List.of(0, 1));
        nodes.forEach(node -> table.row(List.of(
                node.id(),
                node.state().name().toLowerCase(Locale.ROOT),
                Units.count(node.incarnation()),
                Units.count(node.received()),
                Units.count(node.sent()),
                Units.count(node.dropped()))));
        return table;
    }
}
