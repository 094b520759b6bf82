package io.millrace.remote.state;

/**
 * What the state is bounded by, and how long it waits. All masters of a cluster need the same: what one of them refuses all refuse.
 *
 * @param maxExecutors known at a time, whatever their condition
 * @param maxJobs that have not ended
 * @param maxNodes of all of these
 * @param finishedJobs that are remembered
 * @param historyEntries of a job
 * @param failures of a job that are kept, and findings
 * @param artifactBytes of one artifact
 * @param artifactsBytes of all
 * @param artifactKeepMs for how long an artifact is kept that no job needs
 * @param checkpointBytes of one checkpoint
 * @param checkpointsBytes of all
 * @param prepareTimeoutMs for all executors of a job to say whether they can run it
 * @param openMarginMs beyond a job's own start timeout, which its executors see to
 * @param releaseTimeoutMs for a job that is held when open
 * @param lingerMs for how long the counters of a job that has ended can be asked for
 * @param forgetMs after which an executor that is gone, and that nothing waits for, is forgotten
 * @param placements of a node, after its executor was lost, that may fail before it counts as failed
 */
public record ClusterLimits(
        int maxExecutors,
        int maxJobs,
        int maxNodes,
        int finishedJobs,
        int historyEntries,
        int failures,
        long artifactBytes,
        long artifactsBytes,
        long artifactKeepMs,
        int checkpointBytes,
        long checkpointsBytes,
        long prepareTimeoutMs,
        long openMarginMs,
        long releaseTimeoutMs,
        long lingerMs,
        long forgetMs,
        int placements) {
    private static final long MINUTE_MS = 60_000;
    private static final long MIB = 1L << 20;

    /** Of every master. */
    public static final ClusterLimits DEFAULT = new ClusterLimits(
            20_000,
            10_000,
            1_000_000,
            200,
            100,
            100,
            256 * MIB,
            4096 * MIB,
            60 * MINUTE_MS,
            64 << 10,
            256 * MIB,
            5 * MINUTE_MS,
            15_000,
            MINUTE_MS,
            30_000,
            24 * 60 * MINUTE_MS,
            3);
}
