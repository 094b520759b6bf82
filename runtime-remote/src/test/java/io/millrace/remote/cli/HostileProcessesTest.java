package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.remote.HostPort;
import io.millrace.remote.link.RawPeer;
import io.millrace.remote.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Strangers, liars and mishaps once more, as {@code HostileWorldTest} has them, but at processes: what somebody reads who has started these. */
@Tag("slow")
@Timeout(240)
class HostileProcessesTest {
    private static final FreePorts PORTS = new FreePorts();
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final String CLUSTER = "ship";

    @TempDir
    private Path directory;

    private final HostPort master = PORTS.next();
    private final HostPort executor = PORTS.next();

    private String[] masterCommand(Path data) {
        return new String[] {
            "master",
            "--name",
            "m1",
            "--cluster",
            CLUSTER,
            "--addr",
            master.toString(),
            "--raft-addr",
            PORTS.next().toString(),
            "--data-dir",
            data.toString()
        };
    }

    private MillraceProcess startExecutor(HostPort address) throws IOException {
        return MillraceProcess.start(
                directory,
                "executor",
                "--machine-id",
                "a",
                "--cluster",
                CLUSTER,
                "--join",
                master.toString(),
                "--addr",
                address.toString(),
                "--working-dir",
                Files.createTempDirectory(directory, "machine").toString());
    }

    private static InetSocketAddress door(HostPort address) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port());
    }

    private static void awaitOne(MillraceProcess process, String pattern) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(process.err()).containsPattern(pattern));
        assertThat(lines(process, pattern)).as(process.err()).isEqualTo(1);
    }

    private static long lines(MillraceProcess process, String pattern) {
        return process.err()
                .lines()
                .filter(line -> line.matches(".*" + pattern + ".*"))
                .count();
    }

    private Streams client(String... command) {
        Streams streams = new Streams();
        streams.execute(command);
        return streams;
    }

    @Test
    void shouldGoOnAndSayOneLineOfEachWhenStrangersCall() throws Exception {
        try (MillraceProcess aMaster = MillraceProcess.start(directory, masterCommand(directory.resolve("m1")));
                MillraceProcess anExecutor = startExecutor(executor)) {
            aMaster.awaitErr("listens at");
            anExecutor.awaitErr("is registered");
            byte[] ofAnotherVersion = RawPeer.helloToMaster(CLUSTER);
            ofAnotherVersion[9] = 9;
            for (HostPort address : List.of(master, executor)) {
                scan(door(address));
                call(door(address), "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                call(door(address), ofAnotherVersion);
            }
            try (RawPeer huge = new RawPeer(door(master));
                    RawPeer cutOff = new RawPeer(door(master))) {
                huge.greetMaster().frame(Integer.MAX_VALUE, 0).rest();
                cutOff.greetMaster().frame(100, 0, new byte[10]).shutdownOutput();
                cutOff.rest();
            }
            try (MillraceProcess twin = startExecutor(PORTS.next())) {
                twin.awaitErr("executor 'a' is refused by the masters");
                awaitOne(aMaster, "executor 'a'.* is refused: ");
            }

            for (MillraceProcess process : List.of(aMaster, anExecutor)) {
                awaitOne(process, "refused a connection .*: it speaks HTTP, not the protocol of Millrace");
                awaitOne(process, "refused a connection .*: it speaks version 9 of the protocol");
                assertThat(lines(process, "refused a connection"))
                        .as("those that only looked are one line at the most: %s", process.err())
                        .isBetween(2L, 3L);
                assertThat(process.err()).doesNotContain("\tat ");
            }
            awaitOne(aMaster, "executor 'raw' .* breaks the protocol: a frame of 2147483647 ");
            awaitOne(aMaster, "was lost within a frame, of which 15 bytes had come");
            Streams status = client("status", "--cluster", CLUSTER, "--join", master.toString(), "--timeout", "60s");
            assertThat(status.out()).as(status.err()).containsPattern("a +joined");
        }
    }

    private static void scan(InetSocketAddress door) throws IOException {
        for (int i = 0; i < 20; i++) {
            new Socket(door.getAddress(), door.getPort()).close();
        }
    }

    private static void call(InetSocketAddress door, byte[] first) throws IOException {
        try (RawPeer stranger = new RawPeer(door)) {
            stranger.send(first).rest();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldEndWithOneLineWhenTheDiskIsFull() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        List<String> onASmallDisk = List.of(
                "unshare",
                "-m",
                "--propagation",
                "private",
                "sh",
                "-c",
                "mount -t tmpfs -o size=12m none '" + disk + "' && exec \"$@\"",
                "sh");
        assumeTrue(canRun(onASmallDisk), "needs a view of its own on the file system, with a small disk in it");
        Files.write(directory.resolve("large"), new byte[16 << 20]);
        Path shipped = Files.writeString(directory.resolve("shipped.yml"), """
                name: full
                nodes:
                  - {id: tool, path: ./large, deploy: {distribute: ship}}
                """);
        try (MillraceProcess aMaster =
                MillraceProcess.start(directory, onASmallDisk, List.of(), masterCommand(disk.resolve("m1")))) {
            aMaster.awaitErr("listens at");

            Streams refused = handIn(shipped);
            assertThat(refused.err())
                    .containsPattern("the leading master's disk has \\d+ MiB left at '" + disk + "/m1");
            assertThat(aMaster.isAlive()).isTrue();

            fill(Path.of("/proc/" + aMaster.pid() + "/root" + disk));
            handInWhatTheLogHasNoRoomFor();

            assertThat(aMaster.exitCode()).isEqualTo(ExitCode.FAILED);
            awaitOne(aMaster, "error: master 'm1': cannot go on: .*No space left on device");
            assertThat(aMaster.err()).doesNotContain("\tat ");
        }
    }

    private Streams handIn(Path flow) {
        Streams start = client(
                "start",
                flow.toString(),
                "--detach",
                "--cluster",
                CLUSTER,
                "--join",
                master.toString(),
                "--timeout",
                "1s");
        assertThat(start.out()).isEmpty();
        return start;
    }

    /** At once, for each waits until it is placed, which is never. */
    private void handInWhatTheLogHasNoRoomFor() throws Exception {
        String line = "x".repeat(100_000);
        List<Callable<Streams>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Path flow = Files.writeString(directory.resolve(i + ".yml"), """
                    name: full-%1$s
                    nodes:
                      - id: any
                        class: Any
                        config: {a: %2$s,
                                 b: %2$s,
                                 c: %2$s}
                        deploy: {machine: none}
                    """.formatted(i, line));
            all.add(() -> handIn(flow));
        }
        ExecutorService threads = Executors.newFixedThreadPool(all.size());
        threads.invokeAll(all);
        threads.shutdown();
    }

    private static void fill(Path smallDisk) {
        assertThatThrownBy(() -> Files.write(smallDisk.resolve("filler"), new byte[12 << 20]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left on device");
    }

    private static boolean canRun(List<String> wrapper) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(wrapper));
        builder.command().add("true");
        return builder.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
