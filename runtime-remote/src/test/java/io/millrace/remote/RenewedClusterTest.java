package io.millrace.remote;

import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.link.Identity;
import io.millrace.remote.link.Role;
import io.millrace.remote.link.TestAuthority;
import io.millrace.remote.testkit.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three masters with certificates, which are renewed while they run. */
@Tag("slow")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RenewedClusterTest {
    private static final String CLUSTER = "ship";
    private static final FreePorts PORTS = new FreePorts();

    @TempDir
    private Path directory;

    private final TestAuthority old = TestAuthority.create(CLUSTER, Instant.now(), Duration.ofDays(2));
    private final TestAuthority next = TestAuthority.create(CLUSTER, Instant.now(), Duration.ofDays(2));
    private final List<MasterConfig.MasterPeer> peers = new ArrayList<>();
    private final Map<String, Master> masters = new LinkedHashMap<>();

    @BeforeEach
    void begin() throws IOException {
        for (String name : List.of("m1", "m2", "m3")) {
            peers.add(new MasterConfig.MasterPeer(name, PORTS.next(), PORTS.next()));
            certify(Role.MASTER, name, old);
            trust(name, old);
        }
        for (MasterConfig.MasterPeer peer : peers) {
            start(peer);
        }
        certify(Role.CLIENT, "before", old);
        trust("before", old, next);
        certify(Role.CLIENT, "after", next);
        trust("after", old, next);
    }

    @AfterEach
    void end() {
        masters.values().forEach(Master::close);
    }

    private void certify(Role role, String name, TestAuthority by) throws IOException {
        TestAuthority.Certificate issued = by.issue(List.of(Identity.of(CLUSTER, role, name)));
        Files.writeString(directory.resolve(name + "-key.pem"), issued.key());
        Files.writeString(directory.resolve(name + ".pem"), issued.chain());
    }

    private void trust(String name, TestAuthority... authorities) throws IOException {
        Files.writeString(
                directory.resolve(name + "-ca.pem"),
                Stream.of(authorities).map(each -> each.authority().trusted()).collect(Collectors.joining("\n")));
    }

    private TlsFiles files(String name) {
        return new TlsFiles(
                directory.resolve(name + ".pem"),
                directory.resolve(name + "-key.pem"),
                directory.resolve(name + "-ca.pem"));
    }

    private void start(MasterConfig.MasterPeer own) {
        masters.put(
                own.name(),
                Master.start(MasterConfig.builder(own.name(), directory.resolve("data-" + own.name()))
                        .cluster(CLUSTER)
                        .address(own.address())
                        .raftAddress(own.raftAddress())
                        .peers(peers)
                        .lease(QuickCluster.LEASE)
                        .stopGrace(QuickCluster.STOP_GRACE)
                        .drift(QuickCluster.DRIFT)
                        .renewEvery(Duration.ofMillis(500))
                        .electionTimeout(Duration.ofMillis(500))
                        .tls(files(own.name()))
                        .build()));
    }

    private Optional<Master> leading() {
        return masters.values().stream().filter(Master::isLeading).findFirst();
    }

    private Master leader() {
        until("a master leads", () -> leading().isPresent());
        return leading().orElseThrow();
    }

    /** Whom the masters name as their leader to a client that connects; empty if none talks to it. */
    private Optional<String> askedBy(String client) {
        try (Cluster cluster = Cluster.connect(ClusterConfig.builder()
                .cluster(CLUSTER)
                .name(client)
                .masters(peers.stream().map(MasterConfig.MasterPeer::address).toList())
                .timeout(Duration.ofSeconds(3))
                .tls(files(client))
                .build())) {
            return Optional.of(cluster.masters().leader());
        } catch (ClusterException e) {
            return Optional.empty();
        }
    }

    @Test
    void shouldElectAndAnswerByNewCertificatesAloneWhenTheirAuthorityWasReplacedUnderThem() throws Exception {
        String first = leader().name();
        until("an answer", () -> askedBy("before").equals(Optional.of(first)));
        assertThat(askedBy("after")).isEmpty();

        for (MasterConfig.MasterPeer peer : peers) {
            trust(peer.name(), old, next);
        }
        for (MasterConfig.MasterPeer peer : peers) {
            certify(Role.MASTER, peer.name(), next);
        }
        for (MasterConfig.MasterPeer peer : peers) {
            trust(peer.name(), next);
        }

        String leader = leader().name();
        MasterConfig.MasterPeer follower = peers.stream()
                .filter(peer -> !peer.name().equals(leader))
                .findFirst()
                .orElseThrow();
        masters.remove(follower.name()).close();
        start(follower);
        masters.remove(leader).close();
        String second = leader().name();
        assertThat(second).isNotEqualTo(leader);
        until("an answer to the new certificate", () -> askedBy("after").equals(Optional.of(second)));
        assertThat(askedBy("before")).isEmpty();
    }
}
