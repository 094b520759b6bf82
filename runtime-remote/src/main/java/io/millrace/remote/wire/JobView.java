package io.millrace.remote.wire;

import java.util.List;
import java.util.Optional;

/**
 * A job as its masters know it.
 *
 * @param revision grows with every change
 * @param isOpen whether every node is open; a job that is held waits for its client then
 * @param degraded why it does not run as it should, though it runs; or what its begin or its end waits for
 * @param history what became of it, the oldest first; bounded
 */
public record JobView(
        String jobId,
        String name,
        long revision,
        JobState state,
        boolean isOpen,
        Optional<String> degraded,
        long submittedAtMs,
        List<PartView> parts,
        List<Finding> findings,
        List<FailureRecord> failures,
        List<Entry> history) {
    private static final int NUMBERS_BYTES = 48; // names of states are among them

    public JobView {
        parts = List.copyOf(parts);
        findings = List.copyOf(findings);
        failures = List.copyOf(failures);
        history = List.copyOf(history);
    }

    /** What it takes on its way at the most. */
    public int sizeBytes() {
        return NUMBERS_BYTES
                + Shortened.sizeBytes(jobId)
                + Shortened.sizeBytes(name)
                + degraded.map(Shortened::sizeBytes).orElse(0)
                + parts.stream().mapToInt(PartView::sizeBytes).sum()
                + findings.stream().mapToInt(Finding::sizeBytes).sum()
                + failures.stream().mapToInt(FailureRecord::sizeBytes).sum()
                + history.stream().mapToInt(Entry::sizeBytes).sum();
    }

    /** A part and how far it has come. */
    public record PartView(PartPlace place, boolean isPinned, PartState state) {
        private int sizeBytes() {
            return NUMBERS_BYTES + place.sizeBytes();
        }
    }

    /** One thing that has become of a job. */
    public record Entry(long timeMs, JobState state, String text) {
        private int sizeBytes() {
            return NUMBERS_BYTES + Shortened.sizeBytes(text);
        }
    }
}
