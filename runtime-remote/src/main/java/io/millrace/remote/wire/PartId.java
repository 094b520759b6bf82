package io.millrace.remote.wire;

/**
 * Names a part of a job: what one executor runs of it under one epoch.
 *
 * @param number within the job, from 0; a part that is placed again gets a new one
 */
public record PartId(String jobId, int number) {
    @Override
    public String toString() {
        return jobId + "#" + number;
    }
}
