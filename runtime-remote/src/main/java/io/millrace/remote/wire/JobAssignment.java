package io.millrace.remote.wire;

import java.util.List;

/**
 * What an executor is to do for a job, and where the rest of the job is.
 *
 * @param parts this executor's
 * @param places of this executor's parts, and of all that share an edge with them; a node is in one of them at the most, in none while it can be placed nowhere. A pinned part keeps
 *     its place while its executor is lost to the masters: its peers may still reach it
 * @param isOnlyByHandLeft whether nothing of the job is left, anywhere, but nodes that somebody starts by hand
 */
public record JobAssignment(
        String jobId, String name, List<PartAssignment> parts, List<PartPlace> places, boolean isOnlyByHandLeft) {
    public JobAssignment {
        parts = List.copyOf(parts);
        places = List.copyOf(places);
    }
}
