package io.millrace.remote.wire;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a job is run, as far as that is not in its graph.
 *
 * @param idle key of the strategy of nodes that do not say
 * @param threads that reactive nodes share, whatever the dataflow says
 * @param isHeldWhenOpen whether the job waits, once every node is open, until its client releases it
 * @param lostWaitMs for how long a job waits for an executor that is lost and has pinned nodes of it, before it fails; negative for without end
 * @param placeWaitMs for how long a job waits, before it begins, for executors that could take what nobody can take yet; 0 for not at all
 */
public record JobOptions(
        long startTimeoutMs,
        long closeGraceMs,
        OptionalLong finishGraceMs,
        String idle,
        OptionalInt threads,
        boolean isDebug,
        boolean isMeasured,
        long slowHandlingMs,
        boolean requiresWorkingDir,
        boolean isHeldWhenOpen,
        long lostWaitMs,
        long placeWaitMs) {}
