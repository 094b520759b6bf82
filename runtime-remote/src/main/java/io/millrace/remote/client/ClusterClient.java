package io.millrace.remote.client;

import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.Durations;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's conversation with whichever master leads. What was asked and not answered is asked again when another master leads, or the connection is made anew: every
 * request may be repeated. All state belongs to its agenda's thread.
 */
public final class ClusterClient {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterClient.class);

    private final Agenda agenda;
    private final Duration timeout;
    private volatile boolean isClosed; // by any thread

    // The agenda's thread.
    private final Map<Long, Asked> asked = new LinkedHashMap<>();
    private final Map<String, List<Watcher>> watchers = new LinkedHashMap<>(); // by job: each handle is one
    private Line line = request -> false;
    private boolean isConnected;
    private long next;
    private String lastReason = "no master was reached yet";

    /** The connection to the leading master. */
    @FunctionalInterface
    public interface Line {
        /** False if there is none at the moment. Any thread. */
        boolean send(ClientRequest request);
    }

    /** Is told of one job. On the agenda's thread. */
    interface Watcher {
        void onChanged(ClientReply.JobChanged changed);

        void onHappened(ClientReply.Happened happened);

        /** Nothing more will be heard of it: the masters do not know the job, or not any more, or the client is closed. */
        void onForgotten(RuntimeException why);
    }

    private static final class Asked {
        private final ClientRequest request;
        private final CompletableFuture<ClientReply> answer;
        private final Agenda.Timer timer;
        private boolean isSent; // to whoever led then

        Asked(ClientRequest request, CompletableFuture<ClientReply> answer, Agenda.Timer timer) {
            this.request = request;
            this.answer = answer;
            this.timer = timer;
        }
    }

    /** @param timeout after which a request that nobody has answered fails */
    public ClusterClient(Agenda agenda, Duration timeout) {
        this.agenda = agenda;
        this.timeout = timeout;
    }

    Agenda agenda() {
        return agenda;
    }

    Duration timeout() {
        return timeout;
    }

    /** Before anything is asked. */
    public void use(Line made) {
        line = made;
    }

    /**
     * Asks the leading master, as soon as there is one. Any thread; does not block.
     *
     * @param request given its number
     * @return the answer, on the agenda's thread, or what to cancel so that no other leader is asked; fails with a {@link RefusedException} if the masters say no, and with a {@link ClusterUnreachableException} if none answers in
     *     time
     */
    public CompletionStage<ClientReply> ask(LongFunction<ClientRequest> request) {
        CompletableFuture<ClientReply> answer = new CompletableFuture<>();
        if (isClosed) { // the agenda may take nothing any more
            answer.completeExceptionally(closed());
        } else {
            agenda.execute(() -> ask(request, answer));
        }
        return answer;
    }

    /** Asks the executor of a part. Likewise. */
    CompletionStage<Question.Answer> askPart(PartId part, Question question) {
        return ask(number -> new ClientRequest.AskPart(number, part, question)).thenApply(reply -> {
            boolean isAnswered =
                    reply instanceof ClientReply.Answers all && !all.answers().isEmpty();
            return isAnswered
                    ? ((ClientReply.Answers) reply).answers().get(0).answer()
                    : new Question.Answer.Nothing("nobody has answered");
        });
    }

    private void ask(LongFunction<ClientRequest> request, CompletableFuture<ClientReply> answer) {
        if (isClosed) {
            answer.completeExceptionally(closed());
            return;
        }
        long number = next++;
        Asked made = new Asked(request.apply(number), answer, agenda.after(timeout, () -> onTimeout(number)));
        asked.put(number, made);
        if (isConnected) {
            send(made);
        }
    }

    private void send(Asked waiting) {
        waiting.isSent |= line.send(waiting.request);
    }

    /**
     * Asks no more for what nobody was asked yet. Any thread; does not block.
     *
     * @param answer as {@link #ask} has returned it
     * @return whether it was so: no master ever hears of it then
     */
    CompletionStage<Boolean> withdraw(CompletionStage<ClientReply> answer) {
        CompletableFuture<Boolean> withdrawn = new CompletableFuture<>();
        agenda.execute(() ->
                withdrawn.complete(asked.values().removeIf(waiting -> waiting.answer == answer && !waiting.isSent)));
        return withdrawn;
    }

    private static ClusterUnreachableException closed() {
        return new ClusterUnreachableException("this client was closed");
    }

    private void onTimeout(long number) {
        Asked late = asked.remove(number);
        if (late != null) {
            late.answer.completeExceptionally(new ClusterUnreachableException(
                    "no leading master has answered within " + Durations.millis(timeout) + " ms: " + lastReason,
                    late.isSent));
        }
    }

    /** Has the watcher told of the job from now on, over all connections, until {@link #unwatch}; so are those that came before. Any thread. */
    void watch(String jobId, Watcher watcher) {
        agenda.execute(() -> {
            if (isClosed) {
                watcher.onForgotten(closed());
                return;
            }
            watchers.computeIfAbsent(jobId, job -> new ArrayList<>()).add(watcher);
            if (isConnected) {
                askToWatch(jobId);
            }
        });
    }

    void unwatch(String jobId, Watcher watcher) {
        agenda.execute(() -> watchers.computeIfPresent(jobId, (job, all) -> without(watcher, all)));
    }

    private static @Nullable List<Watcher> without(Watcher watcher, List<Watcher> all) {
        all.remove(watcher);
        return all.isEmpty() ? null : all;
    }

    private void askToWatch(String jobId) {
        ask(number -> new ClientRequest.Watch(number, jobId)).whenComplete((reply, error) -> {
            if (reply instanceof ClientReply.Job job) {
                onMessage(new ClientReply.JobChanged(job.job()));
            } else if (error instanceof RefusedException refused && refused.reason() == ClientReply.Reason.UNKNOWN) {
                watching(jobId).forEach(watcher -> watcher.onForgotten(refused));
            } else if (error != null && !isClosed) {
                LOG.warn("job '{}' cannot be watched: {}", jobId, error.getMessage());
            }
        });
    }

    // The connection. On the agenda's thread.

    public void onConnected() {
        isConnected = true;
        asked.values().removeIf(waiting -> waiting.answer.isCancelled());
        asked.values().forEach(this::send);
        watchers.keySet().forEach(this::askToWatch);
    }

    public void onDisconnected(String reason) {
        isConnected = false;
        lastReason = reason;
    }

    /** @param isNews whether it was not said before */
    public void onUnreached(String reason, boolean isNews) {
        lastReason = reason;
        if (isNews) {
            LOG.info("no master was reached yet: {}", reason);
        }
    }

    public void onMessage(ClientReply reply) {
        if (reply instanceof ClientReply.JobChanged changed) {
            watching(changed.job().jobId()).forEach(watcher -> watcher.onChanged(changed));
        } else if (reply instanceof ClientReply.Happened happened) {
            watching(happened.part().jobId()).forEach(watcher -> watcher.onHappened(happened));
        } else {
            answer(reply);
        }
    }

    private List<Watcher> watching(String jobId) {
        return List.copyOf(watchers.getOrDefault(jobId, List.of())); // who is told may leave
    }

    private void answer(ClientReply reply) {
        if (reply instanceof ClientReply.Job job) {
            complete(job.request(), reply);
        } else if (reply instanceof ClientReply.Jobs jobs) {
            complete(jobs.request(), reply);
        } else if (reply instanceof ClientReply.Executors executors) {
            complete(executors.request(), reply);
        } else if (reply instanceof ClientReply.Masters masters) {
            complete(masters.request(), reply);
        } else if (reply instanceof ClientReply.Held held) {
            complete(held.request(), reply);
        } else if (reply instanceof ClientReply.Done done) {
            complete(done.request(), reply);
        } else if (reply instanceof ClientReply.Submitted submitted) {
            complete(submitted.request(), reply);
        } else if (reply instanceof ClientReply.Answers answers) {
            complete(answers.request(), reply);
        } else if (reply instanceof ClientReply.Failed failed) {
            onFailed(failed);
        }
    }

    private void complete(long number, ClientReply reply) {
        Asked waiting = asked.remove(number);
        if (waiting != null) {
            waiting.timer.cancel();
            waiting.answer.complete(reply);
        }
    }

    private void onFailed(ClientReply.Failed failed) {
        Asked waiting = asked.remove(failed.request());
        if (waiting != null) {
            waiting.timer.cancel();
            waiting.answer.completeExceptionally(
                    new RefusedException(failed.code(), failed.reason(), failed.findings()));
        }
    }

    /** Then nobody wants to know what could not be asked. Any thread. */
    boolean isClosed() {
        return isClosed;
    }

    /** What waits fails, also for the end of a job. Any thread. */
    public void close() {
        isClosed = true;
        agenda.execute(() -> {
            asked.values().forEach(waiting -> waiting.answer.completeExceptionally(closed()));
            asked.clear();
            List.copyOf(watchers.values()).forEach(all -> List.copyOf(all).forEach(one -> one.onForgotten(closed())));
            watchers.clear();
        });
    }
}
