package io.millrace.local.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a recorder has done.
 *
 * @param bytes written, without what the queue adds
 * @param failure why it has ended before it was closed, if it has
 */
public record RecorderCounts(Path directory, long bytes, List<Output> outputs, Optional<Throwable> failure) {

    public RecorderCounts {
        outputs = List.copyOf(outputs);
    }

    /** Messages in the recording. */
    public long messages() {
        return outputs.stream().mapToLong(Output::messages).sum();
    }

    /** Messages that gave way to newer ones before they could be recorded. */
    public long missing() {
        return outputs.stream().mapToLong(Output::missing).sum();
    }

    /** The output whose node the recorder may have held up for the longest time, if it has held up any. */
    public Optional<Output> mostHeldUp() {
        return outputs.stream()
                .filter(output -> !output.heldUp().isZero())
                .max(java.util.Comparator.comparing(Output::heldUp));
    }

    /**
     * The same for one output.
     *
     * @param heldUp how long the recorder's edge was full: its node was slowed down by that at the most
     */
    public record Output(String name, long messages, long missing, Duration heldUp) {}
}
