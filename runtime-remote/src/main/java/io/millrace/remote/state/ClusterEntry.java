package io.millrace.remote.state;

import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.Submission;
import java.util.List;
import java.util.Map;

/** What has been decided, as it stands in the log. Applied once, in the log's order, by every master. */
public sealed interface ClusterEntry {

    /**
     * When the leader stamped it. A leader counts on by its monotonic clock from what it found, the wall clock or {@link ClusterState#nowMs()}, whichever is later, so that
     * nobody's clock can hurry or hold up what is waited for. What lies before the entry applied last counts as the same moment.
     */
    long timeMs();

    /** Of entries in the log: {@code encode}, {@code decode}. Any thread. */
    static RecordCodec<ClusterEntry> codec() {
        return RecordCodec.of(ClusterEntry.class);
    }

    /**
     * An executor joins, or has a new connection to the leader.
     *
     * @param instance of its process: the same one goes on with what it has, another one begins anew
     * @param holdsMs for how long after its last renewal nodes of it may run, by what it is told now
     * @param parts all that it has
     */
    record RegisterExecutor(
            long timeMs,
            String machineId,
            String instance,
            Map<String, String> labels,
            String linkHost,
            int linkPort,
            int cores,
            String system,
            long holdsMs,
            List<PartReport> parts)
            implements ClusterEntry {
        public RegisterExecutor {
            labels = Map.copyOf(labels);
            parts = List.copyOf(parts);
        }
    }

    /** It has ended, in order: nothing of it runs any more. */
    record UnregisterExecutor(long timeMs, String machineId, String instance, String reason) implements ClusterEntry {}

    /** It gets no new parts, and its movable ones go elsewhere. */
    record DrainExecutor(long timeMs, String machineId) implements ClusterEntry {}

    /** Its lease, and all that it may take until its movable nodes have stopped, is over. */
    record ExecutorLost(long timeMs, String machineId, String instance) implements ClusterEntry {}

    /** What an executor says of all its parts; only worth an entry where {@link ClusterState#isNews} says so. */
    record PartsReported(long timeMs, String machineId, String instance, List<PartReport> parts)
            implements ClusterEntry {
        public PartsReported {
            parts = List.copyOf(parts);
        }
    }

    /** A submission seen before gives the same job. */
    record SubmitJob(long timeMs, Submission submission) implements ClusterEntry {}

    /**
     * A submission that is too large for one entry, and was brought as an artifact.
     *
     * @param id of the submission
     * @param sha256 of its bytes, by {@link Submission#codec()}
     */
    record SubmitLarge(long timeMs, String id, String sha256) implements ClusterEntry {}

    /** @param job an id or a name; also of the other entries */
    record ReleaseJob(long timeMs, String job) implements ClusterEntry {}

    record StopJob(long timeMs, String job, long graceMs) implements ClusterEntry {}

    /** @param code the node's id, with the operator's where it is one */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
    record StoreCheckpoint(
            long timeMs, String machineId, String instance, PartId part, long epoch, String code, byte[] bytes)
            implements ClusterEntry {}

    /** Bytes of an artifact, in order. What is held already is passed over. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
    record PutChunk(long timeMs, String sha256, long offset, long totalBytes, byte[] bytes) implements ClusterEntry {}

    /** A master leads from now on. What was waited for is waited for anew by as much as has passed since the entry before: nobody could come meanwhile, and this leader's clock may be ahead. */
    record LeaderBegan(long timeMs) implements ClusterEntry {}

    /** Nothing but time: due at {@link ClusterState#nextDueMs()}, and at {@link ClusterState#clockDueMs()}. */
    record Tick(long timeMs) implements ClusterEntry {}
}
