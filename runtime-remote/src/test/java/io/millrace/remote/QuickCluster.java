package io.millrace.remote;

import static org.awaitility.Awaitility.await;

import io.millrace.remote.testkit.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/** Masters, executors and a client in this JVM, with leases so short that a test can wait for their end. */
final class QuickCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final Duration LEASE = Duration.ofSeconds(3);
    static final Duration STOP_GRACE = Duration.ofSeconds(1);
    static final Duration DRIFT = Duration.ofMillis(2500);

    private final Path directory;
    private final Duration linkTimeout;
    private final List<MasterConfig.MasterPeer> peers = new ArrayList<>();
    private final Map<String, Master> masters = new LinkedHashMap<>();
    private final Map<String, Executor> executors = new LinkedHashMap<>();
    private final Cluster client;

    QuickCluster(Path directory, int count) {
        this(directory, count, Duration.ofSeconds(30));
    }

    QuickCluster(Path directory, int count, Duration linkTimeout) {
        this.directory = directory;
        this.linkTimeout = linkTimeout;
        FreePorts ports = new FreePorts();
        for (int i = 1; i <= count; i++) {
            peers.add(new MasterConfig.MasterPeer("m" + i, ports.next(), ports.next()));
        }
        for (MasterConfig.MasterPeer peer : peers) {
            startMaster(peer.name());
        }
        client = Cluster.connect(ClusterConfig.builder().masters(addresses()).build());
    }

    static void until(String what, Callable<Boolean> condition) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    Master startMaster(String name) {
        MasterConfig.MasterPeer own = peers.stream()
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow();
        Master master = Master.start(MasterConfig.builder(name, directory.resolve(name))
                .address(own.address())
                .peers(peers)
                .lease(LEASE)
                .stopGrace(STOP_GRACE)
                .drift(DRIFT)
                .linkTimeout(linkTimeout)
                .renewEvery(Duration.ofMillis(500))
                .electionTimeout(Duration.ofMillis(500))
                .build());
        masters.put(name, master);
        return master;
    }

    List<HostPort> addresses() {
        return peers.stream().map(MasterConfig.MasterPeer::address).toList();
    }

    ExecutorConfig.Builder config(String machineId) {
        return ExecutorConfig.builder(machineId)
                .masters(addresses())
                .address(new HostPort("127.0.0.1", 0))
                .workingDirectory(directory.resolve("machine-" + machineId));
    }

    /** Starts one, and waits until it is registered. */
    Executor join(String machineId) throws Exception {
        return join(machineId, UnaryOperator.identity());
    }

    Executor join(String machineId, UnaryOperator<ExecutorConfig.Builder> change) throws Exception {
        Executor executor = begin(machineId, change);
        executor.awaitRegistered(PATIENCE);
        return executor;
    }

    /** Starts one. */
    Executor begin(String machineId, UnaryOperator<ExecutorConfig.Builder> change) {
        Executor executor = Executor.start(change.apply(config(machineId)).build());
        executors.put(machineId, executor);
        return executor;
    }

    Executor executor(String machineId) {
        return executors.get(machineId);
    }

    Cluster client() {
        return client;
    }

    /** Waits until one leads. */
    Master leader() {
        until("a master leads", () -> leading().isPresent());
        return leading().orElseThrow();
    }

    private Optional<Master> leading() {
        return masters.values().stream().filter(Master::isLeading).findFirst();
    }

    /** The leader is gone from one moment to the next. */
    Master closeLeader() {
        Master leader = leader();
        masters.remove(leader.name());
        leader.close();
        return leader;
    }

    Job job(String name) {
        return client.job(name).orElseThrow();
    }

    @Override
    public void close() {
        client.close();
        executors.values().forEach(Executor::close);
        masters.values().forEach(Master::close);
    }
}
