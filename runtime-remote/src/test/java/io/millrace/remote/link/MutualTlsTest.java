package io.millrace.remote.link;

import static io.millrace.remote.link.Patience.PATIENCE;
import static io.millrace.remote.link.RecordingHandler.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.util.ResourceLeakDetector;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class MutualTlsTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Identity M1 = Identity.of("ship", Role.MASTER, "m1");
    private static final Identity BOAT = Identity.of("ship", Role.EXECUTOR, "boat");

    @TempDir
    private Path directory;

    @RegisterExtension
    final LogLines log = new LogLines("io.millrace.remote");

    private final TestAuthority authority = TestAuthority.create("ship", Instant.now(), Duration.ofDays(2));
    private final List<Network> networks = new ArrayList<>();
    private final RecordingHandler atMaster = new RecordingHandler();
    private final RecordingHandler atExecutor = new RecordingHandler();

    MutualTlsTest() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    @AfterEach
    void close() {
        networks.forEach(Network::close);
    }

    private Network network(Identity identity, Security security) {
        Network network = Network.open(identity, security, NetworkSettings.defaults());
        networks.add(network);
        return network;
    }

    private Security files(String name, TestAuthority.Certificate certificate) throws Exception {
        Path chain = Files.writeString(directory.resolve(name + ".pem"), certificate.chain());
        Path key = Files.writeString(directory.resolve(name + "-key.pem"), certificate.key());
        Path trusted = Files.writeString(directory.resolve(name + "-ca.pem"), certificate.trusted());
        return Security.mutualTls(chain, key, trusted);
    }

    private Listener master() throws Exception {
        return network(M1, files("m1", authority.issue(List.of(M1)))).listen(LOOPBACK, peer -> atMaster);
    }

    private ControlConnection dial(Network from, Listener listener) {
        return from.connect("127.0.0.1", listener.address().getPort(), atExecutor);
    }

    private String end() {
        await().atMost(PATIENCE).until(() -> !atExecutor.ends.isEmpty());
        assertThat(atExecutor.opened).isEmpty();
        assertThat(atMaster.opened).isEmpty();
        return atExecutor.ends.get(0);
    }

    @Test
    void shouldCarryMessagesWhenBothHaveCertificatesOfOneAuthority() throws Exception {
        Listener listener = master();
        Network executor = network(BOAT, files("boat", authority.issue(List.of(M1, BOAT))));

        ControlConnection connection = dial(executor, listener);
        await().atMost(PATIENCE).until(() -> !atMaster.opened.isEmpty() && !atExecutor.opened.isEmpty());
        connection.send(new byte[1_000_000]);
        connection.send(bytes("there"));
        atMaster.opened.get(0).send(bytes("back"));

        await().atMost(PATIENCE).until(() -> atMaster.messages.size() == 2 && atExecutor.messages.size() == 1);
        assertThat(atMaster.messages.get(1)).isEqualTo("there");
        assertThat(atExecutor.messages).containsExactly("back");
    }

    @Test
    void shouldRefuseWhenTheAuthorityIsAnother() throws Exception {
        Listener listener = master();
        TestAuthority other = TestAuthority.create("ship", Instant.now(), Duration.ofDays(2));
        TestAuthority.Certificate foreign = other.issue(List.of(BOAT));
        Security trusting = files(
                "boat",
                new TestAuthority.Certificate(
                        foreign.chain(), foreign.key(), authority.authority().trusted()));

        dial(network(BOAT, trusting), listener);

        assertThat(end()).contains("it refused the certificate of this end: ");
        log.awaitOne("refused a connection from .*: its certificate is not from a trusted authority.*");
    }

    @Test
    void shouldRefuseTheMasterWhenItsAuthorityIsAnother() throws Exception {
        Listener listener = master();
        TestAuthority other = TestAuthority.create("ship", Instant.now(), Duration.ofDays(2));

        dial(network(BOAT, files("boat", other.issue(List.of(BOAT)))), listener);

        assertThat(end()).contains(": its certificate is not from a trusted authority");
        log.awaitOne("refused a connection from .*: it refused the certificate of this end: .*");
    }

    @Test
    void shouldRefuseWhenTheCertificateHasExpired() throws Exception {
        Listener listener = master();
        Path chain = directory.resolve("boat.pem");
        TestAuthority.Certificate good = authority.issue(List.of(BOAT));
        TestAuthority.Certificate expired =
                authority.issue(List.of(BOAT), Instant.now().minusSeconds(60));
        Security security = files("boat", good);
        Files.writeString(chain, expired.chain());
        Files.writeString(directory.resolve("boat-key.pem"), expired.key());

        assertThatThrownBy(() -> network(BOAT, security))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("boat.pem' has expired at ");

        // What a peer does that does not look at its own.
        try (StrangerTls stranger = StrangerTls.connect(listener.address(), expired)) {
            stranger.awaitEnd();
        }
        log.awaitOne("refused a connection from .*: its certificate has expired: .*");
    }

    @Test
    void shouldRefuseWhenACertificateIsForAnotherClusterRoleOrName() throws Exception {
        Listener listener = master();
        for (Identity other : List.of(
                Identity.of("dock", Role.EXECUTOR, "boat"),
                Identity.of("ship", Role.CLIENT, "boat"),
                Identity.of("ship", Role.EXECUTOR, "shore"))) {
            Security security = files("other", authority.issue(List.of(other)));
            assertThatThrownBy(() -> network(BOAT, security))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageContaining("is not for this executor: expected the subject alternative name "
                            + "millrace://ship/executor/boat, found " + other.uri());

            try (StrangerTls stranger = StrangerTls.connect(listener.address(), authority.issue(List.of(other)))) {
                stranger.hello(BOAT);
                assertThat(stranger.refusal())
                        .isEqualTo("its certificate is for " + other.uri()
                                + ", and it says that it is millrace://ship/executor/boat");
            }
            log.awaitOne("refused a connection from .*: its certificate is for " + other.uri() + ", and .*");
        }
        assertThat(atMaster.opened).isEmpty();
    }

    @Test
    void shouldRefuseBothWaysWhenOneEndIsInTheClear() throws Exception {
        Listener secured = master();
        Listener clear = network(Identity.of("ship", Role.MASTER, "m2"), Security.clear())
                .listen(LOOPBACK, peer -> atMaster);

        dial(network(BOAT, Security.clear()), secured);
        assertThat(end())
                .endsWith("it closed the connection before its hello: it may speak TLS, and this end is in the clear");
        log.awaitOne("refused a connection from .*: it does not speak TLS: use the same security on both");

        dial(network(BOAT, files("boat", authority.issue(List.of(BOAT)))), clear);
        await().atMost(PATIENCE).until(() -> atExecutor.ends.size() == 2);
        log.awaitOne("refused a connection from .*: it speaks TLS, and this end is in the clear: use .*");
    }

    @Test
    void shouldUseNewCertificatesWhenTheFilesHaveChanged() throws Exception {
        Security security = files("m1", authority.issue(List.of(M1)));
        Listener listener = network(M1, security).listen(LOOPBACK, peer -> atMaster);
        TestAuthority next = TestAuthority.create("ship", Instant.now(), Duration.ofDays(2));
        Network executor = network(BOAT, files("boat", next.issue(List.of(BOAT))));
        dial(executor, listener);
        end();

        Files.writeString(directory.resolve("m1.pem"), "half a file");
        dial(executor, listener);
        await().atMost(PATIENCE).until(() -> atExecutor.ends.size() == 2);
        log.awaitOne("the certificates have changed and cannot be used, those from before stay: .*m1.pem.*");

        files("m1", next.issue(List.of(M1)));
        dial(executor, listener);

        await().atMost(PATIENCE).until(() -> !atMaster.opened.isEmpty() && !atExecutor.opened.isEmpty());
    }

    @Test
    void shouldSayWhatIsWrongWhenFilesCannotBeUsed() throws Exception {
        Security.MutualTls good = (Security.MutualTls) files("m1", authority.issue(List.of(M1)));
        Security.MutualTls other = (Security.MutualTls) files("o", authority.issue(List.of(M1)));

        assertThatThrownBy(
                        () -> network(M1, Security.mutualTls(directory.resolve("x.pem"), good.key(), good.trusted())))
                .isInstanceOf(NetworkException.class)
                .hasMessage("the certificate '" + directory.resolve("x.pem") + "' is missing: expected a PEM file");
        assertThatThrownBy(() -> network(M1, Security.mutualTls(good.key(), good.key(), good.trusted())))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("m1-key.pem' has no certificate: expected PEM");
        assertThatThrownBy(
                        () -> network(M1, Security.mutualTls(good.certificateChain(), good.trusted(), good.trusted())))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("m1-ca.pem' has no private key: expected PEM");
        assertThatThrownBy(() -> network(M1, Security.mutualTls(good.certificateChain(), other.key(), good.trusted())))
                .isInstanceOf(NetworkException.class)
                .hasMessageMatching("the private key '.*o-key.pem' does not fit the certificate '.*m1.pem'");
    }
}
