package io.millrace.remote;

import io.millrace.remote.link.Entrance;
import io.millrace.remote.link.HealthServer;
import io.millrace.remote.link.Identity;
import io.millrace.remote.link.Network;
import io.millrace.remote.link.NetworkSettings;
import io.millrace.remote.link.Role;
import io.millrace.remote.master.MasterAgent;
import io.millrace.remote.master.MasterSettings;
import io.millrace.remote.metrics.MetricsPage;
import io.millrace.remote.raft.RaftLog;
import io.millrace.remote.raft.RaftSettings;
import io.millrace.remote.state.ClusterLimits;
import io.millrace.remote.wire.MasterAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master of a cluster: alone, or one of three or more that agree by a replicated log. Whatever it has acknowledged it finds again after it was killed. Any thread.
 *
 * <pre>{@code
 * try (Master master = Master.start(MasterConfig.builder("m1", dataDirectory).build())) {
 *     ...
 * }
 * }</pre>
 */
public final class Master implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Master.class);

    private final MasterConfig config;
    private final Network network;
    private final MasterAgent agent;
    private final InetSocketAddress address;
    private final Optional<HealthServer> health;
    private final CompletableFuture<String> stopped = new CompletableFuture<>();

    private Master(MasterConfig config) {
        this.config = config;
        requireProtected(config);
        requireReachable(config);
        requireHeard(config);
        makeDataDirectory(config);
        Identity identity = Identity.of(config.cluster(), Role.MASTER, config.name());
        network = Network.open(identity, Securities.of(config.tls(), config.isInsecure()), NetworkSettings.defaults());
        MasterAgent opened = null;
        try {
            Entrance entrance = network.entrance(config.address().resolved());
            address = entrance.address();
            opened = open(address.getPort());
            agent = opened;
            entrance.open(agent.acceptor(), agent.executor());
            health = config.httpAddress().map(bound -> HealthServer.start(network, bound.resolved(), new Pages()));
            health.ifPresent(server -> LOG.info("master '{}' answers probes at {}", config.name(), server.address()));
        } catch (Throwable t) { // what was begun is not left behind
            if (opened != null) {
                opened.close();
            }
            network.close();
            throw t;
        }
    }

    /** Masters tell each other everything: beyond this machine that is protected, or said to be open. */
    private static void requireProtected(MasterConfig config) {
        if (config.tls().isEmpty()
                && !config.isInsecure()
                && !config.raftAddress().isLoopback()) {
            throw new IllegalArgumentException("master '" + config.name()
                    + "' would talk with other masters in the clear at its raft address '" + config.raftAddress()
                    + "', which is not a loopback address: give it certificates, or say that it may be insecure");
        }
    }

    /** What it tells others has to lead them here. */
    private static void requireReachable(MasterConfig config) {
        config.advertiseAddress().ifPresent(told -> requireReachable(config.name(), told, "the advertise address"));
        for (MasterConfig.MasterPeer peer : config.peers()) {
            requireReachable(peer.name(), peer.address(), "the peers");
            requireReachable(peer.name(), peer.raftAddress(), "the peers");
        }
    }

    private static void requireReachable(String master, HostPort told, String where) {
        if (told.isAny()) {
            throw new IllegalArgumentException("others would be told to reach master '" + master + "' at '" + told
                    + "', which leads everybody to themselves: write in " + where
                    + " an address by which others reach it; the address that it listens at may be this one");
        }
    }

    /** It has to listen where the others look for it. */
    private static void requireHeard(MasterConfig config) {
        Optional<MasterConfig.MasterPeer> own = config.ownPeer();
        if (config.peers().size() < 2 || own.isEmpty()) { // nobody looks for it, or the log says what is wrong
            return;
        }
        HostPort bound = config.raftAddress();
        HostPort told = own.get().raftAddress();
        if (bound.host().equals(told.host()) && bound.port() != told.port()) {
            throw new IllegalArgumentException("master '" + config.name() + "' would listen for the other masters at '"
                    + bound + "', while the peers have it at '" + told
                    + "': write the same port in both, or leave the raft address out");
        }
        if (!bound.isLoopback()) {
            return;
        }
        for (MasterConfig.MasterPeer peer : config.peers()) {
            if (!peer.raftAddress().isLoopback()) {
                throw new IllegalArgumentException(
                        "master '" + config.name() + "' would listen for the other masters at '" + bound
                                + "', which only this machine reaches, while the peers have master '" + peer.name()
                                + "' at '" + peer.raftAddress()
                                + "': give a raft address by which the others reach it; 0.0.0.0 is every address of this machine");
            }
        }
    }

    private MasterAgent open(int port) {
        MasterSettings settings = new MasterSettings(
                config.name(),
                addresses(config, port),
                config.dataDirectory().resolve("artifacts"),
                config.leases(),
                config.linkTimeout(),
                config.belief(),
                ClusterLimits.DEFAULT);
        return MasterAgent.open(settings, RaftLog.with(settings()), this::onStopped, config.wallClockMs());
    }

    private void onStopped(String reason) {
        LOG.error("master '{}' has stopped, and is to be closed: {}", config.name(), reason);
        var unused = stopped.completeAsync(() -> reason); // not on the log's thread
    }

    private static void makeDataDirectory(MasterConfig config) {
        try {
            Files.createDirectories(config.dataDirectory());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "master '" + config.name() + "': its data directory '" + config.dataDirectory()
                            + "' cannot be made: " + e.getMessage(),
                    e);
        }
    }

    private static List<MasterAddress> addresses(MasterConfig config, int port) {
        if (config.peers().isEmpty()) {
            HostPort own = config.advertiseAddress()
                    .orElseGet(() -> config.address().isAny() ? Addresses.ofThisMachine() : config.address());
            if (config.advertiseAddress().isEmpty() && config.address().isAny()) {
                LOG.info("master '{}' tells executors and clients to reach it at '{}'", config.name(), own.host());
            }
            return List.of(new MasterAddress(config.name(), own.host(), own.port() == 0 ? port : own.port()));
        }
        return config.peers().stream()
                .map(peer -> new MasterAddress(
                        peer.name(), peer.address().host(), peer.address().port()))
                .toList();
    }

    private RaftSettings settings() {
        RaftSettings.Builder settings = RaftSettings.builder(
                        config.cluster(), config.name(), config.dataDirectory().resolve("log"))
                .electionTimeout(config.electionTimeout());
        network.credentials().ifPresent(settings::security);
        InetSocketAddress bound = config.raftAddress().unresolved();
        if (config.peers().isEmpty()) {
            return settings.peer(config.name(), bound).build();
        }
        for (MasterConfig.MasterPeer peer : config.peers()) {
            settings.peer(peer.name(), peer.raftAddress().unresolved());
        }
        return settings.bindAddress(bound).build();
    }

    /**
     * Opens its log, listens, and takes part in electing a leader. Blocks for a second or two, not for the other masters.
     *
     * @throws RuntimeException saying what is wrong, if its directory is in use or of another cluster, or an address cannot be listened on
     */
    public static Master start(MasterConfig config) {
        Master master = new Master(config);
        LOG.info("master '{}' accepts executors and clients at {}", config.name(), master.address);
        return master;
    }

    public String name() {
        return config.name();
    }

    /** Where it accepts executors and clients. */
    public InetSocketAddress address() {
        return address;
    }

    /** Where it answers probes and collectors; empty if the config says nowhere. */
    public Optional<InetSocketAddress> httpAddress() {
        return health.map(HealthServer::address);
    }

    /** Whether it leads: executors and clients talk to it. */
    public boolean isLeading() {
        return agent.leadership().own();
    }

    /** The leading master's name, as far as this one knows. */
    public Optional<String> leader() {
        return agent.leadership().leader();
    }

    /**
     * Completes with the reason when it cannot go on by itself, such as for want of room on its disk, which is logged as well: then it is to be closed. Never completes otherwise.
     * Whoever waits for it is called on a thread of the common pool.
     */
    public CompletionStage<String> stopped() {
        return stopped.minimalCompletionStage();
    }

    /** Takes leave: the leadership goes to another one if there is one. Blocks for some seconds at most; idempotent. */
    @Override
    public void close() {
        agent.close();
        network.close();
    }

    private final class Pages implements HealthServer.Pages {
        @Override
        public Optional<String> notReady() {
            return leader().isPresent() ? Optional.empty() : Optional.of("no master leads, as far as this one knows");
        }

        @Override
        public String metrics() {
            MetricsPage page = new MetricsPage();
            ProcessFigures.addTo(page, notReady().isEmpty());
            agent.addTo(page);
            return page.toString();
        }
    }

    @Override
    public String toString() {
        return "master '" + config.name() + "' at " + address;
    }
}
