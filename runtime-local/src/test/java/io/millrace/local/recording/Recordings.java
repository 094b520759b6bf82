package io.millrace.local.recording;

import io.millrace.layout.HybridClock;
import io.millrace.layout.MessageView;
import io.millrace.layout.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Recordings made without a dataflow, of which everything is known. */
final class Recordings {
    static final long BEGIN_NS = 1_700_000_000_000_000_000L;

    private Recordings() {}

    /** A message that was sent and recorded so long after the begin. */
    record Line(String output, long atNs, String text) {}

    /** @param outputs in the order of their numbers */
    static Recording write(Path directory, List<String> outputs, List<Line> lines) throws Exception {
        java.nio.file.Files.createDirectories(directory);
        Chronicle.prepare();
        try (RecordingWriter writer = RecordingWriter.open(directory)) {
            writer.header(
                    new RecordingHeader("written", Optional.empty(), outputs, Instant.EPOCH, "test", false), BEGIN_NS);
            long sequence = 0;
            for (Line line : lines) {
                writer.message(
                        outputs.indexOf(line.output()),
                        0,
                        BEGIN_NS + line.atNs(),
                        message(sequence++, BEGIN_NS + line.atNs(), line.text()));
            }
            writer.end(
                    outputs.stream()
                            .map(output -> new RecordingWriter.Totals(0, 0))
                            .toList(),
                    BEGIN_NS);
        }
        return Recording.open(directory);
    }

    static MessageView message(long sequence, long sentNs, String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer record =
                ByteBuffer.allocate(RecordLayout.HEADER_LENGTH + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        RecordLayout.putHeader(record, 0, (byte) 0, 1, 0);
        record.putLong(RecordLayout.SEQUENCE_OFFSET, sequence);
        record.putLong(RecordLayout.TIMESTAMP_OFFSET, HybridClock.ntp64(sentNs) + 1);
        RecordLayout.putLengths(record, 0, 0, payload.length);
        record.put(RecordLayout.HEADER_LENGTH, payload);
        return new MessageView().wrap(record, 0, null);
    }
}
