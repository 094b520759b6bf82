package io.millrace.benchmarks.soak;

import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.RunningDataflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** One soak, from start to verdict. Used by one thread, which blocks until it is over. */
final class SoakRun {
    private static final List<String> OUTPUTS = List.of("small/data", "large/data", "relay/data");
    private static final int ROUNDS = 48;
    private static final int SAMPLES = 240;
    private static final long LEAST_ROUND_NS = Duration.ofMillis(250).toNanos();
    private static final long MOST_ROUND_NS = Duration.ofSeconds(5).toNanos();
    private static final int MOST_VISITORS = 3;
    private static final long SMALL_CRASHES = 100_000;
    private static final long LARGE_CRASHES = 2_000;
    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final long LOOK_MS = 10;

    private final Duration duration;
    private final long seed;
    private final SplittableRandom random;
    private final List<Vitals> samples = new ArrayList<>();

    SoakRun(Duration duration, long seed) {
        this.duration = duration;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    SoakResult run() throws InterruptedException {
        String name = "soak-" + seed;
        try (Ledger ledger = Ledger.open(name)) {
            long beginNs = System.nanoTime();
            DataflowResult result;
            try (RunningDataflow running =
                    SoakFlow.create(name, seed, SMALL_CRASHES, LARGE_CRASHES).start()) {
                running.listen(event -> onEvent(event, ledger));
                disturb(running, ledger, beginNs);
                awaitCalm(running, ledger.calm());
                running.stop(GRACE);
                result = running.await();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - beginNs);
            result.status().edges().forEach(edge -> check(edge, result.status(), ledger));
            return new SoakResult(seed, took, result.status(), ledger, growth());
        }
    }

    private static void onEvent(DataflowEvent event, Ledger ledger) {
        if (event instanceof DataflowEvent.NodeFailed failed) {
            if (failed.error() instanceof Mishaps.PlannedException) {
                ledger.count("planned failures").incrementAndGet();
            } else {
                ledger.wrong("node '" + failed.node() + "' failed: " + failed.error());
            }
        }
    }

    private void disturb(RunningDataflow running, Ledger ledger, long beginNs) throws InterruptedException {
        long totalNs = duration.toNanos();
        long roundNs = Math.max(LEAST_ROUND_NS, Math.min(MOST_ROUND_NS, totalNs / ROUNDS));
        long sampleNs = Math.max(roundNs, totalNs / SAMPLES);
        long nextSampleNs = 0;
        for (long sinceNs = 0; sinceNs < totalNs; sinceNs = System.nanoTime() - beginNs) {
            receiveVisitors(running, ledger, roundNs);
            Guest.visit(ledger);
            if (sinceNs >= nextSampleNs) { // nobody is visiting, so that what is held can be compared
                samples.add(Vitals.take());
                nextSampleNs = sinceNs + sampleNs;
            }
        }
    }

    /** A node that fails while the dataflow is being stopped does not run again, and what waits for it is lost: so the last failures come before. */
    private static void awaitCalm(RunningDataflow running, long mishaps) throws InterruptedException {
        long endNs = System.nanoTime() + GRACE.toNanos();
        while (!isCalm(running.status(), mishaps) && System.nanoTime() < endNs) {
            Thread.sleep(LOOK_MS);
        }
    }

    private static boolean isCalm(DataflowStatus status, long mishaps) {
        long restarts =
                status.nodes().stream().mapToLong(NodeStatus::incarnation).sum();
        return restarts == mishaps && status.nodes().stream().allMatch(node -> node.state() == NodeState.RUNNING);
    }

    private void receiveVisitors(RunningDataflow running, Ledger ledger, long roundNs) throws InterruptedException {
        List<Thread> visitors = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(MOST_VISITORS); i++) {
            String output = OUTPUTS.get(random.nextInt(OUTPUTS.size()));
            Visitor visitor = new Visitor(running, ledger, output, random.split(), roundNs);
            visitors.add(new Thread(visitor, "visitor-" + i));
        }
        visitors.forEach(Thread::start);
        for (Thread visitor : visitors) {
            visitor.join();
        }
    }

    /** Three accounts of one edge must agree: the runtime's, its producer's and its consumer's. */
    private static void check(EdgeStatus edge, DataflowStatus status, Ledger ledger) {
        String[] ends = edge.name().split(" -> ", -1);
        String producer = ends[0].substring(0, ends[0].indexOf('/'));
        if (status.nodes().stream().noneMatch(node -> node.id().equals(producer))) {
            return; // a timer, which nobody has sent
        }
        long gone = edge.received() + edge.dropped() + edge.conflated() + edge.discarded();
        if (edge.sent() != gone) {
            ledger.wrong(
                    edge.name() + ": sent " + edge.sent() + ", received, dropped, conflated and discarded " + gone);
        }
        agree(edge.name() + " sent", edge.sent(), ledger.count(producer + " sent"), ledger);
        agree(edge.name() + " received", edge.received(), ledger.count(ends[1] + " received"), ledger);
        boolean isLossless = !List.of("sampler", "glance").contains(ends[1].substring(0, ends[1].indexOf('/')));
        if (isLossless && edge.sent() != edge.received()) {
            ledger.wrong(edge.name() + ": sent " + edge.sent() + ", but received " + edge.received());
        }
    }

    private static void agree(String what, long runtime, AtomicLong node, Ledger ledger) {
        if (runtime != node.get()) {
            ledger.wrong(what + ": " + runtime + " by the runtime's count, " + node + " by the node's");
        }
    }

    private List<Growth> growth() {
        double mebibyte = 1024 * 1024;
        return List.of(
                Growth.of("heap after collection, MiB", samples, Vitals::heapBytes, 4L << 20, mebibyte),
                Growth.of("direct and mapped memory, MiB", samples, Vitals::directBytes, 8L << 20, mebibyte),
                Growth.of("threads", samples, Vitals::threads, 0, 1),
                Growth.of("descriptors", samples, Vitals::descriptors, 0, 1));
    }
}
