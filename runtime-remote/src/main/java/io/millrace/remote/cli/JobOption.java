package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which job, of commands whose parameters are about something in it. */
final class JobOption {
    @Option(
            names = "--job",
            paramLabel = "JOB",
            description = "The job's name or id; may be left out where only one is under way.")
    private @Nullable String job;

    /** Blocks. As {@link JobChoice#of}. */
    Job choose(Cluster cluster) {
        return JobChoice.of(cluster, job);
    }
}
