package io.millrace.remote;

import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.remote.link.ControlConnection;
import io.millrace.remote.link.ControlHandler;
import io.millrace.remote.link.Identity;
import io.millrace.remote.link.LogLines;
import io.millrace.remote.link.Network;
import io.millrace.remote.link.NetworkException;
import io.millrace.remote.link.NetworkSettings;
import io.millrace.remote.link.RawPeer;
import io.millrace.remote.link.Role;
import io.millrace.remote.link.Security;
import io.millrace.remote.link.TestAuthority;
import io.millrace.remote.nodes.Diary;
import io.millrace.remote.testkit.FreePorts;
import io.millrace.remote.wire.ExecutorMessage;
import io.millrace.remote.wire.MasterMessage;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.runtime.StartOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What masters and executors make of strangers, liars and mishaps, at their real doors; as processes: {@code HostileProcessesTest} of the command line. */
@Tag("slow")
@ExtendWith(Diary.Fresh.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class HostileWorldTest {
    private static final String CLUSTER = "ship";
    private static final String REFUSED = "refused a connection from /?127.0.0.1:\\d+: ";
    private static final FreePorts PORTS = new FreePorts();
    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
    private static final String BEAT = """
            name: %1$s
            nodes:
              - id: beat
                class: io.millrace.remote.nodes.Beat
                config: {diary: %1$s}
                inputs: {tick: dora/timer/millis/20}
                outputs: [out]
            """;

    @RegisterExtension
    final LogLines log = new LogLines("io.millrace.remote");

    @TempDir
    Path directory;

    private Master master;
    private Executor executor;
    private Cluster client;

    private MasterConfig.Builder masterConfig(Path data) throws IOException {
        return MasterConfig.builder("m1", data)
                .cluster(CLUSTER)
                .address(ANY_PORT)
                .raftAddress(PORTS.next())
                .electionTimeout(Duration.ofMillis(500));
    }

    private void begin() throws Exception {
        begin(masterConfig(directory.resolve("m1")).build());
    }

    private void begin(MasterConfig config) throws Exception {
        master = Master.start(config);
        List<HostPort> masters =
                List.of(new HostPort("127.0.0.1", master.address().getPort()));
        executor = Executor.start(ExecutorConfig.builder("a")
                .cluster(CLUSTER)
                .masters(masters)
                .address(ANY_PORT)
                .workingDirectory(directory.resolve("machine-a"))
                .build());
        executor.awaitRegistered(QuickCluster.PATIENCE);
        client = Cluster.connect(ClusterConfig.builder()
                .cluster(CLUSTER)
                .masters(masters)
                .timeout(Duration.ofSeconds(10))
                .build());
    }

    @AfterEach
    void end() {
        if (client != null) {
            client.close();
        }
        if (executor != null) {
            executor.close();
        }
        if (master != null) {
            master.close();
        }
    }

    /** All of it still works. */
    private void runsOn(String name) {
        client.submit(Dataflow.parse(BEAT.formatted(name)), StartOptions.DEFAULT, name);
        until("it beats", () -> !Diary.of(name, "beat", "beat").isEmpty());
        client.stop(name, Duration.ofSeconds(5));
        until("it has ended", () -> client.job(name).orElseThrow().state() == Job.State.STOPPED);
    }

    private List<InetSocketAddress> doors() {
        return List.of(master.address(), executor.address());
    }

    @Test
    void shouldGiveItsLogBackWhenItsHttpAddressIsInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MasterConfig taken = masterConfig(directory.resolve("m1"))
                    .httpAddress(new HostPort("127.0.0.1", other.getLocalPort()))
                    .build();

            assertThatThrownBy(() -> Master.start(taken))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageContaining("it is in use");
        }

        begin();
        runsOn("http");
    }

    @Test
    void shouldEndWhatItBeganWhenItCannotOpenItsLogAndExecutorsDialIt() throws Exception {
        begin();
        HostPort second = PORTS.next();
        try (Executor waiting = Executor.start(ExecutorConfig.builder("b")
                .cluster(CLUSTER)
                .masters(List.of(second))
                .address(ANY_PORT)
                .workingDirectory(directory.resolve("machine-b"))
                .build())) {
            log.awaitOne("executor 'b' has reached no master yet: .*");

            assertThatThrownBy(() -> Master.start(masterConfig(directory.resolve("m1"))
                            .address(second)
                            .build()))
                    .hasMessageContaining(directory.resolve("m1").toString());
            assertThat(log.count(".*event loops of master 'm1' still run.*")).isZero();
            assertThat(waiting.registered().toCompletableFuture()).isNotDone();
        }
        runsOn("second");
    }

    @Test
    void shouldSayWhyWhenTheMasterIsOfAnotherCluster() throws Exception {
        begin();
        HostPort at = new HostPort("127.0.0.1", master.address().getPort());
        ClusterConfig wrong = ClusterConfig.builder()
                .cluster("dock")
                .masters(List.of(at))
                .timeout(Duration.ofSeconds(2))
                .build();
        try (Cluster stranger = Cluster.connect(wrong);
                Executor other = Executor.start(ExecutorConfig.builder("b")
                        .cluster("dock")
                        .masters(List.of(at))
                        .address(ANY_PORT)
                        .workingDirectory(directory.resolve("machine-b"))
                        .build())) {
            assertThatThrownBy(stranger::jobs)
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("no leading master has answered within 2000 ms: no connection to " + at)
                    .hasMessageContaining("it belongs to the cluster 'dock', this is 'ship'");
            log.awaitOne("executor 'b' has reached no master yet: .* it belongs to the cluster 'dock', this is 'ship'");
            assertThat(other.registered().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void shouldGoOnWhenPortsAreScanned() throws Exception {
        begin();
        for (InetSocketAddress door : doors()) {
            for (int i = 0; i < 20; i++) {
                new Socket(door.getAddress(), door.getPort()).close();
            }
        }

        runsOn("scanned");
        assertThat(log.count("refused a connection .*")).isLessThanOrEqualTo(2);
    }

    @Test
    void shouldSayWhatItIsWhenABrowserCalls() throws Exception {
        begin();
        for (InetSocketAddress door : doors()) {
            try (RawPeer browser = new RawPeer(door)) {
                browser.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(browser.rest()).isEmpty();
            }
        }

        until("both have said so", () -> log.count(REFUSED + "it speaks HTTP, not the protocol of Millrace") == 2);
        runsOn("browsed");
    }

    @Test
    void shouldCloseTheConnectionWhenAFrameIsHuge() throws Exception {
        begin();
        try (RawPeer atMaster = new RawPeer(master.address());
                RawPeer atExecutor = new RawPeer(executor.address())) {
            atMaster.greetMaster().frame(Integer.MAX_VALUE, 0).rest();
            atExecutor.greetExecutor().frame(Integer.MAX_VALUE, 0, new byte[64]).rest();
        }

        until(
                "the master has said so",
                () -> log.count("closed a connection: executor 'raw' .* breaks the protocol: a frame of 2147483647 .*")
                        == 1);
        until(
                "the executor has said so",
                () -> log.count("link with executor 'raw' .* is closed: it does not keep to the protocol: .*") == 1);
        runsOn("huge");
    }

    @Test
    void shouldDropWhatCameWhenAFrameIsCutOff() throws Exception {
        begin();
        try (RawPeer atMaster = new RawPeer(master.address());
                RawPeer atExecutor = new RawPeer(executor.address())) {
            atMaster.greetMaster().frame(100, 0, new byte[10]).shutdownOutput();
            atExecutor.greetExecutor().frame(100, 0, new byte[10]).shutdownOutput();
            atMaster.rest();
            atExecutor.rest();
        }

        until(
                "the master has said so",
                () -> log.count(
                                "dropped what had come: the connection to executor 'raw' .* was lost within a frame, of which 15 bytes had come")
                        == 1);
        runsOn("cut-off");
        assertThat(client.executors()).hasSize(1);
    }

    @Test
    void shouldCloseTheConnectionWhenAMessageIsNone() throws Exception {
        begin();
        try (RawPeer peer = new RawPeer(master.address())) {
            peer.greetMaster()
                    .frame(7, 0, "nonsen".getBytes(StandardCharsets.US_ASCII))
                    .rest();
        }

        until(
                "the master has said so",
                () -> log.count(
                                "master 'm1' closes the connection of executor 'raw' .*: it sent a message that is none: .*")
                        == 1);
        runsOn("nonsense");
    }

    @Test
    void shouldSayWhichVersionsWhenTheyDiffer() throws Exception {
        begin();
        byte[] hello = RawPeer.helloToMaster(CLUSTER);
        hello[9] = 9;
        for (InetSocketAddress door : doors()) {
            try (RawPeer peer = new RawPeer(door)) {
                assertThat(peer.send(hello).refusal()).startsWith("it speaks version 9 of the protocol, this end");
            }
        }

        until("both have said so", () -> log.count(REFUSED + "it speaks version 9 of the protocol.*") == 2);
        runsOn("versions");
    }

    @Test
    void shouldSayWhichClustersWhenTheyDiffer() throws Exception {
        begin();
        try (Cluster stranger = Cluster.connect(ClusterConfig.builder()
                .cluster("dock")
                .masters(List.of(new HostPort("127.0.0.1", master.address().getPort())))
                .timeout(Duration.ofSeconds(1))
                .build())) {
            assertThatThrownBy(stranger::jobs).isInstanceOf(ClusterException.class);
        }

        until("it has said so", () -> log.count(REFUSED + "it belongs to the cluster 'dock', this is 'ship'.*") >= 1);
        runsOn("clusters");
    }

    @Test
    void shouldTakeNothingFromAnExecutorWhoseTimeIsOver() throws Exception {
        begin();
        client.submit(Dataflow.parse(BEAT.formatted("stale")), StartOptions.DEFAULT, "stale");
        until("it beats", () -> !Diary.of("stale", "beat", "beat").isEmpty());
        Job.Part part = client.job("stale").orElseThrow().parts().get(0);
        PartId id = new PartId(client.job("stale").orElseThrow().id(), part.number());

        try (Liar liar = new Liar("ghost", master.address())) {
            PartReport lie = new PartReport(
                    id,
                    part.epoch() - 1,
                    PartState.ENDED,
                    List.of(),
                    List.of(),
                    true,
                    Map.of(),
                    List.of(),
                    Optional.empty());
            liar.send(liar.register(List.of(lie)));
            assertThat(liar.await(MasterMessage.Registered.class).incarnation()).isEqualTo(1);
            liar.send(new ExecutorMessage.Report(List.of(lie)));
            liar.send(new ExecutorMessage.StoreCheckpoint(0, id, part.epoch(), "beat", new byte[] {1}));
            liar.send(new ExecutorMessage.FetchPart(7, id, part.epoch() - 1));
            assertThat(liar.await(MasterMessage.Unavailable.class).reason())
                    .isEqualTo("part " + id + " is not current under epoch " + (part.epoch() - 1));
        }

        int beats = Diary.of("stale", "beat", "beat").size();
        until("it beats on", () -> Diary.of("stale", "beat", "beat").size() > beats + 3);
        assertThat(client.job("stale").orElseThrow().state()).isEqualTo(Job.State.RUNNING);
        assertThat(Diary.of("stale", "beat", "open")).hasSize(1);
        client.stop("stale", Duration.ofSeconds(5));
        until("it has ended", () -> client.job("stale").orElseThrow().state() == Job.State.STOPPED);
    }

    @Test
    void shouldRefuseAnExecutorWhenItIsNotWhoItSaid() throws Exception {
        begin();
        try (Liar liar = new Liar("ghost", master.address())) {
            liar.send(
                    new ExecutorMessage.Register("a", "other", Map.of(), "127.0.0.1", 1, 1, "", List.of(), List.of()));
            assertThat(liar.await(MasterMessage.Refused.class).reason())
                    .isEqualTo("it said hello as 'ghost', and registers another executor or process");
        }

        log.awaitOne("executor 'ghost' .* is refused: it said hello as 'ghost', and registers another .*");
        runsOn("liars");
    }

    @Test
    void shouldAskForProtectionWhenMastersTalkBeyondThisMachine() throws Exception {
        MasterConfig open = masterConfig(directory.resolve("open"))
                .raftAddress(new HostPort("0.0.0.0", PORTS.next().port()))
                .build();

        assertThatThrownBy(() -> Master.start(open))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "master 'm1' would talk with other masters in the clear at its raft address "
                                + "'0.0.0.0:\\d+', which is not a loopback address: give it certificates, or say that it may be insecure");
    }

    @Test
    void shouldTellOthersAnAddressThatLeadsHereWhenItListensAtAll() throws Exception {
        master = Master.start(masterConfig(directory.resolve("m1"))
                .address(new HostPort("0.0.0.0", 0))
                .insecure(true)
                .build());

        assertThat(log.count("master 'm1' tells executors and clients to reach it at '(?!0\\.0\\.0\\.0).+'"))
                .isEqualTo(1);
    }

    @Test
    void shouldRefuseToTellOthersAnAddressThatLeadsToThemselves() throws Exception {
        HostPort everywhere = new HostPort("0.0.0.0", 53290);
        MasterConfig advertised = masterConfig(directory.resolve("advertised"))
                .advertiseAddress(everywhere)
                .build();
        MasterConfig among = masterConfig(directory.resolve("among"))
                .peers(List.of(new MasterConfig.MasterPeer("m1", everywhere, PORTS.next())))
                .build();

        assertThatThrownBy(() -> Master.start(advertised))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "reach master 'm1' at '0.0.0.0:53290', which leads everybody to themselves: write in the advertise address");
        assertThatThrownBy(() -> Master.start(among))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write in the peers an address by which others reach it");
    }

    @Test
    void shouldRefuseToListenForOtherMastersWhereThePeersDoNotHaveIt() throws Exception {
        MasterConfig.Builder config = masterConfig(directory.resolve("unheard"))
                .insecure(true)
                .peers(List.of(
                        MasterConfig.MasterPeer.parse("m1=127.0.0.1"),
                        MasterConfig.MasterPeer.parse("m2=192.0.2.2"),
                        MasterConfig.MasterPeer.parse("m3=192.0.2.3")));
        MasterConfig onlyHere =
                config.raftAddress(new HostPort("127.0.0.1", 53292)).build();
        MasterConfig anotherPort =
                config.raftAddress(new HostPort("127.0.0.1", 6000)).build();

        assertThatThrownBy(() -> Master.start(onlyHere))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("master 'm1' would listen for the other masters at '127.0.0.1:53292', which only this"
                        + " machine reaches, while the peers have master 'm2' at '192.0.2.2:53292': give a raft address"
                        + " by which the others reach it; 0.0.0.0 is every address of this machine");
        assertThatThrownBy(() -> Master.start(anotherPort))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("master 'm1' would listen for the other masters at '127.0.0.1:6000', while the peers have"
                        + " it at '127.0.0.1:53292': write the same port in both, or leave the raft address out");
    }

    @Test
    void shouldRefuseCertificatesThatAreNotForTheRole() throws Exception {
        TestAuthority authority = TestAuthority.create(CLUSTER, Instant.now(), Duration.ofDays(1));
        TestAuthority other = TestAuthority.create(CLUSTER, Instant.now(), Duration.ofDays(1));
        master = Master.start(masterConfig(directory.resolve("m1"))
                .tls(files("m1", authority.issue(List.of(Identity.of(CLUSTER, Role.MASTER, "m1"))), authority))
                .build());
        Identity right = Identity.of(CLUSTER, Role.CLIENT, "client");
        assertThat(asks(files("right", authority.issue(List.of(right)), authority)))
                .isEmpty();

        List<Identity> wrong = List.of(
                Identity.of(CLUSTER, Role.EXECUTOR, "client"),
                Identity.of(CLUSTER, Role.CLIENT, "somebody"),
                Identity.of("dock", Role.CLIENT, "client"));
        for (Identity identity : wrong) {
            TlsFiles files = files("wrong", authority.issue(List.of(identity)), authority);
            assertThatThrownBy(() -> asks(files))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageEndingWith("is not for this client: expected the subject alternative name "
                            + "millrace://ship/client/client, found " + identity.uri());
        }
        long before = log.count(REFUSED + ".*");
        TlsFiles stranger = files("stranger", other.issue(List.of(right)), authority);
        assertThat(asks(stranger, Duration.ofSeconds(2))).isPresent();
        until("the master says so", () -> log.count(REFUSED + ".*") > before);
        assertThat(asks(files("right", authority.issue(List.of(right)), authority)))
                .isEmpty();
    }

    private TlsFiles files(String name, TestAuthority.Certificate certificate, TestAuthority trusted)
            throws IOException {
        return new TlsFiles(
                Files.writeString(directory.resolve(name + ".pem"), certificate.chain()),
                Files.writeString(directory.resolve(name + ".key"), certificate.key()),
                Files.writeString(
                        directory.resolve(name + "-ca.pem"), trusted.authority().chain()));
    }

    /** What comes of asking the master something; empty if it answers. */
    private Optional<String> asks(TlsFiles tls) {
        return asks(tls, Duration.ofSeconds(10));
    }

    /** @param patience for an answer: all of it is waited for by whom the master does not talk to */
    private Optional<String> asks(TlsFiles tls, Duration patience) {
        try (Cluster asking = Cluster.connect(ClusterConfig.builder()
                .cluster(CLUSTER)
                .name("client")
                .masters(List.of(new HostPort("127.0.0.1", master.address().getPort())))
                .timeout(patience)
                .tls(tls)
                .build())) {
            asking.jobs();
            return Optional.empty();
        } catch (ClusterException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Test
    void shouldNotLetTimeGoBackWhenTheClockIsSetBack() throws Exception {
        long now = System.currentTimeMillis();
        begin(masterConfig(directory.resolve("m1")).wallClockMs(() -> now).build());
        runsOn("before");
        end();

        begin(masterConfig(directory.resolve("m1"))
                .wallClockMs(() -> now - Duration.ofHours(1).toMillis())
                .build());
        runsOn("after");

        List<Instant> times = client.jobs().stream()
                .flatMap(job -> client.job(job.id()).orElseThrow().history().stream())
                .map(Job.Entry::time)
                .toList();
        assertThat(times).isSorted();
        assertThat(times.get(0)).isAfterOrEqualTo(Instant.ofEpochMilli(now));
        assertThat(log.count("master 'm1': the clock of this machine is 36\\d\\d s behind what was written last, .*"))
                .isEqualTo(1);
    }

    @Test
    void shouldAnswerProbesWhenItIsTold() throws Exception {
        int masterPort = PORTS.next().port();
        int executorPort = PORTS.next().port();
        master = Master.start(masterConfig(directory.resolve("m1"))
                .httpAddress(new HostPort("127.0.0.1", masterPort))
                .build());
        executor = Executor.start(ExecutorConfig.builder("a")
                .cluster(CLUSTER)
                .masters(List.of(new HostPort("127.0.0.1", master.address().getPort())))
                .address(ANY_PORT)
                .workingDirectory(directory.resolve("machine-a"))
                .httpAddress(new HostPort("127.0.0.1", executorPort))
                .build());
        executor.awaitRegistered(QuickCluster.PATIENCE);

        assertThat(get(masterPort, "/healthz").statusCode()).isEqualTo(200);
        assertThat(get(masterPort, "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(masterPort, "/metrics").body())
                .contains("millrace_master_leads 1\n", "millrace_executors{condition=\"joined\"} 1\n");
        assertThat(get(executorPort, "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(executorPort, "/metrics").body())
                .contains("millrace_executor_registered 1\n", "millrace_executor_nodes 0\n");

        master.close();
        until("it is not ready any more", () -> get(executorPort, "/readyz").statusCode() == 503);
        assertThat(get(executorPort, "/healthz").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** An executor that says what it wants. */
    private static final class Liar implements ControlHandler, AutoCloseable {
        private static final RecordCodec<ExecutorMessage> OUTGOING = RecordCodec.of(ExecutorMessage.class);
        private static final RecordCodec<MasterMessage> INCOMING = RecordCodec.of(MasterMessage.class);

        private final BlockingQueue<MasterMessage> received = new LinkedBlockingQueue<>();
        private final BlockingQueue<ControlConnection> opened = new LinkedBlockingQueue<>();
        private final Identity identity;
        private final Network network;
        private final ControlConnection connection;

        Liar(String machineId, InetSocketAddress master) throws InterruptedException {
            identity = Identity.of(CLUSTER, Role.EXECUTOR, machineId);
            network = Network.open(identity, Security.clear(), NetworkSettings.defaults());
            network.connect(master.getHostString(), master.getPort(), this, Runnable::run);
            connection = opened.poll(60, TimeUnit.SECONDS);
        }

        ExecutorMessage register(List<PartReport> parts) {
            return new ExecutorMessage.Register(
                    identity.name(), identity.instance(), Map.of(), "127.0.0.1", 1, 1, "", parts, List.of());
        }

        void send(ExecutorMessage message) {
            connection.send(OUTGOING.encode(message));
        }

        <T extends MasterMessage> T await(Class<T> type) throws InterruptedException {
            while (true) {
                MasterMessage next = received.poll(60, TimeUnit.SECONDS);
                assertThat(next)
                        .as("a " + type.getSimpleName() + " within a minute")
                        .isNotNull();
                if (type.isInstance(next)) {
                    return type.cast(next);
                }
            }
        }

        @Override
        public void onOpen(ControlConnection made) {
            opened.add(made);
        }

        @Override
        public void onMessage(ControlConnection from, byte[] message) {
            received.add(INCOMING.decode(message));
        }

        @Override
        public void onClosed(String reason) {
            // What it has said is checked.
        }

        @Override
        public void close() {
            network.close();
        }
    }
}
