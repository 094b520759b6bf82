package io.millrace.remote.cli;

import io.millrace.remote.Job;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a job that was looked at has come out, told as the command asks for. */
final class JobOutcome {
    private final Console console;
    private final boolean json;
    private final boolean quiet;

    JobOutcome(Console console, boolean json, boolean quiet) {
        this.console = console;
        this.json = json;
        this.quiet = quiet;
    }

    /** @return the exit code */
    int tell(Job job, Optional<DataflowRun.Ending> ending) {
        return tell(job, ending, Optional.empty());
    }

    /** @return the exit code */
    int tell(Job job, Optional<DataflowRun.Ending> ending, ReplaySummary replay) {
        return tell(job, ending, Optional.empty(), Optional.of(replay));
    }

    /** @return the exit code */
    int tell(Job job, Optional<DataflowRun.Ending> ending, Optional<RecordingSummary> recording) {
        return tell(job, ending, recording, Optional.empty());
    }

    private int tell(
            Job job,
            Optional<DataflowRun.Ending> ending,
            Optional<RecordingSummary> recording,
            Optional<ReplaySummary> replay) {
        int own = ending.map(DataflowRun.Ending::exitCode).orElse(ExitCode.OK);
        int recorded = RecordingSummary.codeOf(own, recording, console);
        int code = replay.map(fed -> fed.codeOf(recorded, console)).orElse(recorded);
        if (ending.isEmpty()) {
            return tellOfJob(job, code, "runs on: 'millrace attach " + job.id() + "' shows it again");
        }
        if (json) {
            Map<String, @Nullable Object> summary = ending.get().summary().toJson(code);
            summary.put("job", JobText.toJson(job));
            recording.ifPresent(made -> summary.put("recording", made.toJson()));
            replay.ifPresent(fed -> summary.put("replay", fed.toJson()));
            console.out().print(Json.write(summary));
        } else if (!quiet) {
            console.out().print(ending.get().summary().toText());
            recording.ifPresent(made -> console.out().print("\n" + made.toText()));
            replay.ifPresent(fed -> console.out().print("\n" + fed.toText()));
        }
        return code;
    }

    /** @param words what people are told of it, behind its name */
    int tellOfJob(Job job, int code, String words) {
        if (json) {
            Map<String, @Nullable Object> told = new LinkedHashMap<>();
            told.put("exitCode", code);
            told.put("job", JobText.toJson(job));
            console.out().print(Json.write(told));
        } else if (!quiet) {
            console.err()
                    .println("millrace: " + Printable.line("job '" + job.name() + "' (" + job.id() + ") " + words));
        }
        return code;
    }

    /** It has ended before it ran: what the executors found, or why it did not open. */
    int tellNotStarted(Job job) {
        tellFindings(job);
        boolean isInvalid = job.failures().isEmpty()
                && job.findings().stream().anyMatch(found -> found.problem().isError());
        if (!isInvalid) {
            console.err().println("error: " + Printable.line("job '" + job.name() + "' did not start: " + reason(job)));
        }
        int code = isInvalid ? ExitCode.INVALID : ExitCode.FAILED;
        if (json) {
            Map<String, @Nullable Object> told = new LinkedHashMap<>();
            told.put("state", "not started");
            told.put("exitCode", code);
            told.put("job", JobText.toJson(job));
            console.out().print(Json.write(told));
        }
        return code;
    }

    /** What executors found in a job that runs all the same. */
    void tellWarnings(Job job) {
        if (!quiet) {
            tellFindings(job);
        }
    }

    /** What executors found, each in a line. */
    private void tellFindings(Job job) {
        job.findings().forEach(found -> console.err().println(Printable.line(JobText.problem(found))));
    }

    private static String reason(Job job) {
        if (!job.failures().isEmpty()) {
            Job.Failure first = job.failures().get(0);
            return (first.node().isEmpty() ? "" : "node '" + first.node() + "': ") + first.type() + ": "
                    + first.message();
        }
        return job.history().isEmpty()
                ? "its masters say no more"
                : job.history().get(job.history().size() - 1).text();
    }
}
