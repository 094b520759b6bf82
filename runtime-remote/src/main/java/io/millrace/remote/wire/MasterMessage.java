package io.millrace.remote.wire;

import java.util.List;
import java.util.Map;

/** What a master tells an executor. */
public sealed interface MasterMessage {

    /**
     * It is registered, here and now.
     *
     * @param leaseMs counted by the executor from when it sent the last renewal that was answered
     * @param stopGraceMs in which it stops its movable parts when its lease has ended
     * @param renewEveryMs how often it is to renew
     * @param linkTimeoutMs for how long a link may be down before its edges are closed, the same for every executor
     */
    record Registered(long incarnation, long leaseMs, long stopGraceMs, long renewEveryMs, long linkTimeoutMs)
            implements MasterMessage {}

    record Renewed(long number) implements MasterMessage {}

    /**
     * All that the executor is to do. A part that it has and that is not in here is to be dropped.
     *
     * @param revision grows
     */
    record Desired(long revision, List<JobAssignment> jobs) implements MasterMessage {
        public Desired {
            jobs = List.copyOf(jobs);
        }
    }

    /** What the part is of. Its checkpoints are asked for by themselves. */
    record PartContents(long request, Submission submission) implements MasterMessage {}

    /**
     * The last of each node and operator of a part that has stored one, or of some of them.
     *
     * @param hasMore whether more follow those of which the names come first
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
    record Checkpoints(long request, Map<String, byte[]> checkpoints, boolean hasMore) implements MasterMessage {
        public Checkpoints {
            checkpoints = Map.copyOf(checkpoints);
        }
    }

    /**
     * A checkpoint needs not be said again.
     *
     * @param refusal why it is not kept, where somebody can do something about it; else empty
     */
    record Stored(long number, String refusal) implements MasterMessage {}

    /** @param totalBytes of the artifact */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
    record Chunk(long request, long offset, long totalBytes, byte[] bytes) implements MasterMessage {}

    /** What was asked cannot be given. */
    record Unavailable(long request, String reason) implements MasterMessage {}

    /** Asks for {@link ExecutorMessage.Answered}. */
    record Ask(long request, PartId part, Question question) implements MasterMessage {}

    /** A node of a part is to be started anew, or to end. */
    record ActOnNode(PartId part, String node, NodeAction action) implements MasterMessage {}

    /** This master does not lead. */
    record NotLeading(List<MasterAddress> masters, int leader) implements MasterMessage {
        public NotLeading {
            masters = List.copyOf(masters);
        }
    }

    /**
     * The executor is not registered.
     *
     * @param mayPass whether it may be let in later as it is: the lease of another process that has its machine id ends
     * @param leftMs after which that lease is over, if it is not renewed; negative for unknown
     */
    record Refused(String reason, boolean mayPass, long leftMs) implements MasterMessage {}
}
