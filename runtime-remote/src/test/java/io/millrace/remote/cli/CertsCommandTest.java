package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.remote.link.Identity;
import io.millrace.remote.link.Network;
import io.millrace.remote.link.NetworkException;
import io.millrace.remote.link.NetworkSettings;
import io.millrace.remote.link.Role;
import io.millrace.remote.link.Security;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CertsCommandTest {
    @TempDir
    private Path directory;

    private final Streams streams = new Streams();

    private Security security(Path certs, String member) {
        return Security.mutualTls(
                certs.resolve(member + ".pem"), certs.resolve(member + "-key.pem"), certs.resolve("ca.pem"));
    }

    private static void open(Identity identity, Security security) {
        Network.open(identity, security, NetworkSettings.defaults()).close();
    }

    @Test
    void shouldMakeWhatANetworkTakesWhenMembersAreNamed() {
        Path certs = directory.resolve("new").resolve("certs");

        assertThat(streams.execute(
                        "certs",
                        "--dir",
                        certs.toString(),
                        "--cluster",
                        "ship",
                        "--master",
                        "m1,m2",
                        "--executor",
                        "a"))
                .as(streams.err())
                .isZero();

        assertThat(streams.out())
                .startsWith("new authority " + certs + "/ca.pem\n")
                .contains(
                        "millrace://ship/executor/a  " + certs + "/executor-a.pem  " + certs + "/executor-a-key.pem\n");
        open(Identity.of("ship", Role.MASTER, "m2"), security(certs, "master-m2"));
        open(Identity.of("ship", Role.EXECUTOR, "a"), security(certs, "executor-a"));
        assertThatThrownBy(() -> open(Identity.of("ship", Role.CLIENT, "a"), security(certs, "executor-a")))
                .isInstanceOf(NetworkException.class);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such permissions")
    void shouldKeepKeysToTheirOwnerWhenItWritesThem() throws Exception {
        streams.execute("certs", "--dir", directory.toString(), "--cluster", "ship", "--client", "ops", "--json");

        for (String key : new String[] {"ca-key.pem", "client-ops-key.pem"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(key))))
                    .isEqualTo("rw-------");
        }
        assertThat(streams.out()).contains("\"isNewAuthority\": true", "\"identity\": \"millrace://ship/client/ops\"");
    }

    @Test
    void shouldAddMembersAndOverwriteNothingWhenThereIsAnAuthority() throws Exception {
        String[] first = {"certs", "--dir", directory.toString(), "--cluster", "ship", "--executor", "a"};
        assertThat(streams.execute(first)).isZero();
        String authority = Files.readString(directory.resolve("ca.pem"));
        String key = Files.readString(directory.resolve("executor-a-key.pem"));

        assertThat(streams.execute(first)).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).contains("is there already, and is not overwritten: remove it, or choose");
        assertThat(streams.execute(
                        "certs", "--dir", directory.toString(), "--cluster", "ship", "--executor", "b", "--json"))
                .isZero();

        assertThat(streams.out()).contains("\"isNewAuthority\": false");
        assertThat(directory.resolve("ca.pem")).hasContent(authority);
        assertThat(directory.resolve("executor-a-key.pem")).hasContent(key);
        open(Identity.of("ship", Role.EXECUTOR, "b"), security(directory, "executor-b"));
    }

    @Test
    void shouldRefuseWhenNamesCannotBeUsed() {
        assertThat(streams.execute("certs", "--dir", directory.toString(), "--cluster", "a b", "--master", "m"))
                .isEqualTo(ExitCode.INVALID);
        assertThat(streams.execute("certs", "--dir", directory.toString(), "--cluster", "ship"))
                .isEqualTo(ExitCode.INVALID);
        assertThat(streams.execute("certs", "--dir", directory.toString(), "--cluster", "s", "--master", "../x"))
                .isEqualTo(ExitCode.INVALID);

        assertThat(streams.err())
                .contains("'a b', 'm': the name of the cluster is none: expected 1 to 128 of")
                .contains("nobody to make certificates for")
                .contains("the name of the master is none");
        assertThat(directory).isEmptyDirectory();
    }
}
