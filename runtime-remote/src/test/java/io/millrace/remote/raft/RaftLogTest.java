package io.millrace.remote.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.remote.HostPort;
import io.millrace.remote.link.Identity;
import io.millrace.remote.link.Role;
import io.millrace.remote.log.AppendResult;
import io.millrace.remote.log.LogUnavailableException;
import io.millrace.remote.log.MetadataLog;
import io.millrace.remote.log.MetadataLogContract;
import io.millrace.remote.log.MetadataLogs;
import io.millrace.remote.log.TestMember;
import io.millrace.remote.log.Words;
import io.millrace.remote.testkit.FreePorts;
import io.millrace.remote.tls.CredentialFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.retry.RetryPolicies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RaftLogTest {
    private static final FreePorts PORTS = new FreePorts();
    private final List<MetadataLog> open = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void closeAll() {
        open.forEach(log -> ((RaftLog) log).closeAtOnce());
    }

    @Test
    void shouldRefuseAFolderThatIsInUse() {
        open(settings("one", "a").build());

        assertThatThrownBy(() -> open(settings("one", "a").build()))
                .isInstanceOf(LogUnavailableException.class)
                .hasMessage("data folder '" + folder
                        + "' is in use by another master: give each one of its own, or end the other");
    }

    @Test
    void shouldRefuseAFolderOfAnotherClusterOrMember() {
        open(settings("one", "a").build()).close();

        assertThatThrownBy(() -> open(settings("two", "a").build()))
                .isInstanceOf(LogUnavailableException.class)
                .hasMessageContaining("data folder '" + folder + "' is of cluster 'one', not 'two': ");
        assertThatThrownBy(() -> open(settings("one", "b").build()))
                .hasMessageContaining("data folder '" + folder + "' is of member 'a', not 'b': ");
        assertThatThrownBy(() -> open(
                        settings("one", "a").peer("b", free()).peer("c", free()).build()))
                .hasMessageContaining("' is of peers 'a', not 'a=127.0.0.1:")
                .hasMessageContaining("masters cannot be added, removed or moved later");
    }

    @Test
    void shouldRefuseAnAddressThatIsTakenAndLetGoOfTheFolder() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = InetSocketAddress.createUnresolved("127.0.0.1", taken.getLocalPort());
            RaftSettings settings =
                    RaftSettings.builder("one", "a", folder).peer("a", address).build();

            assertThatThrownBy(() -> open(settings))
                    .isInstanceOf(LogUnavailableException.class)
                    .hasMessageStartingWith(
                            "masters cannot be listened for at 127.0.0.1:" + taken.getLocalPort() + ": ");
        }
        assertThat(open(settings("one", "a").build()).name()).isEqualTo("a");
    }

    @Test
    void shouldRefuseTwoMastersAndAMasterThatIsNoneOfThem() {
        assertThatThrownBy(() -> settings("one", "a").peer("b", free()).build())
                .hasMessageContaining("less available than one");
        assertThatThrownBy(() -> RaftSettings.builder("one", "a", folder).build())
                .hasMessageStartingWith("member 'a' is not among the masters []");
    }

    @Test
    void shouldRefuseWhatIsTooMuchAtOnce() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        TestMember member = member(settings("one", "a").pendingBytes(1000).build(), new Words() {
            @Override
            public synchronized byte[] apply(long index, byte[] entry) {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.apply(index, entry);
            }
        });
        member.awaitLeading();
        var first = member.log().append(new byte[800]);

        AppendResult second =
                member.log().append(new byte[800]).toCompletableFuture().get(60, SECONDS);
        hold.countDown();

        assertThat(second).isEqualTo(new AppendResult.Refused("too much is pending: 1 entries, 801 bytes"));
        assertThat(first.toCompletableFuture().get(60, SECONDS)).isInstanceOf(AppendResult.Applied.class);
    }

    @Test
    void shouldNeitherApplyNorLeadWithoutAMajority() throws Exception {
        List<TestMember> members = three(null);
        TestMember leader = leader(members);
        for (TestMember each : members) {
            if (each != leader) {
                ((RaftLog) each.log()).closeAtOnce();
            }
        }

        assertThat(leader.append("lost")).isNotInstanceOf(AppendResult.Applied.class);

        await().atMost(60, SECONDS)
                .until(() -> leader.log().leadership().leader().isEmpty());
        assertThat(leader.machine().words()).isEmpty();
        assertThat(leader.append("more")).isEqualTo(new AppendResult.NotLeader(Optional.empty()));
    }

    @Test
    void shouldReplicateOverMutualTls() throws Exception {
        Certificates certificates = new Certificates(folder);
        List<TestMember> members = three(certificates::of);

        leader(members).append("secret");

        members.forEach(member -> member.awaitWords(List.of("secret")));
    }

    @Test
    void shouldTrustMastersOfTheClusterAlone() throws Exception {
        Certificates certificates = new Certificates(folder);
        MembersTrust trust = new MembersTrust(certificates.of("a"), Set.of("millrace://one/master/a"));

        trust.checkClientTrusted(certificates.chain(Certificates.master("a")), "ECDHE_ECDSA");
        for (Identity other : List.of(
                Identity.of("one", Role.EXECUTOR, "a"),
                Identity.of("two", Role.MASTER, "a"),
                Certificates.master("b"))) {
            assertThatThrownBy(() -> trust.checkClientTrusted(certificates.chain(other), "ECDHE_ECDSA"))
                    .isInstanceOf(CertificateException.class)
                    .hasMessageContaining("is not that of a master of this cluster");
        }
        assertThatThrownBy(() -> trust.checkServerTrusted(
                        new Certificates(folder).chain(Certificates.master("a")), "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void shouldTakeNoAppendFromTheNetwork() throws Exception {
        InetSocketAddress address = free();
        TestMember member = member(
                RaftSettings.builder("one", "a", folder).peer("a", address).build(), new Words());
        member.awaitLeading();
        RaftGroupId group = RaftGroupId.valueOf(UUID.nameUUIDFromBytes("millrace cluster one".getBytes(UTF_8)));
        RaftPeer peer = RaftPeer.newBuilder()
                .setId("a")
                .setAddress(RaftSettings.text(address))
                .build();

        try (RaftClient client = RaftClient.newBuilder()
                .setProperties(new RaftProperties())
                .setRaftGroup(RaftGroup.valueOf(group, peer))
                .setRetryPolicy(RetryPolicies.noRetry())
                .build()) {
            assertThatThrownBy(() -> client.io().send(Message.valueOf("hello")))
                    .hasStackTraceContaining("this port is for the masters among themselves");
        }
        assertThat(member.machine().words()).isEmpty();
    }

    @Test
    void shouldLeaveTheProcessAsItWas() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        RaftLog log = (RaftLog) open(settings("one", "a").build());

        log.close();

        assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(before);
        // Ratis has eight timers for all of the process, once there was a group of several members.
        await().pollInSameThread()
                .atMost(60, SECONDS)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .filteredOn(thread -> !threads.contains(thread))
                        .extracting(Thread::getName)
                        .allMatch(name -> name.matches("timer[0-7]")));
    }

    private RaftSettings.Builder settings(String cluster, String name) {
        return RaftSettings.builder(cluster, name, folder).peer(name, free());
    }

    private MetadataLog open(RaftSettings settings) {
        return member(settings, new Words()).log();
    }

    private TestMember member(RaftSettings settings, Words machine) {
        TestMember member = new TestMember(RaftLog.with(settings), machine);
        open.add(member.log());
        return member;
    }

    private List<TestMember> three(@Nullable Function<String, CredentialFiles> security) {
        Map<String, InetSocketAddress> addresses = Map.of("a", free(), "b", free(), "c", free());
        List<TestMember> members = new ArrayList<>();
        for (String name : addresses.keySet()) {
            RaftSettings.Builder settings = RaftSettings.builder("one", name, folder.resolve(name))
                    .appendTimeout(Duration.ofSeconds(3))
                    .electionTimeout(Duration.ofSeconds(1));
            addresses.forEach(settings::peer);
            if (security != null) {
                settings.security(security.apply(name));
            }
            members.add(member(settings.build(), new Words()));
        }
        return members;
    }

    private static TestMember leader(List<TestMember> members) {
        await().atMost(60, SECONDS).until(() -> members.stream().anyMatch(TestMember::leads));
        return members.stream().filter(TestMember::leads).findFirst().orElseThrow();
    }

    @Nested
    class Contract extends MetadataLogContract {
        private final Map<String, InetSocketAddress> addresses = new ConcurrentHashMap<>();

        @TempDir
        Path data;

        @Override
        protected MetadataLogs logs(String name, int snapshotEvery, String... names) {
            RaftSettings.Builder settings = RaftSettings.builder("contract", name, data.resolve(name))
                    .snapshotEvery(snapshotEvery)
                    .segmentBytes(4096)
                    .electionTimeout(Duration.ofSeconds(1));
            for (String each : names) {
                settings.peer(each, addresses.computeIfAbsent(each, key -> free()));
            }
            return RaftLog.with(settings.build());
        }

        @Override
        protected void kill(MetadataLog log) {
            ((RaftLog) log).closeAtOnce();
        }

        @Override
        protected void closeGroup() {
            addresses.clear();
        }
    }

    static InetSocketAddress free() {
        HostPort free;
        synchronized (PORTS) {
            free = PORTS.next();
        }
        return InetSocketAddress.createUnresolved(free.host(), free.port());
    }
}
