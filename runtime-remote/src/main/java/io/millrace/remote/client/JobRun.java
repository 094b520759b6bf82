package io.millrace.remote.client;

import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.JobEvent;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.Question;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.RunningDataflow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client knows of one job, from its masters: its state, its events, its start and its end. State belongs to the client's agenda, but for what says otherwise. */
final class JobRun implements ClusterClient.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

    private final ClusterClient client;
    private final Executor finisher; // what is attached to stages may block
    private final String jobId;
    private final String name;
    private final CompletableFuture<JobView> started = new CompletableFuture<>();
    private final CompletableFuture<DataflowResult> completion = new CompletableFuture<>();
    private final List<Consumer<DataflowEvent>> listeners = new ArrayList<>();
    private final List<Consumer<JobView>> followers = new ArrayList<>();
    private @Nullable Runnable whenOpen; // run once, before the job is released
    private @Nullable DataflowState told;
    private boolean isEnding;
    private final Set<String> dropping = new HashSet<>(); // edges
    private BiFunction<DataflowState, List<ClientReply.PartAnswer>, DataflowStatus> statusOf =
            (state, answers) -> new DataflowStatus("", state, List.of(), List.of());

    // Read by any thread.
    private volatile JobView known;

    JobRun(ClusterClient client, Executor finisher, JobView first) {
        this.client = client;
        this.finisher = finisher;
        this.jobId = first.jobId();
        this.name = first.name();
        this.known = first;
    }

    /** What puts together what the executors say at the end. Before it begins. */
    void askAtTheEnd(BiFunction<DataflowState, List<ClientReply.PartAnswer>, DataflowStatus> merging) {
        statusOf = merging;
    }

    /** Begins to follow the job. Any thread. */
    void begin(@Nullable Runnable actionWhenOpen) {
        client.agenda().execute(() -> {
            whenOpen = actionWhenOpen;
            client.watch(jobId, this);
        });
    }

    // Any thread.

    String jobId() {
        return jobId;
    }

    JobView known() {
        return known;
    }

    DataflowState state() {
        return Outcomes.state(known.state());
    }

    /** Completes when messages flow; fails as {@link RunningDataflow} starts fail. */
    CompletableFuture<JobView> started() {
        return started;
    }

    CompletableFuture<DataflowResult> completion() {
        return completion;
    }

    /** Has the action run when it is over, on a thread of its own. */
    void whenComplete(Runnable action) {
        completion.minimalCompletionStage().whenComplete((result, error) -> action.run());
    }

    boolean isCallingThread() {
        return client.agenda().isOwnThread();
    }

    void listen(Consumer<DataflowEvent> listener) {
        client.agenda().execute(() -> listeners.add(listener));
    }

    /** Has the action run with each new view, on the agenda's thread, and with the one that is known. */
    void follow(Consumer<JobView> follower) {
        client.agenda().execute(() -> {
            followers.add(follower);
            follower.accept(known);
        });
    }

    // The agenda's thread.

    @Override
    public void onChanged(ClientReply.JobChanged changed) {
        JobView view = changed.job();
        if (view.revision() < known.revision()) {
            return;
        }
        known = view;
        followers.forEach(follower -> follower.accept(view));
        if (view.isOpen() && !view.state().isFinal()) {
            release();
        }
        settleStart(view);
        tellState(view);
        if (view.state().isFinal() && !isEnding) {
            isEnding = true;
            end(view);
        }
    }

    private void release() {
        Runnable action = whenOpen;
        if (action == null) {
            return;
        }
        whenOpen = null;
        try {
            action.run();
            client.ask(number -> new ClientRequest.Release(number, jobId)).exceptionally(error -> {
                LOG.warn("job '{}' was not released: {}", name, error.getMessage());
                return null;
            });
        } catch (Throwable t) { // the application's code, and its failure is that of the start
            DataflowStartException failure = new DataflowStartException(
                    "dataflow '" + name + "' did not start: what was to be done before messages flow has failed: " + t,
                    t);
            finisher.execute(() -> started.completeExceptionally(failure));
            client.ask(number -> new ClientRequest.Stop(number, jobId, 0));
        }
    }

    private void settleStart(JobView view) {
        if (started.isDone()) {
            return;
        }
        if (Outcomes.hasRun(view)) {
            finisher.execute(() -> started.complete(view));
        } else if (view.state().isFinal()) {
            RuntimeException failure = Outcomes.startFailure(view);
            finisher.execute(() -> started.completeExceptionally(failure));
        }
    }

    private void tellState(JobView view) {
        DataflowState now = Outcomes.state(view.state());
        if (now != told && !now.isFinal()) {
            told = now;
            tell(new DataflowEvent.StateChanged(now));
        }
    }

    /** What the nodes have counted is asked for first: it is part of the result. */
    private void end(JobView view) {
        client.ask(number -> new ClientRequest.AskParts(number, jobId, new Question.Status()))
                .whenComplete((reply, error) -> {
                    List<ClientReply.PartAnswer> answers =
                            reply instanceof ClientReply.Answers known ? known.answers() : List.of();
                    if (error != null && !client.isClosed()) {
                        LOG.warn("job '{}' has ended, and its counters are not known: {}", name, error.getMessage());
                    }
                    finish(view, statusOf.apply(Outcomes.state(view.state()), answers));
                });
    }

    private void finish(JobView view, DataflowStatus status) {
        client.unwatch(jobId, this);
        DataflowState state = Outcomes.state(view.state());
        tell(new DataflowEvent.StateChanged(state));
        List<DataflowResult.Failure> failures = view.failures().stream()
                .map(failure -> new DataflowResult.Failure(failure.node(), RemoteFailure.of(failure)))
                .toList();
        DataflowResult result = new DataflowResult(state, failures, status);
        finisher.execute(() -> completion.complete(result));
    }

    @Override
    public void onHappened(ClientReply.Happened happened) {
        for (JobEvent event : happened.events()) {
            // An edge between machines has two rings, and either may be the first to drop.
            if (!(event instanceof JobEvent.FirstDrop drop) || dropping.add(drop.edge())) {
                tell(Outcomes.event(event));
            }
        }
    }

    /** What has become of it nobody can say. */
    @Override
    public void onForgotten(RuntimeException why) {
        client.unwatch(jobId, this);
        if (!isEnding) {
            isEnding = true;
            finisher.execute(() -> {
                started.completeExceptionally(why);
                completion.completeExceptionally(why);
            });
        }
    }

    private void tell(DataflowEvent event) {
        for (Consumer<DataflowEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (Throwable t) { // a listener is the application's, and its failure nobody else's
                LOG.error("job '{}': a listener failed on {}", name, event, t);
            }
        }
    }
}
