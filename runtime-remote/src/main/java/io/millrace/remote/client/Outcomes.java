package io.millrace.remote.client;

import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobEvent;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From what masters and executors say to what an application is told. */
final class Outcomes {
    private Outcomes() {}

    static DataflowState state(JobState state) {
        return switch (state) {
            case SUBMITTED, PREPARING -> DataflowState.STARTING;
            case RUNNING -> DataflowState.RUNNING;
            case STOPPING -> DataflowState.STOPPING;
            case FINISHED -> DataflowState.FINISHED;
            case FAILED -> DataflowState.FAILED;
            case STOPPED -> DataflowState.STOPPED;
        };
    }

    /** Whether messages have flowed. */
    static boolean hasRun(JobView job) {
        return job.history().stream().anyMatch(entry -> entry.state() == JobState.RUNNING);
    }

    /** Why a job did not start. */
    static RuntimeException startFailure(JobView job) {
        List<FailureRecord> starts = job.failures().stream()
                .filter(failure -> failure.type().equals(DataflowStartException.class.getName()))
                .toList();
        if (!starts.isEmpty()) {
            return startFailure(job, starts);
        }
        List<Problem> problems = problems(job.findings());
        if (problems.stream().anyMatch(Problem::isError)) {
            return new InvalidDataflowException(problems);
        }
        return new DataflowStartException(
                "dataflow '" + job.name() + "' did not start: "
                        + (job.history().isEmpty()
                                ? "its masters say no more"
                                : job.history().get(job.history().size() - 1).text()),
                null);
    }

    /** As the executors have said it: the first, and what others had to say when they were told to give up. */
    private static DataflowStartException startFailure(JobView job, List<FailureRecord> starts) {
        RemoteFailure first = RemoteFailure.of(starts.get(0));
        // What is found is what the machines' failures say, and which machines have said nothing.
        Stream<String> found = job.findings().stream()
                .filter(finding -> finding.severity() == Problem.Severity.ERROR)
                .map(Finding::text);
        String message = Stream.concat(starts.stream().map(FailureRecord::message), found)
                .distinct()
                .collect(Collectors.joining("; "));
        DataflowStartException made = new DataflowStartException(message, first.getCause());
        for (Throwable suppressed : first.getSuppressed()) {
            made.addSuppressed(suppressed);
        }
        for (FailureRecord other : job.failures()) {
            if (other != starts.get(0)) {
                made.addSuppressed(RemoteFailure.of(other));
            }
        }
        return made;
    }

    static List<Problem> problems(List<Finding> findings) {
        return findings.stream()
                .map(finding -> new Problem(
                        finding.severity(),
                        finding.location(),
                        finding.machineId().isEmpty() || finding.text().contains("'" + finding.machineId() + "'")
                                ? finding.text()
                                : finding.text() + " (on machine '" + finding.machineId() + "')"))
                .toList();
    }

    static DataflowEvent event(JobEvent event) {
        if (event instanceof JobEvent.NodeStateChanged changed) {
            return new DataflowEvent.NodeStateChanged(changed.node(), changed.state());
        }
        if (event instanceof JobEvent.NodeFailed failed) {
            return new DataflowEvent.NodeFailed(failed.failure().node(), RemoteFailure.of(failed.failure()));
        }
        if (event instanceof JobEvent.NodeRestarted restarted) {
            return new DataflowEvent.NodeRestarted(restarted.node(), restarted.incarnation());
        }
        if (event instanceof JobEvent.NodeStuck stuck) {
            return new DataflowEvent.NodeStuck(
                    stuck.node(), Duration.ofNanos(stuck.stuckForNs()), frames(stuck.stack()));
        }
        JobEvent.FirstDrop drop = (JobEvent.FirstDrop) event;
        return new DataflowEvent.FirstDrop(drop.edge());
    }

    static List<StackTraceElement> frames(List<JobEvent.Frame> stack) {
        return stack.stream()
                .map(frame -> new StackTraceElement(
                        frame.type(), frame.method(), frame.file().isEmpty() ? null : frame.file(), frame.line()))
                .toList();
    }
}
