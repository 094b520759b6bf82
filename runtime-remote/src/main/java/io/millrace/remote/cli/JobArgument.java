package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Which job, of commands whose only parameter it is. */
final class JobArgument {
    @Parameters(
            paramLabel = "JOB",
            arity = "0..1",
            description = "Its name or id; may be left out where only one is under way.")
    private @Nullable String job;

    /** Blocks. As {@link JobChoice#of}. */
    Job choose(Cluster cluster) {
        return JobChoice.of(cluster, job);
    }
}
