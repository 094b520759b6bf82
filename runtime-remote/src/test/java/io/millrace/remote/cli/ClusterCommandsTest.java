package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.testkit.FreePorts;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands of a cluster say where there is none, and to what they cannot understand. */
class ClusterCommandsTest {
    private final Streams streams = new Streams();

    @TempDir
    private Path directory;

    /** An address at which nobody listens. */
    private static String nobody() {
        return new FreePorts().next().toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list",
                "status",
                "status x",
                "stop x",
                "attach x",
                "top x",
                "explain x",
                "drain x",
                "echo a/b",
                "hz a/b",
                "publish x y z",
                "logs x",
                "record x y",
                "node restart x",
                "node stop x"
            })
    void shouldSayWhereItLookedWhenThereIsNoMaster(String command) {
        String address = nobody();
        String[] arguments = (command + " --timeout 200ms --join " + address).split(" ");

        int code = streams.execute(arguments);

        assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(streams.err()).contains("error: ", address, "millrace up").doesNotContain("\tat ");
        assertThat(streams.out()).isEmpty();
    }

    @Test
    void shouldTellProgramsThatThereIsNoMasterToo() {
        int code = streams.execute("list", "--json", "--timeout", "200ms", "--join", nobody());

        assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(streams.out()).contains("\"error\": \"", "\"exitCode\": 69");
    }

    @Test
    void shouldSayInALineWhatIsWrongWithTheCertificateWhenItIsAnotherMembers() {
        Path certs = directory.resolve("certs");
        assertThat(streams.execute("certs", "--dir", certs.toString(), "--cluster", "ship", "--client", "ops"))
                .isEqualTo(ExitCode.OK);
        Streams list = new Streams();

        int code = list.execute(
                "list",
                "--json",
                "--cluster=ship",
                "--join=" + nobody(),
                "--tls-cert=" + certs.resolve("client-ops.pem"),
                "--tls-key=" + certs.resolve("client-ops-key.pem"),
                "--tls-ca=" + certs.resolve("ca.pem"));

        assertThat(code).isEqualTo(ExitCode.INVALID);
        assertThat(list.err())
                .startsWith("error: ")
                .contains("millrace://ship/client/ops", "millrace://ship/client/client")
                .hasLineCount(1);
        assertThat(list.out()).contains("\"exitCode\": 2");
    }

    @Test
    void shouldCheckTheFileBeforeItLooksForAMaster() throws IOException {
        Path flow = Files.writeString(directory.resolve("flow.yml"), """
                nodes:
                  - id: camera
                    deploy: {machine: boat, local: false}
                    path: bin/camera
                """);

        int code = streams.execute("start", flow.toString(), "--json");

        assertThat(code).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err())
                .contains("node 'camera' on machine 'boat' has the relative path 'bin/camera'", "working_dir");
        assertThat(streams.out()).contains("\"state\": \"invalid\"");
    }

    @Test
    void shouldSayWhatIsWrongWithOtherNodesTooWhenAVariableIsNotSet() throws IOException {
        Path flow = Files.writeString(directory.resolve("flow.yml"), """
                nodes:
                  - id: lost
                    path: $NO_SUCH_VARIABLE_HERE/tool
                    deploy: {local: true}
                  - id: camera
                    deploy: {machine: boat, local: false}
                    path: bin/camera
                  - id: here
                    path: bin/no-such-file
                    deploy: {local: true}
                  - id: last
                    path: bin/last
                    env: {A: $NO_OTHER_VARIABLE_EITHER}
                    deploy: {local: true}
                """);

        assertThat(streams.execute("start", flow.toString())).isEqualTo(ExitCode.INVALID);

        assertThat(streams.err())
                .containsPattern("flow\\.yml:3:.*NO_SUCH_VARIABLE_HERE")
                .containsPattern("flow\\.yml:5:.*'camera' on machine 'boat' has the relative path 'bin/camera'")
                .containsPattern("flow\\.yml:8:.*no-such-file")
                .containsPattern("flow\\.yml:13:.*NO_OTHER_VARIABLE_EITHER")
                .doesNotContain("'bin/last'");
    }

    @Test
    void shouldSayWhatBelongsTogetherWhenAKeyHasNoCertificate() throws IOException {
        Path key = Files.createFile(directory.resolve("key.pem"));

        int code = streams.execute("list", "--tls-key", key.toString());

        assertThat(code).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err())
                .contains("--tls-cert, --tls-key and --tls-ca belong together, but there is no --tls-cert");
    }

    @Test
    void shouldNameTheFileWhenACertificateIsMissing() {
        int code = streams.execute("list", "--tls-cert", "no.pem", "--tls-key", "no.pem", "--tls-ca", "no.pem");

        assertThat(code).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).contains("--tls-cert: there is no file 'no.pem'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"run flow.yml --start-timeout 0", "start flow.yml --start-timeout 0s", "hz a/b --window 0ms"})
    void shouldRefuseInOneLineWhenATimeIsNoneAtAll(String command) {
        int code = streams.execute(command.split(" "));

        assertThat(code).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).contains("expected more than 0, found '0").doesNotContain("\tat ", "fault");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:notaport", "host:70000", ":-1"})
    void shouldSayWhatAnAddressIsWhenItIsNone(String address) {
        int code = streams.execute("list", "--join", address);

        assertThat(code).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).contains("host:port").doesNotContain("Exception");
    }

    @Test
    void shouldNameTheNodeCommandsWhenNoneIsGiven() {
        assertThat(streams.execute("node")).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).contains("a command is missing: restart or stop");
    }

    @Test
    void shouldRefuseAMachineIdThatIsNoName() {
        int code = streams.execute("executor", "--machine-id", "a b");

        assertThat(code).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).contains("machine id", "'a b'").doesNotContain("\tat ");
    }

    @Test
    void shouldSaySoWhenTheAddressIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            int code = streams.execute(
                    "executor",
                    "--machine-id",
                    "a",
                    "--working-dir",
                    directory.toString(),
                    "--addr",
                    "127.0.0.1:" + taken.getLocalPort());

            assertThat(code).isEqualTo(ExitCode.FAILED);
            assertThat(streams.err())
                    .contains("executor 'a'", Integer.toString(taken.getLocalPort()))
                    .doesNotContain("\tat ");
        }
    }

    @Test
    @Timeout(60)
    void shouldListenForOtherMastersWhereThePeersHaveItWhenNoRaftAddressIsGiven() {
        int code = streams.execute(
                "master",
                "--name=m2",
                "--addr=127.0.0.1:0",
                "--peers=m1=192.0.2.1,m2=192.0.2.2:53290:6000,m3=192.0.2.3",
                "--data-dir=" + directory);

        assertThat(code).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).contains("in the clear at its raft address '192.0.2.2:6000'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "down"})
    void shouldTellProgramsWhyItIsNotKnownWhatRuns(String command) throws IOException {
        Files.writeString(directory.resolve("master.pid"), "not a number");

        assertThat(streams.execute(command, "--json", "--dir", directory.toString()))
                .isEqualTo(ExitCode.FAILED);

        assertThat(streams.err()).startsWith("error: '").contains("holds no process number: remove it");
        assertThat(streams.out()).contains("\"error\": \"'", "holds no process number: remove it\"", "\"exitCode\": 1");
    }

    @Test
    void shouldTellProgramsThatSomebodyElseListensWhereTheMasterIsTo() throws IOException {
        try (ServerSocket other = new ServerSocket(0)) {
            String address = "127.0.0.1:" + other.getLocalPort();

            assertThat(streams.execute("up", "--json", "--dir", directory.toString(), "--master-addr", address))
                    .isEqualTo(ExitCode.FAILED);

            assertThat(streams.out())
                    .contains("\"error\": \"at " + address + " listens somebody who is not", "\"exitCode\": 1");
        }
    }

    @Test
    void shouldFindNothingToEndWhenNothingWasStarted() {
        assertThat(streams.execute("down", "--dir", directory.resolve("none").toString()))
                .isZero();
        assertThat(streams.out()).isEqualTo("executor did not run\nmaster did not run\n");
    }

    @Test
    void shouldCompleteItsOwnCommandsWhenAShellAsks() {
        assertThat(streams.execute("completion")).isZero();

        assertThat(streams.out()).contains("#!/usr/bin/env bash", "executor", "--machine-id", "drain");
    }

    @Test
    void shouldKnowCommandsByTheNamesThatDoraGivesThem() {
        assertThat(streams.execute("daemon", "--help")).isZero();
        assertThat(streams.out()).contains("--coordinator-addr");
    }
}
