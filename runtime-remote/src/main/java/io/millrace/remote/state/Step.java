package io.millrace.remote.state;

import io.millrace.remote.wire.PartPhase;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One entry while it is applied: its place in the log, its time, and whom it has concerned so far. */
final class Step {
    final long index;
    final long nowMs;
    final ClusterLimits limits;
    final Executors executors;
    final Placement placement;
    private final Set<String> machines = new TreeSet<>();
    private final Set<String> jobs = new TreeSet<>();

    Step(long index, long nowMs, ClusterLimits limits, Executors executors) {
        this.index = index;
        this.nowMs = nowMs;
        this.limits = limits;
        this.executors = executors;
        this.placement = new Placement(executors);
    }

    Applied applied(Outcome outcome) {
        return new Applied(outcome, machines, jobs);
    }

    /** Its view has changed. */
    void touch(Job job) {
        job.revision = index;
        jobs.add(job.id);
    }

    /** What it is to do has changed. */
    void touch(ExecutorEntry executor) {
        executor.revision = index;
        machines.add(executor.machineId);
    }

    /** What its executor is to do has changed, and where those that share an edge with it find it. */
    void touchAround(Part part) {
        touch(part.job);
        touch(part.executor);
        for (String node : part.nodes) {
            if (part.job.graph.has(node)) {
                for (String neighbour : part.job.graph.node(node).acquaintances()) {
                    @Nullable Part other = part.job.partOf.get(neighbour);
                    if (other != null) {
                        touch(other.executor);
                    }
                }
            }
        }
    }

    void bring(Part part, PartPhase phase, long graceMs) {
        if (part.phase != phase || part.graceMs != graceMs) {
            if (part.phase != phase) {
                part.phaseSinceMs = nowMs;
            }
            part.phase = phase;
            part.graceMs = graceMs;
            touch(part.job);
            touch(part.executor);
        }
    }

    /** To be called when a part may be done: gives back its nodes' share of the executor's load, once, and tells those around. */
    void settle(Part part) {
        if (part.isDone()) {
            if (part.isCounted) {
                part.isCounted = false;
                executors.addNodes(part.executor, -part.nodes.size());
            }
            part.missingSinceMs = -1;
            touchAround(part);
        }
    }

    /** No executor has it any more, nor ever will. */
    void bury(Part part) {
        part.isGone = true;
        settle(part);
        part.executor.parts.remove(part);
    }
}
