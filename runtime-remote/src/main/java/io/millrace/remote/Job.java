package io.millrace.remote;

import io.millrace.graph.Problem;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A job as the masters know it at one moment: a dataflow that was submitted to a cluster. Of one that was {@linkplain Cluster#jobs() listed} there are no findings, failures
 * and history.
 *
 * @param id never used again
 * @param name of jobs under way only one has it
 * @param degraded why it does not run as it should, though it runs; or what its begin or its end waits for
 * @param submittedAt by the clock of the master that led then
 * @param parts where its nodes are
 * @param findings what executors found when they prepared it
 * @param failures of its nodes, in the order in which they were told
 * @param history what became of it, the oldest first; bounded
 */
public record Job(
        String id,
        String name,
        State state,
        Optional<String> degraded,
        Instant submittedAt,
        List<Part> parts,
        List<MachineProblem> findings,
        List<Failure> failures,
        List<Entry> history) {
    public Job {
        parts = List.copyOf(parts);
        findings = List.copyOf(findings);
        failures = List.copyOf(failures);
        history = List.copyOf(history);
    }

    static Job of(JobView view) {
        State state = State.valueOf(view.state().name());
        return new Job(
                view.jobId(),
                view.name(),
                state,
                view.degraded(),
                Instant.ofEpochMilli(view.submittedAtMs()),
                view.parts().stream().map(part -> Part.of(part, state)).toList(),
                view.findings().stream().map(MachineProblem::of).toList(),
                view.failures().stream().map(Failure::of).toList(),
                view.history().stream().map(Entry::of).toList());
    }

    /** Where a job is in its life. The last three are final. */
    public enum State {
        SUBMITTED,
        PREPARING,
        RUNNING,
        STOPPING,
        FINISHED,
        FAILED,
        STOPPED;

        public boolean isFinal() {
            return this == FINISHED || this == FAILED || this == STOPPED;
        }
    }

    /**
     * Nodes that one executor runs.
     *
     * @param number within the job; nodes that are placed again are in a new part
     * @param epoch of its assignment, as {@code context.epoch()} shows it to the nodes
     * @param nodes ids, in the order of the dataflow
     * @param isPinned whether its nodes name this machine, and so run nowhere else
     */
    public record Part(
            int number, long epoch, String machineId, List<String> nodes, boolean isPinned, PartState state) {
        public Part {
            nodes = List.copyOf(nodes);
        }

        private static Part of(JobView.PartView view, State job) {
            boolean isLost = job.isFinal() && !view.state().isFinal();
            return new Part(
                    view.place().id().number(),
                    view.place().epoch(),
                    view.place().machineId(),
                    view.place().nodes(),
                    view.isPinned(),
                    isLost ? PartState.LOST : PartState.valueOf(view.state().name()));
        }
    }

    /** How far a part has come. The last three are final. */
    public enum PartState {
        PREPARING,
        PREPARED,
        OPENING,
        OPENED,
        RUNNING,
        STOPPING,
        /** Every node of it has ended. */
        ENDED,
        /** It could not be prepared or opened; nothing of it is left running. */
        FAILED,
        /** Its machine was lost, and the job has ended without a word from it. */
        LOST
    }

    /**
     * What an executor found.
     *
     * @param machineId empty where it was found by nobody in particular
     */
    public record MachineProblem(String machineId, Problem problem) {
        private static MachineProblem of(Finding finding) {
            return new MachineProblem(
                    finding.machineId(), new Problem(finding.severity(), finding.location(), finding.text()));
        }
    }

    /**
     * A node's failure, as it travelled.
     *
     * @param node the node's id, with the operator's where it was one
     * @param type the class name of what was thrown
     * @param stack its lines, the deepest call first; bounded
     */
    public record Failure(String node, String type, String message, List<String> stack) {
        public Failure {
            stack = List.copyOf(stack);
        }

        private static Failure of(FailureRecord failure) {
            return new Failure(failure.node(), failure.type(), failure.message(), failure.stack());
        }
    }

    /** One thing that became of a job. */
    public record Entry(Instant time, State state, String text) {
        private static Entry of(JobView.Entry entry) {
            return new Entry(
                    Instant.ofEpochMilli(entry.timeMs()),
                    State.valueOf(entry.state().name()),
                    entry.text());
        }
    }
}
