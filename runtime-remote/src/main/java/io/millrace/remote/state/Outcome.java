package io.millrace.remote.state;

import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.Shortened;
import java.util.List;

/** What came of an entry: the answer for whoever asked for it. Small, whatever the entry was about: it is the log's reply, which has a limit. */
public sealed interface Outcome {

    /** Of answers on their way back from the log. Any thread. */
    static RecordCodec<Outcome> codec() {
        return RecordCodec.of(Outcome.class);
    }

    record Done() implements Outcome {}

    /** It is as it is to be with this job, of which a view, that may be large, is the state's to give. */
    record OfJob(String jobId) implements Outcome {}

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
        private static final int MAX_REASON = 4096;
        private static final int MAX_FINDINGS = 100;
        private static final int FINDINGS_BYTES = 256 << 10;

        public Refused {
            reason = Shortened.text(reason, MAX_REASON);
            findings = Finding.shortened(findings, MAX_FINDINGS, FINDINGS_BYTES);
        }
    }

    static Refused refused(Reason code, String reason) {
        return new Refused(code, reason, List.of());
    }
}
