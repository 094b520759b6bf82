package io.millrace.remote.executor;

import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.Question;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What parts said last that are gone: a client that learns of the end of its job asks for it. The last few hundred are kept, and of what their nodes have logged so many bytes.
 * Used by the agenda's thread.
 */
final class PastParts {
    private static final int KEPT = 256;
    private static final long LOG_BYTES = 32L << 20;

    private final Map<PartId, Past> parts = new LinkedHashMap<>(); // the longest gone first

    private record Past(HostedPart.Last last, PartLog log) {}

    void remember(HostedPart part) {
        parts.put(part.id(), new Past(part.last(), part.log()));
        long logBytes =
                parts.values().stream().mapToLong(past -> past.log.bytes()).sum();
        while (parts.size() > KEPT || logBytes > LOG_BYTES && parts.size() > 1) {
            Map.Entry<PartId, Past> oldest = parts.entrySet().iterator().next();
            logBytes -= oldest.getValue().log.bytes();
            parts.remove(oldest.getKey());
        }
    }

    Question.Answer answer(PartId part, Question question) {
        Past past = parts.get(part);
        if (past == null) {
            return new Question.Answer.Nothing("part " + part + " is not here");
        }
        return question instanceof Question.Logs logs ? past.log.answer(logs) : past.last.answer(question);
    }
}
