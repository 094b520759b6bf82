package io.millrace.remote.state;

import java.util.Set;

/**
 * What came of an entry, and whom it concerns.
 *
 * @param machines whose {@link ClusterState#desired} has changed
 * @param jobs ids of those whose {@link ClusterState#jobView} has changed
 */
public record Applied(Outcome outcome, Set<String> machines, Set<String> jobs) {
    public Applied {
        machines = Set.copyOf(machines);
        jobs = Set.copyOf(jobs);
    }
}
