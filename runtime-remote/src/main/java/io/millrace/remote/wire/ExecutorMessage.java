package io.millrace.remote.wire;

import java.util.List;
import java.util.Map;

/** What an executor tells the leading master. */
public sealed interface ExecutorMessage {

    /**
     * The first on every connection.
     *
     * @param instance of this process, made anew at each start
     * @param linkHost where peers reach its links
     * @param parts what it has
     * @param formers instances of its former processes that have ended for certain, and nothing of which runs any more: their lease need not be waited for
     */
    record Register(
            String machineId,
            String instance,
            Map<String, String> labels,
            String linkHost,
            int linkPort,
            int cores,
            String system,
            List<PartReport> parts,
            List<String> formers)
            implements ExecutorMessage {
        public Register {
            labels = Map.copyOf(labels);
            parts = List.copyOf(parts);
            formers = List.copyOf(formers);
        }
    }

    /**
     * Renews the lease.
     *
     * @param number grows; comes back with the answer
     * @param parts all that it has
     */
    record Renew(long number, List<PartReport> parts) implements ExecutorMessage {
        public Renew {
            parts = List.copyOf(parts);
        }
    }

    /** All parts that it has, because something has changed. */
    record Report(List<PartReport> parts) implements ExecutorMessage {
        public Report {
            parts = List.copyOf(parts);
        }
    }

    /** It is about to leave, and wants to be rid of what may run elsewhere. */
    record Drain() implements ExecutorMessage {}

    /** It ends, in order: nothing of it runs any more. */
    record Unregister(String reason) implements ExecutorMessage {}

    /** Asks for {@link MasterMessage.PartContents}. */
    record FetchPart(long request, PartId part, long epoch) implements ExecutorMessage {}

    /**
     * Asks for {@link MasterMessage.Checkpoints}, in the order of what they are of.
     *
     * @param after what the last was of that is known; empty for the first
     */
    record FetchCheckpoints(long request, PartId part, long epoch, String after) implements ExecutorMessage {}

    /** Asks for {@link MasterMessage.Chunk}: the artifact's bytes from the offset on. Any master has them. */
    record FetchChunk(long request, String sha256, long offset) implements ExecutorMessage {}

    /**
     * Asks for {@link MasterMessage.Stored}, and is said again until that comes.
     *
     * @param number grows; comes back with the answer
     * @param code the node's id, with the operator's where it is one
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
    record StoreCheckpoint(long number, PartId part, long epoch, String code, byte[] bytes)
            implements ExecutorMessage {}

    record Events(PartId part, long epoch, List<JobEvent> events) implements ExecutorMessage {
        public Events {
            events = List.copyOf(events);
        }
    }

    record Answered(long request, Question.Answer answer) implements ExecutorMessage {}
}
