package io.millrace.remote.executor;

import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.Question;
import java.util.LinkedHashMap;
import java.util.Map;

/** What parts said last that are gone: a client that learns of the end of its job asks for it. The last few hundred are kept. Used by the agenda's thread. */
final class PastParts {
    private static final int KEPT = 256;

    private final Map<PartId, HostedPart.Last> parts = new LinkedHashMap<>();

    void remember(HostedPart part) {
        HostedPart.Last last = part.last();
        if (last == null) {
            return;
        }
        if (parts.size() >= KEPT) {
            parts.remove(parts.keySet().iterator().next());
        }
        parts.put(part.id(), last);
    }

    Question.Answer answer(PartId part, Question question) {
        HostedPart.Last last = parts.get(part);
        return last == null ? new Question.Answer.Nothing("part " + part + " is not here") : last.answer(question);
    }
}
