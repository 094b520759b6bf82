package io.millrace.remote.client;

import io.millrace.graph.Graph;
import io.millrace.local.run.ApplicationEnds;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.Submission;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts dataflows on a cluster, and gives handles of such as run there. Any thread. */
public final class JobStart {
    private static final Logger LOG = LoggerFactory.getLogger(JobStart.class);

    private static final int MAX_OF_ONE_NAME = 100;

    private final ClusterClient client;
    private final LinkHub hub;
    private final AppRoutes.Self self;
    private final Submitting submitting;
    private final Executor finisher;

    /**
     * @param name and {@code instance} of this client, as in its hellos
     * @param finisher runs what may block, each thing on a thread of its own
     * @param lostWait for how long a job waits for a lost executor that has pinned nodes of it
     */
    public JobStart(
            ClusterClient client,
            LinkHub hub,
            String name,
            String instance,
            Executor finisher,
            Duration lostWait,
            boolean requireWorkingDir) {
        this.client = client;
        this.hub = hub;
        this.self = new AppRoutes.Self(name, instance);
        this.finisher = finisher;
        this.submitting = new Submitting(client, new Submitting.Terms(lostWait, requireWorkingDir));
    }

    /** Hands a dataflow in that runs without this client. Blocks; as {@link Submitting#submit}. */
    public JobView submit(Graph graph, StartOptions options, String jobName) {
        return submitting.submit(graph, options, jobName, false);
    }

    /** Likewise, but it waits for {@link #attach(String, Consumer)} before messages flow. */
    public JobView submitHeld(Graph graph, StartOptions options, String jobName) {
        return submitting.submit(graph, options, jobName, true);
    }

    /** Starts a dataflow whose handle is this client's. Blocks until it is handed in; the stage completes when messages flow. */
    public CompletionStage<RunningDataflow> start(Graph graph, StartOptions options) {
        JobView job = submitAs(graph, options);
        Followed followed = follow(graph, job, options);
        followed.begin(() -> options.whenOpen().ifPresent(action -> action.accept(followed.dataflow())));
        return followed.run().started().thenApply(view -> followed.dataflow());
    }

    /** A name that is taken gets a number: whoever has a handle need not care for the name. */
    private JobView submitAs(Graph graph, StartOptions options) {
        String name = graph.name();
        for (int number = 2; ; number++) {
            try {
                return submitting.submit(graph, options, name, true);
            } catch (RefusedException e) {
                if (e.reason() != ClientReply.Reason.CONFLICT || number > MAX_OF_ONE_NAME) {
                    throw e;
                }
                name = graph.name() + "-" + number;
            }
        }
    }

    /** The handle of a job that another client has started. Blocks until the masters have told of it. */
    public RunningDataflow attach(String jobName) {
        return attach(jobName, Optional.empty());
    }

    /** Likewise, of one that is held. */
    public RunningDataflow attach(String jobName, Consumer<RunningDataflow> whenOpen) {
        return attach(jobName, Optional.of(whenOpen));
    }

    private RunningDataflow attach(String jobName, Optional<Consumer<RunningDataflow>> whenOpen) {
        ClientReply.Job job = (ClientReply.Job) ask(number -> new ClientRequest.GetJob(number, jobName));
        ClientReply.Submitted submitted = (ClientReply.Submitted)
                ask(number -> new ClientRequest.GetSubmission(number, job.job().jobId()));
        Submission submission = submitted.submission();
        Graph graph = submission.graph().toGraph(submission.flowFile().flatMap(JobStart::path), directory(submission));
        StartOptions options = StartOptions.builder()
                .closeGrace(Duration.ofMillis(submission.options().closeGraceMs()))
                .build();
        Followed followed = follow(graph, job.job(), options);
        followed.begin(whenOpen.<Runnable>map(action -> () -> action.accept(followed.dataflow()))
                .orElse(null)); // else whoever holds the job releases it
        return followed.dataflow();
    }

    private ClientReply ask(LongFunction<ClientRequest> request) {
        return Waits.forReply(client.ask(request), client.timeout());
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) { // of a client with another kind of system
            return Optional.empty();
        }
    }

    private static Path directory(Submission submission) {
        return path(submission.flowDir()).orElseGet(() -> Path.of("").toAbsolutePath());
    }

    /** A job with its handle, which is of use once it is told of the job. */
    private record Followed(JobRun run, AppRoutes routes, ClusterDataflow dataflow) {
        void begin(@Nullable Runnable whenOpen) {
            routes.begin();
            run.begin(whenOpen);
        }
    }

    private Followed follow(Graph graph, JobView job, StartOptions options) {
        ApplicationEnds ends = new ApplicationEnds(
                graph,
                options,
                edge -> LOG.warn("edge '{}' drops messages, for its consumer is slower than the application", edge));
        JobRun run = new JobRun(client, finisher, job);
        AppRoutes routes = new AppRoutes(graph, run, client, hub, self, ends);
        ClusterDataflow dataflow = new ClusterDataflow(graph, run, client, routes, options.closeGrace());
        run.askAtTheEnd(dataflow::statusOf);
        return new Followed(run, routes, dataflow);
    }
}
