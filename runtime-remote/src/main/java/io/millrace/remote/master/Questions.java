package io.millrace.remote.master;

import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ExecutorMessage;
import io.millrace.remote.wire.MasterMessage;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.Question;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Questions of clients on their way to executors, and the answers on theirs back. Not thread-safe. */
final class Questions {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final Map<Long, Asked> asked = new HashMap<>();
    private long last;

    /** Answers of several parts, for one client. */
    private static final class Gathering {
        private final ClientSession client;
        private final long request;
        private final long sinceNs;
        private final List<ClientReply.PartAnswer> answers = new ArrayList<>();
        private int missing;

        private Gathering(ClientSession client, long request, int missing, long sinceNs) {
            this.client = client;
            this.request = request;
            this.missing = missing;
            this.sinceNs = sinceNs;
        }

        private void add(PartId part, Question.Answer answer) {
            answers.add(new ClientReply.PartAnswer(part, answer));
            missing--;
            if (missing == 0) {
                client.send(new ClientReply.Answers(request, answers));
            }
        }
    }

    private record Asked(Gathering gathering, PartId part, ExecutorSession executor) {}

    /** A part and its executor, if that is connected. */
    record Target(PartId part, Optional<ExecutorSession> executor) {}

    void ask(ClientSession client, long request, List<Target> targets, Question question, long nowNs) {
        Gathering gathering = new Gathering(client, request, targets.size(), nowNs);
        if (targets.isEmpty()) {
            client.send(new ClientReply.Answers(request, List.of()));
        }
        for (Target target : targets) {
            if (target.executor().isPresent()) {
                long number = ++last;
                asked.put(
                        number,
                        new Asked(gathering, target.part(), target.executor().get()));
                target.executor().get().send(new MasterMessage.Ask(number, target.part(), question));
            } else {
                gathering.add(target.part(), new Question.Answer.Nothing("its executor is not connected"));
            }
        }
    }

    void onAnswered(ExecutorSession from, ExecutorMessage.Answered answered) {
        Asked question = asked.get(answered.request());
        if (question != null && question.executor == from) {
            asked.remove(answered.request());
            question.gathering.add(question.part, answered.answer());
        }
    }

    /** A connection has ended: its answers will not come, or nobody waits for them any more. */
    void onEnded(Session<?, ?> session) {
        asked.values().removeIf(question -> question.gathering.client == session);
        answerWithNothing(question -> question.executor == session, "its executor has gone");
    }

    void expire(long nowNs) {
        answerWithNothing(
                question -> nowNs - question.gathering.sinceNs > PATIENCE_NS, "its executor has not answered");
    }

    /** This master does not lead any more: clients are told, and ask another. */
    void clear() {
        asked.clear();
    }

    private void answerWithNothing(Predicate<Asked> which, String reason) {
        List<Asked> over = asked.values().stream().filter(which).toList();
        asked.values().removeAll(over);
        over.forEach(question -> question.gathering.add(question.part, new Question.Answer.Nothing(reason)));
    }
}
