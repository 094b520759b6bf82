package io.millrace.remote.executor;

import io.millrace.remote.wire.JobEvent;
import io.millrace.remote.wire.Question;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.Stall;
import java.util.List;
import java.util.Locale;

/** What a running part says when it is asked. */
final class Answers {
    private static final int MAX_FRAMES = 64;

    private Answers() {}

    /** Any thread; does not disturb the nodes. */
    static Question.Answer of(RunningDataflow part, Question question) {
        if (question instanceof Question.Status) {
            return new Question.Answer.Status(part.status());
        }
        if (question instanceof Question.Metrics) {
            return new Question.Answer.Metrics(part.metrics());
        }
        return new Question.Answer.Stalls(
                part.explainStall().stream().map(Answers::held).toList());
    }

    private static Question.Held held(Stall stall) {
        return new Question.Held(
                stall.holder().name().toLowerCase(Locale.ROOT),
                stall.name(),
                stall.heldFor(),
                stall.edges(),
                frames(stall.stack()));
    }

    static List<JobEvent.Frame> frames(List<StackTraceElement> stack) {
        return stack.stream()
                .limit(MAX_FRAMES)
                .map(frame -> new JobEvent.Frame(
                        frame.getClassName(),
                        frame.getMethodName(),
                        frame.getFileName() == null ? "" : frame.getFileName(),
                        frame.getLineNumber()))
                .toList();
    }
}
