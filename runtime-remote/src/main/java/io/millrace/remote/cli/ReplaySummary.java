package io.millrace.remote.cli;

import io.millrace.local.recording.PublishedReplay;
import io.millrace.local.recording.Replay;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a replay has fed, for people and for programs.
 *
 * @param missing messages that the recording lacks in between
 * @param untaken messages that found closed inputs
 * @param failure why the recording could not be read to its end
 */
record ReplaySummary(
        List<String> nodes, long sent, long missing, long untaken, boolean isCut, Optional<String> failure) {

    static ReplaySummary of(Replay replay) {
        return new ReplaySummary(replay.nodes(), replay.sent(), replay.missing(), 0, replay.isCut(), Optional.empty());
    }

    static ReplaySummary of(PublishedReplay replay, @Nullable RuntimeException broken) {
        return new ReplaySummary(
                replay.nodes(),
                replay.sent(),
                replay.missing(),
                replay.untaken(),
                replay.isCut(),
                Optional.ofNullable(broken).map(failure -> String.valueOf(failure.getMessage())));
    }

    /** Says what is not as it should be; a recording that could not be read to its end makes what it was fed into worth nothing. */
    int codeOf(int code, Console console) {
        if (isCut) {
            console.err().println("warning: the recording was cut: only what there is of it was replayed");
        }
        if (untaken > 0) {
            console.err()
                    .println(
                            "warning: " + Units.counted(untaken, "message")
                                    + " of the recording found closed inputs: whoever reads them had ended, or was out of reach");
        }
        failure.ifPresent(why -> console.err().println("error: " + Printable.line(why)));
        return failure.isPresent() ? ExitCode.INVALID : code;
    }

    /** One line. */
    String toText() {
        return "replayed " + Units.counted(sent, "message") + " in place of " + String.join(", ", nodes)
                + (missing > 0 ? "; the recording lacks " + Units.count(missing) + " in between" : "")
                + (isCut ? "; the recording was cut there" : "") + "\n";
    }

    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("nodes", nodes);
        json.put("messages", sent);
        json.put("missing", missing);
        json.put("untaken", untaken);
        json.put("cut", isCut);
        json.put("failure", failure.orElse(null));
        return json;
    }
}
