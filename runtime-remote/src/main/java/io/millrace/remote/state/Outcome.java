package io.millrace.remote.state;

import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.RecordCodec;
import java.util.List;

/** What came of an entry: the answer for whoever asked for it. */
public sealed interface Outcome {

    /** Of answers on their way back from the log. Any thread. */
    static RecordCodec<Outcome> codec() {
        return RecordCodec.of(Outcome.class);
    }

    record Done() implements Outcome {}

    /** The job as it is now. */
    record OfJob(JobView job) implements Outcome {}

    /** @param incarnation of the executor: how many processes of this machine id there have been */
    record Registered(long incarnation) implements Outcome {}

    /** How much of an artifact is held. */
    record Held(long heldBytes, boolean isWhole) implements Outcome {}

    /**
     * Nothing was changed.
     *
     * @param reason for people
     */
    record Refused(Reason code, String reason, List<Finding> findings) implements Outcome {
        public Refused {
            findings = List.copyOf(findings);
        }
    }

    static Refused refused(Reason code, String reason) {
        return new Refused(code, reason, List.of());
    }
}
