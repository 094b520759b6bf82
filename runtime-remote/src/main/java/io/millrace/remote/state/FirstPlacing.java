package io.millrace.remote.state;

import io.millrace.remote.state.Job.Stage;
import io.millrace.remote.state.NodePlacing.Unplaced;
import io.millrace.remote.wire.JobState;
import java.util.List;
import java.util.Map;

/** Places a job that has been handed in, as a whole: at once, or when executors have joined that it waits for, or never. */
final class FirstPlacing {
    private final Step step;
    private final LifeCycle lifeCycle;

    FirstPlacing(Step step, LifeCycle lifeCycle) {
        this.step = step;
        this.lifeCycle = lifeCycle;
    }

    /** Chooses executors for all of it: for {@link #begin}, or to be undone. */
    NodePlacing choose(Job job) {
        return new NodePlacing(
                        step,
                        job,
                        job.graph.nodes().stream().map(JobGraph.Place::id).toList())
                .choose();
    }

    /** Whether executors that are still to come could take all of it, and the job has said that it would wait for them. */
    boolean mayWait(Job job, List<Unplaced> unplaced) {
        return job.options.placeWaitMs() > 0 && unplaced.stream().allMatch(one -> step.placement.mayCome(one.place()));
    }

    /** Places it, or has it wait. */
    void begin(Job job, NodePlacing placing) {
        if (placing.unplaced().isEmpty()) {
            start(job, placing);
            return;
        }
        placing.undo();
        placing.keepWaiting(Map.of());
        job.note(
                step.nowMs,
                "waits up to " + job.options.placeWaitMs() + " ms for a place: " + reason(job, placing.unplaced()));
    }

    private void start(Job job, NodePlacing placing) {
        job.waiting.clear();
        placing.makeParts(Map.of());
        job.state = JobState.PREPARING;
        job.stage = Stage.PREPARE;
        job.stageSinceMs = step.nowMs;
        long machines = job.parts().stream()
                .map(part -> part.executor.machineId)
                .distinct()
                .count();
        job.note(step.nowMs, "placed on " + machines + (machines == 1 ? " machine" : " machines"));
        step.touch(job);
    }

    /** Something has changed about executors. */
    void retry(Job job) {
        if (job.stage != Stage.WAIT) {
            return;
        }
        NodePlacing placing = choose(job);
        if (placing.unplaced().isEmpty()) {
            start(job, placing);
        } else {
            placing.undo();
            job.waiting.clear();
            placing.keepWaiting(Map.of());
        }
    }

    static long dueMs(Job job) {
        return job.stageSinceMs + job.options.placeWaitMs();
    }

    /** It has waited for long enough. */
    void onTime(Job job) {
        retry(job);
        if (job.stage == Stage.WAIT) {
            NodePlacing placing = choose(job);
            placing.undo();
            List<Unplaced> unplaced = placing.unplaced();
            unplaced.forEach(one -> job.find(LifeCycle.finding("", one.reason())));
            lifeCycle.undo(
                    job, JobState.FAILED, reason(job, unplaced) + "; waited for " + job.options.placeWaitMs() + " ms");
        }
    }

    static String reason(Job job, List<Unplaced> unplaced) {
        return unplaced.size() == 1
                ? unplaced.get(0).reason()
                : unplaced.size() + " nodes of job '" + job.name + "' can be placed nowhere; the first: "
                        + unplaced.get(0).reason();
    }
}
