package io.millrace.remote.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.Deployment;
import io.millrace.graph.Deployment.Distribution;
import io.millrace.graph.Execution;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.InputSource;
import io.millrace.graph.Location;
import io.millrace.graph.LogSettings;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Source;
import io.millrace.graph.Supervision;
import io.millrace.remote.wire.GraphForm;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.PartPlace;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A cluster of any size without a socket: executors follow what is desired, and of these some fail every minute and are started anew some minutes later.
 *
 * <p>Prints what it measures. Nothing is asserted about time.
 */
final class Simulation {
    private static final long MINUTE_MS = 60_000;
    private static final String[] ZONES = {"north", "south", "east", "west"};

    private final Size size;
    private final Random random;
    private final ModelCluster cluster = new ModelCluster();
    private final LinkedHashSet<String> changed = new LinkedHashSet<>();
    private final Map<String, Integer> instances = new HashMap<>();
    private final Invariants invariants = new Invariants();
    private final Timing placing = new Timing("handing in a job, a node");
    private final Timing replacing = new Timing("losing an executor, a node placed again");
    private final Timing reporting = new Timing("taking reports, an entry");
    private long replaced;

    /** The whole size, which wants about 2 GB. */
    public static void main(String[] arguments) {
        new Simulation(new Size(10_000, 1_000, 100, 60, 0.01, 42)).run().forEach(System.out::println);
    }

    /** @param failingPerMinute the part of all executors */
    record Size(int executors, int jobs, int nodesPerJob, int minutes, double failingPerMinute, long seed) {
        int nodes() {
            return jobs * nodesPerJob;
        }
    }

    /** Of this thread, so that nobody else's work counts. */
    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Microseconds of processor time, for one thing that was done several times in an entry. */
    private static final class Timing {
        private final String what;
        private final List<Double> samples = new ArrayList<>();

        Timing(String what) {
            this.what = what;
        }

        void add(long ns, long things) {
            if (things > 0) {
                samples.add(ns / 1000.0 / things);
            }
        }

        @Override
        public String toString() {
            List<Double> sorted = samples.stream().sorted().toList();
            return String.format(
                    Locale.ROOT,
                    "%-42s %8d samples, p50 %8.1f us, p99 %8.1f us, max %8.1f us",
                    what,
                    sorted.size(),
                    at(sorted, 0.5),
                    at(sorted, 0.99),
                    at(sorted, 1));
        }

