package io.millrace.remote;

import io.millrace.files.MachineFiles;
import io.millrace.files.UserDirectory;
import io.millrace.local.process.ProgramSearch;
import io.millrace.local.shared.SharedDirectory;
import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.executor.Artifacts;
import io.millrace.remote.executor.ExecutorAgent;
import io.millrace.remote.executor.PartPreparation;
import io.millrace.remote.executor.Succession;
import io.millrace.remote.line.MasterLine;
import io.millrace.remote.link.HealthServer;
import io.millrace.remote.link.Identity;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.link.LinkSettings;
import io.millrace.remote.link.Listener;
import io.millrace.remote.link.Network;
import io.millrace.remote.link.Role;
import io.millrace.remote.metrics.MetricsPage;
import io.millrace.remote.shared.SharedMemory;
import io.millrace.remote.wire.Durations;
import io.millrace.remote.wire.ExecutorMessage;
import io.millrace.remote.wire.MasterMessage;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.workdir.ExecutorFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One machine of a cluster: runs what the masters give it, in this JVM, and offers this JVM's classes to nodes that bring none of their own. Any thread.
 *
 * <pre>{@code
 * try (Executor executor = Executor.start(ExecutorConfig.builder("boat").masters(masters).build())) {
 *     ...
 * }
 * }</pre>
 */
