package io.millrace.remote;

import io.millrace.Dataflow;
import io.millrace.graph.Graph;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.client.ClusterClient;
import io.millrace.remote.client.ClusterUnreachableException;
import io.millrace.remote.client.JobStart;
import io.millrace.remote.client.LogReading;
import io.millrace.remote.client.RefusedException;
import io.millrace.remote.client.Submitting;
import io.millrace.remote.line.MasterLine;
import io.millrace.remote.link.Identity;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkSettings;
import io.millrace.remote.link.Network;
import io.millrace.remote.link.Role;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.Durations;
import io.millrace.remote.wire.NodeAction;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.runtime.DataflowRuntime;
import io.millrace.runtime.PreparedDataflow;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.event.Level;

/**
 * A cluster, as its client sees it: starts dataflows on it, and tells what runs there. Any thread.
 *
 * <pre>{@code
 * try (Cluster cluster = Cluster.connect(ClusterConfig.local());
 *         RunningDataflow running = Dataflow.load(Path.of("dataflow.yml")).start(cluster)) {
 *     running.await();
 * }
 * }</pre>
 *
 * A dataflow that was started so belongs to whoever has its handle: closing that stops it. What was {@linkplain #submit submitted} runs on without this client.
 */
public final class Cluster implements DataflowRuntime, AutoCloseable {
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(1);

    private final ClusterConfig config;
    private final Network network;
    private final LinkHub hub;
    private final Agenda agenda;
    private final ClusterClient client;
    private final MasterLine<ClientRequest, ClientReply> line;
    private final JobStart jobs;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Cluster(ClusterConfig config) {
        this.config = config;
        Identity identity = Identity.of(config.cluster(), Role.CLIENT, config.name());
        network = Network.open(
                identity, Securities.of(config.tls(), config.isInsecure()), Addresses.routed(config.route()));
        hub = LinkHub.open(network, LinkSettings.defaults());
        agenda = new Agenda("millrace-client-" + config.name());
        client = new ClusterClient(agenda, config.timeout());
        line = new MasterLine<>(
                network,
                agenda,
                Addresses.unresolved(config.masters()),
                RecordCodec.of(ClientRequest.class),
                RecordCodec.of(ClientReply.class),
                new ToLeader());
        client.use(line::send);
        jobs = new JobStart(
                client,
                hub,
                config.name(),
                identity.instance(),
                Cluster::onThreadOfItsOwn,
                new Submitting.Terms(
                        config.lostExecutorTimeout(), config.placementTimeout(), config.requireWorkingDir()));
    }

