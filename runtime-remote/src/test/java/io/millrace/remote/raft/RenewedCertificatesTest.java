package io.millrace.remote.raft;

import static io.millrace.remote.raft.RaftLogTest.free;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.remote.link.LogLines;
import io.millrace.remote.link.TestAuthority;
import io.millrace.remote.log.TestMember;
import io.millrace.remote.log.Words;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class RenewedCertificatesTest {
    private static final List<String> NAMES = List.of("a", "b", "c");

    @TempDir
    Path folder;

    @RegisterExtension
    final LogLines log = new LogLines("io.millrace.remote.tls");

    private final Map<String, InetSocketAddress> addresses = new HashMap<>();
    private final Map<String, TestMember> members = new HashMap<>();
    private Certificates certificates;

    @BeforeEach
    void start() throws Exception {
        certificates = new Certificates(folder);
        NAMES.forEach(name -> addresses.put(name, free()));
        NAMES.forEach(certificates::of);
        NAMES.forEach(this::open);
        append("one");
    }

    @AfterEach
    void close() {
        members.values().forEach(member -> ((RaftLog) member.log()).closeAtOnce());
    }

    private void open(String name) {
        RaftSettings.Builder settings = RaftSettings.builder("one", name, folder.resolve(name))
                .appendTimeout(Duration.ofSeconds(3))
                .electionTimeout(Duration.ofSeconds(1))
                .security(certificates.open(name));
        addresses.forEach(settings::peer);
        members.put(name, new TestMember(RaftLog.with(settings.build()), new Words()));
    }

    private void append(String word) throws Exception {
        await().atMost(60, SECONDS).until(() -> members.values().stream().anyMatch(TestMember::leads));
        members.values().stream()
                .filter(TestMember::leads)
                .findFirst()
                .orElseThrow()
                .append(word);
    }

    /** Connections end both ways, and are made anew. */
    private void restartFollower() {
        String follower = NAMES.stream()
                .filter(name -> !members.get(name).leads())
                .findFirst()
                .orElseThrow();
        ((RaftLog) members.get(follower).log()).closeAtOnce();
        open(follower);
    }

    /** By TLS 1.3 a caller may learn of it by an alert, or by the end of the connection that it still writes to. */
    private void assertRefused(MasterCaller caller, String name) {
        assertThatThrownBy(() -> caller.call(addresses.get(name)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }

    private void awaitAll(String... words) {
        members.values().forEach(member -> member.awaitWords(List.of(words)));
    }

    @Test
    void shouldUseTheNewAuthorityAloneWhenItHasReplacedTheOldOneUnderRunningMasters() throws Exception {
        TestAuthority old = certificates.first();
        TestAuthority next = Certificates.authority();
        MasterCaller withOld = new MasterCaller("b", old);
        MasterCaller withNew = new MasterCaller("b", next);
        withOld.call(addresses.get("a"));
        assertRefused(withNew, "a");

        NAMES.forEach(name -> certificates.trust(name, old, next));
        withNew.call(addresses.get("a"));
        withOld.call(addresses.get("a"));
        Map<String, X509Certificate> renewed = new HashMap<>();
        NAMES.forEach(name -> renewed.put(name, certificates.certify(name, next)));
        NAMES.forEach(name -> certificates.trust(name, next));

        for (String name : NAMES) {
            assertThat(withNew.call(addresses.get(name))).isEqualTo(renewed.get(name));
            assertRefused(withOld, name);
        }
        restartFollower();
        append("two");
        awaitAll("one", "two");
    }

    @Test
    void shouldKeepTheCertificatesFromBeforeWhenNewOnesCannotBeUsed() throws Exception {
        MasterCaller caller = new MasterCaller("b", certificates.first());
        X509Certificate before = caller.call(addresses.get("a"));

        Files.writeString(certificates.chain("a"), "half a file");

        assertThat(caller.call(addresses.get("a"))).isEqualTo(before);
        assertThat(caller.call(addresses.get("a"))).isEqualTo(before);
        log.awaitOne("the certificates have changed and cannot be used, those from before stay: .*a-chain.pem.*");
        append("two");
        awaitAll("one", "two");
    }
}
