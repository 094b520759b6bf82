package io.millrace.local.crew;

import io.millrace.graph.Execution.Idle;
import io.millrace.graph.Execution.Isolation;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.PlannedNode;
import io.millrace.runtime.StartOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which nodes share a thread, and which have one of their own. Immutable, made from the plan and the number of cores alone.
 *
 * <p>Neighbours in the file share a worker, since they mostly talk to each other, and what they say then wakes nobody. A node keeps a thread of its own where
 * one is wanted: if it has its own loop, is pinned to cores, waits in another way than the workers do, or for a process.
 *
 * @param shared the nodes of each worker, none of them empty
 */
public record ThreadPlan(List<List<PlannedNode>> shared, List<PlannedNode> own, Idle workerIdle, int cores) {

    public ThreadPlan {
        shared =
                shared.isEmpty() ? List.of() : shared.stream().map(List::copyOf).toList();
        own = List.copyOf(own);
    }

    /** On the cores of this machine. */
    public static ThreadPlan of(Plan plan, StartOptions options) {
        int threads = options.threads().orElse(plan.graph().settings().threads().orElse(0));
        return of(plan.nodes(), threads, options.idle(), Runtime.getRuntime().availableProcessors());
    }

    /**
     * @param threads how many threads reactive nodes share; 0 for a thread each
     * @param workerIdle how these wait
     */
    static ThreadPlan of(List<PlannedNode> nodes, int threads, Idle workerIdle, int cores) {
        List<PlannedNode> sharing = new ArrayList<>();
        List<PlannedNode> own = new ArrayList<>();
        for (PlannedNode node : nodes) {
            (threads > 0 && mayShareThread(node, workerIdle) ? sharing : own).add(node);
        }
        return new ThreadPlan(spread(sharing, Math.min(threads, sharing.size())), own, workerIdle, cores);
    }

    private static boolean mayShareThread(PlannedNode node, Idle workerIdle) {
        return node.isReactive()
                && node.idle() == workerIdle
                && node.node().execution().isolation() == Isolation.THREAD
                && node.node().execution().cpuAffinity().isEmpty();
    }

    /** Runs of neighbours, whose lengths differ by one at the most. */
    private static List<List<PlannedNode>> spread(List<PlannedNode> nodes, int workers) {
        List<List<PlannedNode>> shared = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            int from = (int) ((long) nodes.size() * worker / workers);
            int to = (int) ((long) nodes.size() * (worker + 1) / workers);
            shared.add(nodes.subList(from, to));
        }
        return shared;
    }

    int threads() {
        return shared.size() + own.size();
    }

    /** Whether a thread may spin for a while without taking a core from another. */
    boolean isCoreSpare() {
        return threads() < cores;
    }

    /** Threads that never give their core away. */
    long spinning() {
        long workers = workerIdle == Idle.BUSY_SPIN ? shared.size() : 0;
        return workers + ownWith(Idle.BUSY_SPIN);
    }

    /** What is amiss with that, if anything: one line for the log. */
    Optional<String> remark() {
        return spinning() > cores
                ? Optional.of(
                        spinning() + " threads spin without work, but there are only " + cores
                                + " cores: they take turns, and a message may wait for milliseconds; write idle: park for most nodes")
                : Optional.empty();
    }

    /** What was chosen: one line for the log. */
    String summary() {
        int nodes = own.size() + shared.stream().mapToInt(List::size).sum();
        String threads = shared.isEmpty()
                ? "a thread each"
                : (nodes - own.size()) + " of them on " + shared.size() + " workers and " + own.size()
                        + " on a thread each";
        return nodes + " nodes, " + threads + ", on " + cores + " cores; without work " + waiting();
    }

    private String waiting() {
        return Arrays.stream(Idle.values())
                .filter(idle -> count(idle) > 0)
                .map(idle -> count(idle) + " " + verb(idle))
                .collect(Collectors.joining(", "));
    }

    private long count(Idle idle) {
        return ownWith(idle) + (idle == workerIdle ? shared.size() : 0);
    }

    private long ownWith(Idle idle) {
        long count = 0;
        for (PlannedNode node : own) {
            count += node.idle() == idle ? 1 : 0;
        }
        return count;
    }

    private String verb(Idle idle) {
        return switch (idle) {
            case PARK -> isCoreSpare() ? "spin briefly, then park" : "park";
            case BACKOFF ->
                isCoreSpare() ? "spin briefly, yield, then sleep up to 1 ms" : "yield, then sleep up to 1 ms";
            case YIELD -> "yield";
            case BUSY_SPIN -> "spin";
        };
    }
}