    private static void onThreadOfItsOwn(Runnable action) {
        Thread thread = new Thread(action, "millrace-client-told");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Begins to look for the leading master. Does not wait for it: each call does, for as long as the config says.
     *
     * @throws RuntimeException saying what is wrong, if its certificates cannot be used
     */
    public static Cluster connect(ClusterConfig config) {
        Cluster cluster = new Cluster(config);
        cluster.agenda.start();
        cluster.line.start();
        return cluster;
    }

    @Override
    public String name() {
        return "cluster";
    }

    /**
     * Checks what can be checked here, when the dataflow is started. The executors' findings come when it is started.
     *
     * @return never fails
     */
    @Override
    public CompletionStage<PreparedDataflow> prepare(Graph graph, StartOptions options) {
        return CompletableFuture.completedFuture(new Prepared(graph, options));
    }

    /** Handed in only when it is started: before that nobody has anything of it. */
    private final class Prepared implements PreparedDataflow {
        private final Graph graph;
        private final StartOptions options;
        private final AtomicBoolean isUsed = new AtomicBoolean();

        Prepared(Graph graph, StartOptions options) {
            this.graph = graph;
            this.options = options;
        }

        @Override
        public CompletionStage<RunningDataflow> start() {
            if (!isUsed.compareAndSet(false, true)) {
                throw new IllegalStateException(
                        "dataflow '" + graph.name() + "' was started or abandoned before: prepare it again");
            }
            CompletableFuture<RunningDataflow> started = new CompletableFuture<>();
            onThreadOfItsOwn(() -> {
                try {
                    jobs.start(graph, options).whenComplete((running, error) -> complete(started, running, error));
                } catch (RuntimeException e) { // whatever happened is the caller's to see
                    started.completeExceptionally(translated(e));
                }
            });
            return started;
        }

        @Override
        public void abandon() {
            isUsed.set(true);
        }
    }

    private static void complete(
            CompletableFuture<RunningDataflow> started,
            @org.jspecify.annotations.Nullable RunningDataflow running,
            @org.jspecify.annotations.Nullable Throwable error) {
        if (error == null) {
            started.complete(running);
        } else {
            started.completeExceptionally(
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
        }
    }

    private static RuntimeException translated(RuntimeException error) {
        return error instanceof RefusedException || error instanceof ClusterUnreachableException
                ? new ClusterException(String.valueOf(error.getMessage()), error)
                : error;
    }

    /**
     * Hands a dataflow in, which then runs without this client. Waits until the masters have it for certain, and for executors that have yet to join, where no other can take some of
     * its nodes, for the {@linkplain ClusterConfig#placementTimeout() placement timeout}; a thread that is interrupted meanwhile takes the job back.
     *
     * @param jobName of jobs that run, only one has it
     * @throws InvalidDataflowException with everything that is wrong with it, as far as it is known before executors look at it
     * @throws ClusterException if the masters do not take it, or none leads
     * @throws IllegalStateException if the thread is interrupted, saying whether the job was taken back, is being stopped, or may run, as no master has answered
     */
    public Job submit(Dataflow dataflow, StartOptions options, String jobName) {
        return calling(() -> Job.of(jobs.submit(dataflow.graph(), options, jobName)));
    }

    /**
     * As {@link #submit}, but the job waits, once every node is open, for {@link #attach(String, Consumer)}: for a minute, then it has failed. So what is to happen before messages
     * flow need not be in time by chance.
     */
    public Job submitHeld(Dataflow dataflow, StartOptions options, String jobName) {
        return calling(() -> Job.of(jobs.submitHeld(dataflow.graph(), options, jobName)));
    }

    /**
     * The handle of a job that was {@linkplain #submitHeld submitted and is held}.
     *
     * @param whenOpen done when every node is open, on the thread that calls listeners, and before messages flow; if it throws, the job stops
     * @throws ClusterException if there is none, or no master leads
     */
    public RunningDataflow attach(String job, Consumer<RunningDataflow> whenOpen) {
        return calling(() -> jobs.attach(job, whenOpen));
    }

    /**
     * The handle of a job, whoever has started it. Closing it stops the job.
     *
     * @param job its id or name
     * @throws ClusterException if there is none, or no master leads
     */
    public RunningDataflow attach(String job) {
        return calling(() -> jobs.attach(job));
    }

    /** Those that run, and the last that have ended, without findings, failures and history, which {@link #job} tells of one. Waits for the leading master. */
    public List<Job> jobs() {
        List<Job> all = new ArrayList<>();
        OptionalLong next = OptionalLong.of(0);
        while (next.isPresent()) {
            long after = next.getAsLong();
            ClientReply.Jobs page = (ClientReply.Jobs) ask(number -> new ClientRequest.ListJobs(number, after));
            page.jobs().forEach(job -> all.add(Job.of(job)));
            next = page.next();
        }
        return List.copyOf(all);
    }

    /** By its id or name; of several with that name the one that runs, else the last. Waits for the leading master. */
    public Optional<Job> job(String job) {
        try {
            return Optional.of(Job.of(((ClientReply.Job) ask(number -> new ClientRequest.GetJob(number, job))).job()));
        } catch (ClusterException e) {
            if (e.getCause() instanceof RefusedException refused && refused.reason() == ClientReply.Reason.UNKNOWN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * What the nodes of a job log. Does not ask yet.
     *
     * @param job its id or name
     */
    public JobLog log(String job) {
        return log(job, "", Level.TRACE);
    }

    /**
     * As {@link #log(String)}, of some.
     *
     * @param node a node, or an operator as {@code node/operator}; empty for all
     * @param lowest what has a lower level is left out
     */
    public JobLog log(String job, String node, Level lowest) {
        LogReading reading = new LogReading(client, job, node, lowest);
        return new JobLog(reading, () -> calling(reading::next));
    }

    /** Has a job end in order, as {@link RunningDataflow#stop} does; a grace beyond a year counts as one. Waits until the masters have taken note; they go on until every executor has confirmed. */
    public void stop(String job, Duration grace) {
        ask(number -> new ClientRequest.Stop(number, job, Durations.waitMs(grace)));
    }

    /** The masters and who of them leads, and how the executors' leases stand there. Waits for the leading master. */
    public MastersStatus masters() {
        return MastersStatus.of((ClientReply.Masters) ask(ClientRequest.AskMasters::new));
    }

    /** The executors that the masters know. Waits for the leading master. */
    public List<ExecutorStatus> executors() {
        return ((ClientReply.Executors) ask(ClientRequest.ListExecutors::new))
                .executors().stream().map(ExecutorStatus::of).toList();
    }

    /** Has an executor get no new nodes, and those that may move run elsewhere. Waits until the masters have taken note. */
    public void drain(String machineId) {
        ask(number -> new ClientRequest.Drain(number, machineId));
    }

    /**
     * Has one node of a running job end and start anew, whatever its restart policy says: what waits for it stays. Waits until its executor is being told.
     *
     * @throws ClusterException if there is no such job or node, or it does not run, or its executor is not connected
     */
    public void restartNode(String job, String node) {
        ask(number -> new ClientRequest.ActOnNode(number, job, node, NodeAction.RESTART));
    }

    /** Has one node of a running job end for good: its inputs and outputs close. As {@link #restartNode} otherwise. */
    public void stopNode(String job, String node) {
        ask(number -> new ClientRequest.ActOnNode(number, job, node, NodeAction.STOP));
    }

    private ClientReply ask(LongFunction<ClientRequest> request) {
        return calling(() -> {
            try {
                return client.ask(request)
                        .toCompletableFuture()
                        .get(Durations.nanos(Durations.sum(config.timeout(), ANSWER_MARGIN)), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClusterException("interrupted while waiting for the cluster", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
            } catch (TimeoutException e) {
                throw new ClusterException("nothing has come within " + config.timeout(), e);
            }
        });
    }

    private static <T> T calling(java.util.function.Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    /**
     * Ends the connections. What was published arrives first, as far as it can within the {@linkplain ClusterConfig#closeTimeout() close timeout}; what has not is said in the
     * log. Handles of dataflows tell nothing more: taps and subscriptions end, and whoever waits for the end of a job is told that this client was closed. What runs runs on,
     * and inputs of the application that were not closed stay open, for whoever {@linkplain #attach attaches}. Blocks for that time and some seconds at most; idempotent.
     */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        if (!agenda.isOwnThread()) { // whose answers would be waited for
            jobs.flush(config.closeTimeout());
        }
        jobs.endReceiving();
        client.close();
        line.close();
        agenda.close();
        hub.close();
        jobs.close();
        network.close();
    }

    @Override
    public String toString() {
        return "cluster '" + config.cluster() + "' at " + config.masters();
    }

    /** Between the line and the client. */
    private final class ToLeader implements MasterLine.Listener<ClientReply> {
        @Override
        public void onConnected() {
            client.onConnected();
        }

        @Override
        public void onMessage(ClientReply message) {
            if (message instanceof ClientReply.Job job) {
                hub.linkTimeout(Duration.ofMillis(Math.max(1, job.linkTimeoutMs())));
            }
            client.onMessage(message);
        }

        @Override
        public void onDisconnected(String reason) {
            client.onDisconnected(reason);
        }

        @Override
        public void onUnreached(String reason, boolean isNews) {
            client.onUnreached(reason, isNews);
        }

        @Override
        public Optional<MasterLine.Leader> leader(ClientReply message) {
            return message instanceof ClientReply.NotLeading known
                    ? Optional.of(new MasterLine.Leader(known.masters(), known.leader()))
                    : Optional.empty();
        }
    }
}
