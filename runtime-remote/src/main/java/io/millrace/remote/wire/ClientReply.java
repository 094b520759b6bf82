package io.millrace.remote.wire;

import java.util.List;
import java.util.OptionalLong;

/** What a master tells a client. */
public sealed interface ClientReply {

    /** @param linkTimeoutMs as executors are told it: for how long a link may be down before its edges are closed */
    record Job(long request, JobView job, long linkTimeoutMs) implements ClientReply {}

    /**
     * Some of all jobs.
     *
     * @param jobs in the order in which they were handed in, without findings, failures and history
     * @param next what asks for those that follow; missing with the last
     */
    record Jobs(long request, List<JobView> jobs, OptionalLong next) implements ClientReply {
        public Jobs {
            jobs = List.copyOf(jobs);
        }
    }

    record Executors(long request, List<ExecutorView> executors) implements ClientReply {
        public Executors {
            executors = List.copyOf(executors);
        }
    }

    /**
     * The masters, as the leading one knows them, and the leases that it counts.
     *
     * @param leader the name of the one that answers
     */
    record Masters(long request, String leader, long term, List<MasterAddress> masters, List<LeaseView> leases)
            implements ClientReply {
        public Masters {
            masters = List.copyOf(masters);
            leases = List.copyOf(leases);
        }
    }

    /**
     * An executor's lease.
     *
     * @param heardMsAgo when it was heard of last, or this leader began
     * @param leftMs until it is counted as lost
     */
    record LeaseView(String machineId, String instance, boolean isConnected, long heardMsAgo, long leftMs) {}

    /** How much of an artifact the masters hold. */
    record Held(long request, long heldBytes, boolean isWhole) implements ClientReply {}

    record Done(long request) implements ClientReply {}

    record Submitted(long request, Submission submission) implements ClientReply {}

    /** What the executors of a job's parts have said. */
    record Answers(long request, List<PartAnswer> answers) implements ClientReply {
        public Answers {
            answers = List.copyOf(answers);
        }
    }

    /** What one executor has said. */
    record PartAnswer(PartId part, Question.Answer answer) {}

    record JobChanged(JobView job) implements ClientReply {}

    record Happened(PartId part, List<JobEvent> events) implements ClientReply {
        public Happened {
            events = List.copyOf(events);
        }
    }

    /** This master does not lead: {@code leader} is an index into the masters, or -1 for unknown. */
    record NotLeading(long request, List<MasterAddress> masters, int leader) implements ClientReply {
        public NotLeading {
            masters = List.copyOf(masters);
        }
    }

    /**
     * It was not done.
     *
     * @param reason for people
     */
    record Failed(long request, Reason code, String reason, List<Finding> findings) implements ClientReply {
        public Failed {
            findings = List.copyOf(findings);
        }
    }

    /** Why something was not done. */
    enum Reason {
        /** There is no such job, executor, node. */
        UNKNOWN,
        /** What was asked is not as it should be. */
        INVALID,
        /** The name is taken, or the thing is not in a state for it. */
        CONFLICT,
        /** No executor can take a node. */
        UNPLACEABLE,
        /** Too large, or too many. */
        LIMIT,
        /** The masters cannot do it now; perhaps later. */
        UNAVAILABLE
    }
}
