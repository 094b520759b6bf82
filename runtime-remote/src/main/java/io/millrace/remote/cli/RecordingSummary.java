package io.millrace.remote.cli;

import io.millrace.local.recording.RecorderCounts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a run has recorded, for people and for programs. */
record RecordingSummary(RecorderCounts counts) {

    /** Says so if the recording has ended early, which makes a success none. */
    static int codeOf(int code, Optional<RecordingSummary> recording, Console console) {
        Optional<Throwable> lost = recording.flatMap(made -> made.counts().failure());
        lost.ifPresent(
                failure -> console.err().println("error: the recording has ended early: " + Failures.message(failure)));
        return code == ExitCode.OK && lost.isPresent() ? ExitCode.FAILED : code;
    }

    /** One line, and what it has cost. */
    String toText() {
        String text = "recorded " + Units.counted(counts.messages(), "message") + ", " + Units.bytes(counts.bytes())
                + ", in '" + Printable.line(counts.directory().toString()) + "'";
        if (counts.missing() > 0) {
            text += "; " + Units.count(counts.missing()) + " missing, for the disk was too slow";
        }
        return text
                + counts.mostHeldUp()
                        .map(output -> "; it may have held up '" + output.name() + "' for "
                                + Units.nanos(output.heldUp().toNanos()))
                        .orElse("")
                + "\n";
    }

    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("directory", counts.directory().toString());
        json.put("messages", counts.messages());
        json.put("bytes", counts.bytes());
        json.put("missing", counts.missing());
        json.put("failure", counts.failure().map(Throwable::toString).orElse(null));
        json.put(
                "outputs",
                counts.outputs().stream().map(RecordingSummary::toJson).toList());
        return json;
    }

    private static Map<String, @Nullable Object> toJson(RecorderCounts.Output output) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("output", output.name());
        json.put("messages", output.messages());
        json.put("missing", output.missing());
        json.put("heldUpNs", output.heldUp().toNanos());
        return json;
    }
}