        private static double at(List<Double> sorted, double part) {
            return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * part));
        }
    }

    Simulation(Size size) {
        this.size = size;
        this.random = new Random(size.seed);
        cluster.isRecorded = false;
    }

    /** Lets it all happen, and checks invariants every simulated minute. Returns lines for people. */
    List<String> run() {
        for (int i = 0; i < size.executors; i++) {
            join("x" + i);
        }
        for (int i = 0; i < size.jobs; i++) {
            submit(i);
        }
        follow();
        expectAllRunning();
        for (int minute = 0; minute < size.minutes; minute++) {
            failSome();
            cluster.nowMs += MINUTE_MS / 2;
            apply(new ClusterEntry.Tick(cluster.nowMs));
            follow();
            invariants.check(cluster.state);
        }
        Invariants.checkDesired(cluster.state);
        expectAllRunning();
        long began = System.nanoTime();
        byte[] snapshot = cluster.state.snapshot();
        long taken = System.nanoTime();
        ClusterState restored = ClusterState.restore(snapshot, new MemoryArtifacts(), ClusterLimits.DEFAULT);
        long done = System.nanoTime();
        assertThat(restored.snapshot()).isEqualTo(snapshot);
        return List.of(
                size.toString(),
                placing.toString(),
                replacing.toString(),
                reporting.toString(),
                cluster.state.lastIndex() + " entries, " + replaced + " nodes placed again, " + invariants.waiting
                        + " wait at the end",
                "snapshot of " + (snapshot.length >> 10) + " KiB: taken in " + (taken - began) / 1_000_000
                        + " ms, restored in " + (done - taken) / 1_000_000 + " ms");
    }

    private void join(String machine) {
        ModelExecutor executor = new ModelExecutor(machine, machine + "-" + instances.merge(machine, 1, Integer::sum));
        Applied applied = apply(new ClusterEntry.RegisterExecutor(
                cluster.nowMs,
                machine,
                executor.instance,
                Map.of("zone", ZONES[Math.floorMod(machine.hashCode(), ZONES.length)]),
                machine + ".example",
                53_293,
                1 + Math.floorMod(machine.hashCode(), 2),
                "Linux",
                15_000,
                List.of()));
        assertThat(applied.outcome()).isInstanceOf(Outcome.Registered.class);
        cluster.executors.put(machine, executor);
        changed.add(machine);
    }

    private void submit(int number) {
        GraphForm graph = graph(number);
        ClusterEntry entry = new ClusterEntry.SubmitJob(
                cluster.nowMs,
                ModelCluster.submission(
                        "id" + number, "job" + number, ModelCluster.options(false, -1), List.of(), graph));
        long began = cpuNs();
        Applied applied = apply(entry);
        placing.add(cpuNs() - began, size.nodesPerJob);
        assertThat(applied.outcome()).isInstanceOf(Outcome.OfJob.class);
    }

    /** A tree of nodes, each reading one that comes before it: some pinned, some with a label. */
    private GraphForm graph(int job) {
        List<GraphNode> nodes = new ArrayList<>();
        for (int i = 0; i < size.nodesPerJob; i++) {
            Optional<String> machine = Optional.empty();
            Map<String, String> labels = Map.of();
            if (random.nextInt(20) == 0) {
                machine = Optional.of("x" + random.nextInt(size.executors));
            } else if (random.nextInt(10) == 0) {
                labels = Map.of("zone", ZONES[random.nextInt(ZONES.length)]);
            }
            nodes.add(node(i, machine, labels));
        }
        return new GraphForm("job" + job, GraphSettings.DEFAULT, nodes);
    }

    private GraphNode node(int number, Optional<String> machine, Map<String, String> labels) {
        List<GraphInput> inputs = number == 0
                ? List.of()
                : List.of(new GraphInput(
                        "in",
                        new InputSource.OutputRef("n" + random.nextInt(number), "", "out"),
                        QueuePolicy.DROP_OLDEST,
                        10,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Location.NONE));
        GraphOperator code = new GraphOperator(
                "",
                Optional.empty(),
                Optional.empty(),
                new Source.ClassSource("nodes.Work", List.of(), Map.of()),
                inputs,
                List.of(new GraphOutput("out", Optional.empty(), Location.NONE)),
                Optional.empty(),
                LogSettings.NONE,
                Location.NONE);
        return new GraphNode(
                "n" + number,
                Optional.empty(),
                Optional.empty(),
                List.of(code),
                Map.of(),
                new Deployment(machine, Optional.empty(), Optional.empty(), labels, Distribution.LOCAL),
                Supervision.NONE,
                Execution.DEFAULT,
                Location.NONE);
    }

    /** Some are lost, and as many of those lost before come back as another process. */
    private void failSome() {
        int failing = (int) Math.ceil(size.executors * size.failingPerMinute);
        List<String> here = new ArrayList<>(cluster.executors.keySet());
        for (int i = 0; i < failing; i++) {
            String machine = here.get(random.nextInt(here.size()));
            if (cluster.executors.containsKey(machine)) {
                lose(machine);
            }
            if (random.nextInt(2) == 0) {
                cluster.nowMs += random.nextInt((int) MINUTE_MS) / failing;
                follow();
            }
        }
        for (int i = 0; i < size.executors; i++) {
            if (!cluster.executors.containsKey("x" + i) && random.nextInt(3) == 0) {
                join("x" + i);
            }
        }
    }

    private void lose(String machine) {
        int moving = cluster.state.desired(machine).stream()
                .flatMap(job -> job.parts().stream())
                .filter(part -> !part.isPinned())
                .mapToInt(part -> part.nodes().size())
                .sum();
        ClusterEntry entry =
                new ClusterEntry.ExecutorLost(cluster.nowMs, machine, cluster.executors.remove(machine).instance);
        long began = cpuNs();
        apply(entry);
        replacing.add(cpuNs() - began, moving);
        replaced += moving;
        assertThat(cluster.state.desired(machine))
                .allSatisfy(job -> assertThat(job.parts()).allMatch(part -> part.isPinned()));
    }

    /** Executors whose work has changed do it and say so, until none is left. */
    private void follow() {
        while (!changed.isEmpty()) {
            String machine = changed.iterator().next();
            changed.remove(machine);
            ModelExecutor executor = cluster.executors.get(machine);
            if (executor != null) {
                executor.follow(cluster.state.desired(machine));
                if (cluster.state.isNews(machine, executor.instance, executor.reports())) {
                    ClusterEntry entry = new ClusterEntry.PartsReported(
                            cluster.nowMs, machine, executor.instance, executor.reports());
                    long began = cpuNs();
                    apply(entry);
                    reporting.add(cpuNs() - began, 1);
                }
            }
        }
    }

    private Applied apply(ClusterEntry entry) {
        Applied applied = cluster.applied(entry);
        changed.addAll(applied.machines());
        return applied;
    }

    private void expectAllRunning() {
        invariants.check(cluster.state);
        assertThat(cluster.state.jobViews()).hasSize(size.jobs).allMatch(job -> job.state() == JobState.RUNNING);
        int placed = cluster.state.jobViews().stream()
                .flatMap(job -> job.parts().stream())
                .map(part -> part.place())
                .filter(place -> !place.isEnded())
                .map(PartPlace::nodes)
                .mapToInt(List::size)
                .sum();
        assertThat(placed + invariants.waiting).isEqualTo(size.nodes());
    }
}
