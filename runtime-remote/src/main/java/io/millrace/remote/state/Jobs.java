package io.millrace.remote.state;

import io.millrace.remote.state.Job.Checkpoint;
import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.PartReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All jobs, by number, id and name. */
final class Jobs {
    private final TreeMap<Long, Job> byNumber = new TreeMap<>();
    private final Map<String, Job> byId = new HashMap<>();
    /** The last of each name: only that can run. */
    private final Map<String, Job> byName = new HashMap<>();

    private long checkpointsBytes;

    void add(Job job) {
        byNumber.put(job.number, job);
        byId.put(job.id, job);
        byName.put(job.name, job);
    }

    void remove(Job job) {
        byNumber.remove(job.number);
        byId.remove(job.id);
        byName.remove(job.name, job);
    }

    Outcome store(Job job, Checkpoint checkpoint, ClusterLimits limits) {
        @Nullable Checkpoint former = job.checkpoints.get(checkpoint.code());
        int bytes = checkpoint.bytes().length;
        long more = (long) bytes - (former == null ? 0 : former.bytes().length);
        if (bytes > limits.checkpointBytes()) {
            return Outcome.refused(
                    Reason.LIMIT,
                    "a checkpoint of '" + checkpoint.code() + "' has " + bytes + " bytes, expected at most "
                            + limits.checkpointBytes());
        }
        if (checkpointsBytes + more > limits.checkpointsBytes()) {
            return Outcome.refused(
                    Reason.LIMIT,
                    "the masters hold " + checkpointsBytes + " bytes of checkpoints, expected at most "
                            + limits.checkpointsBytes());
        }
        checkpointsBytes += more;
        job.checkpoints.put(checkpoint.code(), checkpoint);
        return new Outcome.Done();
    }

    void dropCheckpoints(Job job) {
        for (Checkpoint checkpoint : job.checkpoints.values()) {
            checkpointsBytes -= checkpoint.bytes().length;
        }
        job.checkpoints.clear();
    }

    /** In the order in which they were handed in. */
    Collection<Job> all() {
        return Collections.unmodifiableCollection(byNumber.values());
    }

    /** Those that were handed in later than the one of this number. */
    Collection<Job> after(long number) {
        return Collections.unmodifiableCollection(
                byNumber.tailMap(number, false).values());
    }

    Optional<Job> withId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The one of this id, else the last of this name. */
    Optional<Job> find(String idOrName) {
        return withId(idOrName).or(() -> Optional.ofNullable(byName.get(idOrName)));
    }

    /** Those that have not ended. */
    List<Job> active() {
        List<Job> active = new ArrayList<>();
        for (Job job : byNumber.values()) {
            if (!job.state.isFinal()) {
                active.add(job);
            }
        }
        return active;
    }

    /** The part that is meant, if it is the executor's, in this process of it and under this epoch. */
    @Nullable Part find(ExecutorEntry executor, PartReport report) {
        @Nullable Job job = byId.get(report.id().jobId());
        @Nullable Part part = job == null ? null : job.parts.get(report.id().number());
        boolean isMeant = part != null
                && part.epoch == report.epoch()
                && part.executor == executor
                && part.instance.equals(executor.instance);
        return isMeant ? part : null;
    }
}
