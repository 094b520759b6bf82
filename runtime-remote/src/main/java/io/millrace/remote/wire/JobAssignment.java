package io.millrace.remote.wire;

import java.util.List;

/**
 * What an executor is to do for a job, and where the rest of the job is.
 *
 * @param parts this executor's
 * @param places of all parts of the job that count, its own among them; a node is in one of them at the most, in none while its executor is lost
 */
public record JobAssignment(String jobId, String name, List<PartAssignment> parts, List<PartPlace> places) {
    public JobAssignment {
        parts = List.copyOf(parts);
        places = List.copyOf(places);
    }
}
