package io.millrace.remote.client;

import io.millrace.graph.Graph;
import io.millrace.graph.Problem;
import io.millrace.local.run.DataflowEnd;
import io.millrace.local.run.Merging;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.Durations;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartPlace;
import io.millrace.remote.wire.Question;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowMetrics;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.Stall;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handle of a dataflow that runs on a cluster. Any thread. */
final class ClusterDataflow implements RunningDataflow {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterDataflow.class);
    /** Beyond the grace: the second until nodes are abandoned, one for the end itself, and what masters and executors take to tell each other. */
    private static final Duration CLOSE_MARGIN = Duration.ofSeconds(7);

    private final Graph graph;
    private final JobRun job;
    private final ClusterClient client;
    private final AppRoutes routes;
    private final Merging merging;
    private final Duration closeGrace;
    private final DataflowEnd end;

    ClusterDataflow(Graph graph, JobRun job, ClusterClient client, AppRoutes routes, Duration closeGrace) {
        this.graph = graph;
        this.job = job;
        this.client = client;
        this.routes = routes;
        this.merging = new Merging(graph);
        this.closeGrace = closeGrace;
        this.end = new DataflowEnd(graph.name(), job.completion(), job::isCallingThread);
    }

    @Override
    public String name() {
        return graph.name();
    }

    @Override
    public String id() {
        return job.jobId();
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public DataflowState state() {
        DataflowState state = job.state();
        return state.isFinal() && !job.completion().isDone() ? DataflowState.STOPPING : state;
    }

    @Override
    public List<Problem> findings() {
        return Outcomes.problems(job.known().findings());
    }

    /** As in {@link RunningDataflow}, but waits for the executors' answers; what one does not say is missing. */
    @Override
    public DataflowStatus status() {
        if (job.completion().isDone() && !job.completion().isCompletedExceptionally()) {
            return job.completion().join().status();
        }
        return statusOf(state(), ask(new Question.Status()));
    }

    DataflowStatus statusOf(DataflowState state, List<ClientReply.PartAnswer> answers) {
        List<DataflowStatus> parts = new ArrayList<>();
        for (ClientReply.PartAnswer answer : answers) {
            if (answer.answer() instanceof Question.Answer.Status known) {
                parts.add(known.status());
            }
        }
        parts.add(routes.ends().status());
        return merging.status(state, parts);
    }

    /** Likewise. */
    @Override
    public DataflowMetrics metrics() {
        List<DataflowMetrics> parts = new ArrayList<>();
        for (ClientReply.PartAnswer answer : ask(new Question.Metrics())) {
            if (answer.answer() instanceof Question.Answer.Metrics known) {
                parts.add(known.metrics());
            }
        }
        parts.add(routes.ends().metrics());
        return merging.metrics(parts);
    }

    /** Likewise. */
    @Override
    public List<Stall> explainStall() {
        List<Stall> stalls = new ArrayList<>();
        for (ClientReply.PartAnswer answer : ask(new Question.Stalls())) {
            if (answer.answer() instanceof Question.Answer.Stalls known) {
                Optional<String> machine = machineOf(answer.part());
                known.stalls().forEach(held -> stalls.add(stall(held, machine)));
            }
        }
        return routes.explainStall(stalls);
    }

    private Optional<String> machineOf(PartId part) {
        return job.known().parts().stream()
                .map(JobView.PartView::place)
                .filter(place -> place.id().equals(part))
                .map(PartPlace::machineId)
                .findFirst();
    }

    private static Stall stall(Question.Held held, Optional<String> machine) {
        return new Stall(
                Stall.Holder.valueOf(held.holder().toUpperCase(Locale.ROOT)),
                held.name(),
                held.edges(),
                held.heldFor(),
                Outcomes.frames(held.stack()),
                machine);
    }

    private List<ClientReply.PartAnswer> ask(Question question) {
        if (job.isCallingThread()) {
            throw new IllegalStateException(
                    "dataflow '" + name()
                            + "': a listener cannot wait for what executors say, for the thread that calls it takes their answers");
        }
        ClientReply reply = Waits.forReply(
                client.ask(number -> new ClientRequest.AskParts(number, job.jobId(), question)), client.timeout());
        return reply instanceof ClientReply.Answers known ? known.answers() : List.of();
    }

    @Override
    public Publisher publisher(String name) {
        return routes.publisher(name);
    }

    @Override
    public Subscription subscribe(String output, SubscribeOptions options) {
        return routes.subscribe(output, options);
    }

    @Override
    public Tap tap(List<String> outputs, SubscribeOptions options, TapHandler handler) {
        return routes.tap(outputs, options, handler);
    }

    @Override
    public void listen(Consumer<DataflowEvent> listener) {
        Objects.requireNonNull(listener, "listener");
        job.listen(listener);
    }

    @Override
    public CompletionStage<DataflowResult> completion() {
        return job.completion().minimalCompletionStage();
    }

    @Override
    public DataflowResult await() throws InterruptedException {
        return end.await();
    }

    @Override
    public DataflowResult await(Duration timeout) throws InterruptedException, TimeoutException {
        return end.await(timeout);
    }

    @Override
    public CompletionStage<DataflowResult> stop(Duration grace) {
        long graceMs = Durations.waitMs(grace);
        client.ask(number -> new ClientRequest.Stop(number, job.jobId(), graceMs))
                .whenComplete((stopped, error) -> {
                    if (error != null) {
                        LOG.warn("job '{}' may not have been stopped: {}", name(), error.getMessage());
                    }
                    // Not before: whoever ends with these inputs would have finished, and the job with him.
                    routes.ends().close();
                });
        return completion();
    }

    @Override
    public void close() {
        if (job.completion().isDone()) {
            routes.close();
            return;
        }
        stop(closeGrace);
        if (job.isCallingThread()) {
            return;
        }
        try {
            if (!end.awaitClosed(closeGrace, CLOSE_MARGIN)) {
                LOG.error("dataflow '{}' has not ended within its grace, as far as its masters say", name());
            }
        } finally {
            routes.close();
        }
    }

    @Override
    public String toString() {
        return "dataflow '" + name() + "', job " + job.jobId() + ", " + state();
    }
}
