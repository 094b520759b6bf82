package io.millrace.remote.master;

import io.millrace.remote.link.Network;
import io.millrace.remote.link.NetworkSettings;
import io.millrace.remote.link.Role;
import io.millrace.remote.link.Security;
import io.millrace.remote.log.MemoryLogGroup;
import io.millrace.remote.state.ClusterLimits;
import io.millrace.remote.testkit.FreePorts;
import io.millrace.remote.wire.MasterAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Masters on a log in memory, each with a door on loopback. */
final class TestMasters implements AutoCloseable {
    private static final long LINGER_MS = 500;

    final MemoryLogGroup log;
    final Map<String, MasterAgent> agents = new LinkedHashMap<>();
    final Map<String, Integer> ports = new LinkedHashMap<>();
    /** By how much clocks are ahead. */
    final Map<String, Long> aheadMs = new ConcurrentHashMap<>();

    private final List<Network> networks = new ArrayList<>();

    TestMasters(Path folder, LeaseSettings leases, String... names) {
        log = MemoryLogGroup.of(names);
        FreePorts free = new FreePorts();
        for (String name : names) {
            ports.put(name, free.next().port());
        }
        List<MasterAddress> addresses = ports.entrySet().stream()
                .map(each -> new MasterAddress(each.getKey(), "127.0.0.1", each.getValue()))
                .toList();
        for (String name : names) {
            MasterSettings settings = new MasterSettings(
                    name,
                    addresses,
                    folder.resolve(name),
                    leases,
                    Duration.ofSeconds(30),
                    Duration.ofMillis(1),
                    limits());
            MasterAgent agent = MasterAgent.open(
                    settings,
                    log.member(name),
                    reason -> {},
                    () -> System.currentTimeMillis() + aheadMs.getOrDefault(name, 0L));
            Network network =
                    Network.open(TestPeer.identity(Role.MASTER, name), Security.clear(), NetworkSettings.defaults());
            network.listen(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(name)),
                    agent.acceptor(),
                    agent.executor());
            agents.put(name, agent);
            networks.add(network);
        }
        awaitLeader(names[0]);
    }

    /** Those of every master, but for this: what has ended lingers so briefly that a test can wait for it to be gone. */
    private static ClusterLimits limits() {
        ClusterLimits usual = ClusterLimits.DEFAULT;
        return new ClusterLimits(
                usual.maxExecutors(),
                usual.maxJobs(),
                usual.maxNodes(),
                usual.finishedJobs(),
                usual.historyEntries(),
                usual.failures(),
                usual.artifactBytes(),
                usual.artifactsBytes(),
                usual.artifactKeepMs(),
                usual.checkpointBytes(),
                usual.checkpointsBytes(),
                usual.prepareTimeoutMs(),
                usual.openMarginMs(),
                usual.releaseTimeoutMs(),
                LINGER_MS,
                usual.forgetMs(),
                usual.placements());
    }

    /** Waits until that master knows that it leads. */
    void awaitLeader(String name) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> agents.get(name).leadership().own());
    }

    @Override
    public void close() {
        networks.forEach(Network::close);
        agents.values().forEach(MasterAgent::close);
    }
}
