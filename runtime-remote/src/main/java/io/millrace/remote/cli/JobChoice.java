package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.remote.Job;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which job a command means. */
final class JobChoice {
    private JobChoice() {}

    /**
     * Blocks.
     *
     * @param named an id or a name, or null for the only one that is under way
     * @throws NoSuchThingException if there is none, or more than one
     */
    static Job of(Cluster cluster, @Nullable String named) {
        return named(cluster, named == null ? only(underWay(cluster.jobs())).id() : named);
    }

    /**
     * As it is now. Blocks.
     *
     * @throws NoSuchThingException if the masters know no such job
     */
    static Job named(Cluster cluster, String job) {
        return cluster.job(job)
                .orElseThrow(() -> new NoSuchThingException(
                        "there is no job '" + job + "': 'millrace list --all' shows those that there are"));
    }

    static List<Job> underWay(List<Job> jobs) {
        return jobs.stream().filter(job -> !job.state().isFinal()).toList();
    }

    private static Job only(List<Job> jobs) {
        if (jobs.isEmpty()) {
            throw new NoSuchThingException("no job is under way: 'millrace list --all' shows those that were");
        }
        if (jobs.size() > 1) {
            throw new NoSuchThingException("say which job is meant, for several are under way: "
                    + String.join(", ", jobs.stream().map(Job::name).toList()));
        }
        return jobs.get(0);
    }
}