public final class Executor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
    private static final Duration CLOSE_MARGIN = Duration.ofSeconds(3);
    private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(5);
    /** As long as masters take to elect another leader. */
    private static final Duration HAND_OVER_PATIENCE = Duration.ofSeconds(5);

    private static final Duration UNREGISTER_PATIENCE = Duration.ofSeconds(1);
    private static final Duration FILES_PATIENCE = Duration.ofSeconds(2);

    private final ExecutorConfig config;
    private final Network network;
    private final LinkHub hub;
    private final Agenda agenda;
    private final ExecutorService files;
    private final @Nullable SharedDirectory sharedMemory;
    private final Succession succession;
    private final Artifacts artifacts;
    private final MasterLine<ExecutorMessage, MasterMessage> line;
    private final ExecutorAgent agent;
    private final InetSocketAddress address;
    private final Optional<HealthServer> health;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Executor(ExecutorConfig config) {
        this.config = config;
        makeDirectory(config.workingDirectory());
        Identity identity = Identity.of(config.cluster(), Role.EXECUTOR, config.machineId());
        network = Network.open(
                identity, Securities.of(config.tls(), config.isInsecure()), Addresses.routed(config.route()));
        agenda = new Agenda("millrace-executor-" + config.machineId());
        files = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "millrace-executor-" + config.machineId() + "-files");
            thread.setDaemon(true);
            return thread;
        });
        sharedMemory = sharedMemory(config, identity);
        succession =
                Succession.open(config.workingDirectory(), config.cluster(), config.machineId(), identity.instance());
        try {
            hub = LinkHub.open(network, LinkSettings.defaults());
            Listener listener = hub.listen(network, config.address().resolved());
            address = listener.address();
            HostPort advertised = advertised();
            artifacts = new Artifacts(config.workingDirectory(), config.cluster(), config.machineId());
            PartPreparation preparation = new PartPreparation(
                    facts(),
                    artifacts,
                    config.classLoader().orElseGet(Executor::contextLoader),
                    System.getenv(),
                    files);
            ExecutorAgent.Settings settings = new ExecutorAgent.Settings(
                    config.machineId(),
                    identity.instance(),
                    config.labels(),
                    advertised.host(),
                    advertised.port(),
                    Runtime.getRuntime().availableProcessors(),
                    System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""),
                    config.dropGrace());
            ToLeader toLeader = new ToLeader();
            SharedMemory memory = sharedMemory == null ? null : new SharedMemory(sharedMemory, hub);
            agent = new ExecutorAgent(settings, agenda, hub, memory, toLeader, preparation, succession);
            var unused = agent.registered().thenRunAsync(this::onRegistered, files);
            health = config.httpAddress().map(bound -> HealthServer.start(network, bound.resolved(), new Pages(agent)));
            health.ifPresent(
                    server -> LOG.info("executor '{}' answers probes at {}", config.machineId(), server.address()));
            line = new MasterLine<>(
                    network,
                    agenda,
                    Addresses.unresolved(config.masters()),
                    RecordCodec.of(ExecutorMessage.class),
                    RecordCodec.of(MasterMessage.class),
                    toLeader);
        } catch (Throwable t) { // what was begun is not left behind
            network.close();
            files.shutdownNow();
            succession.close();
            if (sharedMemory != null) {
                sharedMemory.close();
            }
            throw t;
        }
    }

    /** Null for none: what cannot be shared goes over links. */
    private static @Nullable SharedDirectory sharedMemory(ExecutorConfig config, Identity identity) {
        if (config.sharedMemory().isEmpty()) {
            return null;
        }
        Path directory = config.sharedMemory().get();
        try {
            return SharedDirectory.open(directory, identity.instance());
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn(
                    "executor '{}' shares no memory, and its edges go over links: '{}' cannot be used for it: {}",
                    config.machineId(),
                    directory,
                    e.getMessage());
            return null;
        }
    }

    private static void makeDirectory(Path directory) {
        try {
            if (!UserDirectory.path().equals(directory.getParent())) {
                Files.createDirectories(directory);
                return;
            }
            UserDirectory.make();
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the executor's base directory '" + directory + "' cannot be made: " + e.getMessage(), e);
        }
    }

    /** For the first time: no part is prepared before this is done. */
    private void onRegistered() {
        succession.settled();
        if (succession.isSole()) {
            artifacts.dropAll();
        }
    }

    private static ClassLoader contextLoader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context != null ? context : ClassLoader.getSystemClassLoader();
    }

    private ExecutorFacts facts() {
        return new ExecutorFacts(
                config.machineId(),
                MachineFiles.operatingSystem(),
                config.workingDirectory().toString(),
                Path.of(System.getProperty("user.home")).toAbsolutePath().toString(),
                new ProgramSearch(System.getenv(), config.workingDirectory()).searchPath(),
                config.requireWorkingDir(),
                config.allowShell(),
                MachineFiles.view());
    }

    private HostPort advertised() {
        HostPort bound = new HostPort(config.address().host(), address.getPort());
        HostPort advertised = config.advertiseAddress()
                .map(given -> given.port() == 0 ? new HostPort(given.host(), address.getPort()) : given)
                .orElseGet(() -> bound.isAny() ? Addresses.towards(config.masters(), address.getPort()) : bound);
        Optional<HostPort> elsewhere = config.masters().stream()
                .filter(master -> !master.isLoopback() && !Addresses.isOfThisMachine(master))
                .findFirst();
        if (elsewhere.isPresent() && advertised.isLoopback()) {
            throw new IllegalArgumentException(
                    "executor '" + config.machineId() + "' would tell others to reach it at '"
                            + advertised + "', which is every machine itself, while its master '" + elsewhere.get()
                            + "' is elsewhere: give it an address that others reach, by the advertise address");
        }
        return advertised;
    }

    /**
     * Listens, and begins to look for the leading master, for as long as it takes. Does not wait for it.
     *
     * @throws RuntimeException saying what is wrong, if its address cannot be listened on or its certificates cannot be used
     */
    public static Executor start(ExecutorConfig config) {
        Executor executor = new Executor(config);
        executor.agenda.start();
        executor.line.start();
        LOG.info("executor '{}' accepts links at {}", config.machineId(), executor.address);
        return executor;
    }

    public String machineId() {
        return config.machineId();
    }

    /** Where it accepts links. */
    public InetSocketAddress address() {
        return address;
    }

    /** Where it answers probes and collectors; empty if the config says nowhere. */
    public Optional<InetSocketAddress> httpAddress() {
        return health.map(HealthServer::address);
    }

    /**
     * Completes when a leading master has registered it for the first time; exceptionally if it is refused for good. While another executor has its machine id, or its own former
     * process has until its lease ends, it goes on trying. Where that was killed, and this one is on the same machine with the same working directory, it waits four seconds only.
     */
    public CompletionStage<Void> registered() {
        return agent.registered();
    }

    /**
     * Waits for {@link #registered}.
     *
     * @throws TimeoutException when the time has passed; it goes on trying
     * @throws IllegalStateException if the masters refuse it for good
     */
    public void awaitRegistered(Duration timeout) throws InterruptedException, TimeoutException {
        try {
            agent.registered().toCompletableFuture().get(Durations.nanos(timeout), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException refused ? refused : new IllegalStateException(e.getCause());
        }
    }

    /**
     * Has the masters run its movable nodes elsewhere, each once it has ended here. Nodes that name this machine run on until {@link #close}. Does not wait.
     *
     * @param reason for people, in the history of jobs
     * @return completes when nothing runs here any more
     */
    public CompletionStage<Void> leave(String reason) {
        return agent.leave(reason);
    }

    /**
     * Ends what runs here, at most within the drop grace and some seconds, and says so: movable nodes run elsewhere then, and those that name this machine wait for it. Gives
     * everything back. Idempotent.
     */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        Duration patience = Durations.sum(config.dropGrace(), CLOSE_MARGIN);
        if (!isDone(agent.dropAll(config.dropGrace()), patience)) {
            LOG.warn(
                    "executor '{}': not everything has ended within its grace; the masters wait for the end of its lease",
                    config.machineId());
        } else {
            if (!isDone(agent.handOver(), HAND_OVER_PATIENCE)) {
                LOG.warn(
                        "executor '{}': no leading master was there to keep what its nodes have left last for their next incarnations",
                        config.machineId());
            }
            if (!isDone(agent.unregister(), UNREGISTER_PATIENCE)) {
                LOG.info("executor '{}': the masters have not taken note that it is closed", config.machineId());
            }
            dropCopies();
        }
        line.close();
        agenda.close();
        hub.close();
        network.close();
        files.shutdownNow();
        succession.close();
        if (sharedMemory != null) {
            sharedMemory.close();
        }
    }

    /** Of what was shipped for parts that have all ended. Before it was let in there are none but those of a former process, whose programs may still be about to end. */
    private void dropCopies() {
        CompletableFuture<Void> registered = agent.registered().toCompletableFuture();
        boolean wasLetIn = registered.isDone() && !registered.isCompletedExceptionally();
        if (wasLetIn
                && succession.isSole()
                && !isDone(CompletableFuture.runAsync(artifacts::dropAll, files), FILES_PATIENCE)) {
            LOG.info("executor '{}': copies of shipped files stay until its next start", config.machineId());
        }
    }

    /** Waits for it, whoever interrupts meanwhile: an executor that closes must know whether nodes still run. */
    private static boolean isDone(CompletionStage<Void> stage, Duration patience) {
        long beganNs = System.nanoTime();
        long patienceNs = Durations.nanos(patience);
        boolean isInterrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    long leftNs = patienceNs - (System.nanoTime() - beganNs);
                    stage.toCompletableFuture().get(leftNs, TimeUnit.NANOSECONDS);
                    return true;
                } catch (InterruptedException e) {
                    isInterrupted = true;
                } catch (ExecutionException | TimeoutException e) {
                    return false;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** As if its machine lost its power, as far as others can tell: nobody is told anything. What ran here is ended then. */
    void kill() {
        line.close();
        network.close();
        close();
    }

    @Override
    public String toString() {
        return "executor '" + config.machineId() + "' at " + address;
    }

    /** What probes and collectors are told. */
    private record Pages(ExecutorAgent agent) implements HealthServer.Pages {
        @Override
        public Optional<String> notReady() {
            return agent.isRegistered() ? Optional.empty() : Optional.of("no leading master has registered it");
        }

        @Override
        public String metrics() {
            MetricsPage page = new MetricsPage();
            ProcessFigures.addTo(page, agent.isRegistered());
            try {
                return agent.addTo(page)
                        .toCompletableFuture()
                        .get(PAGE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .toString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the executor's figures were read", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("the executor has not told its figures within " + PAGE_TIMEOUT, e);
            }
        }
    }

    /** Between the line and the agent. */
    private final class ToLeader implements MasterLine.Listener<MasterMessage>, ExecutorAgent.Line {
        @Override
        public boolean send(ExecutorMessage message) {
            return line.send(message);
        }

        @Override
        public void onConnected() {
            agent.onConnected();
        }

        @Override
        public void onMessage(MasterMessage message) {
            agent.onMessage(message);
        }

        @Override
        public void onDisconnected(String reason) {
            agent.onDisconnected(reason);
        }

        @Override
        public void onUnreached(String reason, boolean isNews) {
            if (isNews) {
                LOG.warn("executor '{}' has reached no master yet: {}", config.machineId(), reason);
            }
        }

        @Override
        public boolean isRefusal(MasterMessage message) {
            return message instanceof MasterMessage.Refused;
        }

        @Override
        public Optional<MasterLine.Leader> leader(MasterMessage message) {
            return message instanceof MasterMessage.NotLeading known
                    ? Optional.of(new MasterLine.Leader(known.masters(), known.leader()))
                    : Optional.empty();
        }
    }
}
