package io.millrace.remote.client;

import io.millrace.graph.Graph;
import io.millrace.local.run.ApplicationEnds;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.Durations;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.Submission;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts dataflows on a cluster, and gives handles of such as run there. Any thread. */
public final class JobStart {
    private static final Logger LOG = LoggerFactory.getLogger(JobStart.class);

    private static final int MAX_OF_ONE_NAME = 100;
    private static final long LOOK_MS = 1_000;
    private static final long BETWEEN_LOOKS_MS = 5;

    private final ClusterClient client;
    private final LinkHub hub;
    private final AppRoutes.Self self;
    private final Submitting submitting;
    private final Executor finisher;
    private final AtomicLong numbers =
            new AtomicLong(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2)); // other clients' are elsewhere
    private final Set<AppRoutes> followed = ConcurrentHashMap.newKeySet(); // whose jobs have not ended

    /**
     * @param name and {@code instance} of this client, as in its hellos
     * @param finisher runs what may block, each thing on a thread of its own
     * @param terms what is said of all jobs
     */
    public JobStart(
            ClusterClient client,
            LinkHub hub,
            String name,
            String instance,
            Executor finisher,
            Submitting.Terms terms) {
        this.client = client;
        this.hub = hub;
        this.self = new AppRoutes.Self(name, instance);
        this.finisher = finisher;
        this.submitting = new Submitting(client, terms);
    }

    /** Hands a dataflow in that runs without this client. Blocks, also while it waits for executors; as {@link Submitting#submit}. */
    public JobView submit(Graph graph, StartOptions options, String jobName) {
        JobView job = said(submitting.submit(graph, options, jobName, false));
        return job.state() == JobState.SUBMITTED ? placed(job, options) : job;
    }

    private static JobView said(JobView job) {
        if (job.state() == JobState.SUBMITTED) {
            LOG.warn(
                    "job '{}' waits for executors: {}",
                    job.name(),
                    job.degraded().orElse("some have yet to join"));
        }
        return job;
    }

    /** Who gives up waiting here leaves it to the masters, which still begin it or give it up; who is interrupted takes it back. */
    private JobView placed(JobView job, StartOptions options) {
        JobRun run = new JobRun(client, finisher, job);
        CompletableFuture<JobView> placed = new CompletableFuture<>();
        run.follow(view -> {
            if (view.state() != JobState.SUBMITTED) {
                placed.complete(view);
            }
        });
        run.begin(null);
        JobView found;
        try {
            found = Waits.forReply(placed, submitting.terms().placeWait().plus(client.timeout()));
        } catch (WaitInterruptedException e) {
            CompletionStage<Boolean> isWithdrawn = CompletableFuture.completedFuture(false);
            throw new SubmissionInterruptedException(
                    job.name(), job.jobId(), submitting.takeBack(job.jobId(), options, isWithdrawn), e);
        } finally {
            client.unwatch(job.jobId(), run);
        }
        if (found.state() == JobState.FAILED) {
            throw Outcomes.startFailure(found);
        }
        return found;
    }

    /** Likewise, but it waits for {@link #attach(String, Consumer)} before messages flow. */
    public JobView submitHeld(Graph graph, StartOptions options, String jobName) {
        return submitting.submit(graph, options, jobName, true);
    }

    /** Starts a dataflow whose handle is this client's. Blocks until it is handed in; the stage completes when messages flow. */
    public CompletionStage<RunningDataflow> start(Graph graph, StartOptions options) {
        JobView job = submitAs(graph, options);
        Followed followed = follow(graph, job, options);
        followed.begin(true, () -> options.whenOpen().ifPresent(action -> action.accept(followed.dataflow())));
        return followed.run().started().thenApply(view -> followed.dataflow());
    }

    /** A name that is taken gets a number: whoever has a handle need not care for the name. */
    private JobView submitAs(Graph graph, StartOptions options) {
        String name = graph.name();
        for (int number = 2; ; number++) {
            try {
                JobView job = said(submitting.submit(graph, options, name, true));
                if (number > 2) {
                    LOG.info("dataflow '{}' runs as job '{}', for its name is taken", graph.name(), job.name());
                }
                return job;
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
        followed.begin(
                false,
                whenOpen.<Runnable>map(action -> () -> action.accept(followed.dataflow()))
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
        void begin(boolean isOfStarter, @Nullable Runnable whenOpen) {
            routes.begin(isOfStarter);
            run.begin(whenOpen);
        }
    }

    private Followed follow(Graph graph, JobView job, StartOptions options) {
        ApplicationEnds ends = new ApplicationEnds(
                graph,
                options,
                edge -> LOG.warn("edge '{}' drops messages, for its consumer is slower than the application", edge));
        JobRun run = new JobRun(client, finisher, job);
        AppRoutes routes = new AppRoutes(graph, run, client, hub, self, ends, numbers::incrementAndGet);
        followed.add(routes);
        run.follow(view -> {
            if (view.state() == JobState.STOPPING) { // whoever has stopped it: nodes end with their inputs
                ends.close();
            }
        });
        run.whenComplete(() -> followed.remove(routes));
        ClusterDataflow dataflow = new ClusterDataflow(graph, run, client, routes, options.closeGrace());
        run.askAtTheEnd(dataflow::statusOf);
        return new Followed(run, routes, dataflow);
    }

    /**
     * Waits until all that the application has published has arrived, and closed publishers are known to be closed; says of each edge where that is not so when the time is over.
     * Jobs that have ended take nothing, and are not waited for.
     */
    public void flush(Duration timeout) {
        long beganNs = System.nanoTime();
        for (AppRoutes routes : followed) {
            long leftNs = Durations.nanos(timeout) - (System.nanoTime() - beganNs);
            for (String undelivered : undelivered(routes, leftNs)) {
                LOG.warn(
                        "job '{}': not all that was published has arrived within {} ms: {}",
                        routes.jobName(),
                        Durations.millis(timeout),
                        undelivered);
            }
        }
    }

    private static List<String> undelivered(AppRoutes routes, long timeoutNs) {
        long beganNs = System.nanoTime();
        try {
            while (true) {
                List<String> found = routes.undelivered().toCompletableFuture().get(LOOK_MS, TimeUnit.MILLISECONDS);
                if (found.isEmpty() || System.nanoTime() - beganNs >= timeoutNs) {
                    return found;
                }
                TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of("the thread that closes was interrupted");
        } catch (ExecutionException | TimeoutException e) {
            return List.of("it does not answer");
        }
    }

    /** Nothing is received any more. Does not block. */
    public void endReceiving() {
        followed.forEach(AppRoutes::endReceiving);
    }

    /** Nothing can be published any more. Jobs run on. Does not block. */
    public void close() {
        followed.forEach(routes -> routes.ends().close());
    }
}
