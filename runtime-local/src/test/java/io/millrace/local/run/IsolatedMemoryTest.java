package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.contract.SmallFileSystem;
import io.millrace.local.process.NeedsSupervisor;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The JVM of an isolated node is called over memory that both map, of which no file is left, or over the loopback where that cannot be had. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class IsolatedMemoryTest {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final int LARGE_BYTES = 5_000_000;
    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofSeconds(1))
            .keepAlive(false)
            .build();

    @TempDir
    private Path directory;

    /** Sends the id of its process and the memory that it maps, then each message back as it came. */
    public static final class Echo implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) throws Exception {
            if (message.length() == 1) {
                context.output("out").send(ProcessHandle.current().pid() + " " + mapped());
            } else {
                context.output("out").send(ByteBuffer.wrap(message.toByteArray()));
            }
        }

        /** The name of a mapped file with calls, as the system tells it. */
        private static String mapped() throws IOException {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
                return lines.filter(line -> line.contains("/calls"))
                        .map(line -> line.substring(line.indexOf('/')))
                        .findFirst()
                        .orElse("nothing");
            }
        }
    }

    private RunningDataflow start(String memory) {
        return start(memory, directory);
    }

    private static RunningDataflow start(String memory, Path flowDir) {
        NeedsSupervisor.assume();
        String text = """
                name: shared
                queue_policy: backpressure
                nodes:
                  - id: node
                    class: %s$Echo
                    isolation: process
                    env: {MILLRACE_SHARED_MEMORY: '%s'}
                    inputs: {in: millrace/app/in}
                    outputs: [out]
                """.formatted(IsolatedMemoryTest.class.getName(), memory);
        LoadOptions load =
                LoadOptions.builder().directory(flowDir).checkPaths(false).build();
        return Dataflow.parse(text, load).start(OPTIONS);
    }

    private static byte[] ask(RunningDataflow running, Subscription out, byte[] question) throws Exception {
        running.publisher("in").send(ByteBuffer.wrap(question), DEADLINE);
        List<byte[]> answers = new ArrayList<>();
        Awaitility.await("an answer")
                .atMost(DEADLINE)
                .until(() -> !answers.isEmpty()
                        || out.poll(message -> answers.add(message.toByteArray()), Duration.ofMillis(100)) > 0);
        return answers.get(0);
    }

    private static String where(RunningDataflow running, Subscription out) throws Exception {
        return new String(ask(running, out, new byte[1]), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void shouldCarryMessagesOfAnySizeOverMemoryWhoseFileIsGoneOnceBothHaveIt() throws Exception {
        try (RunningDataflow running = start(directory.toString());
                Subscription out = running.subscribe("node/out", SubscribeOptions.backpressure(10))) {
            assertThat(where(running, out)).contains(directory.toString()).endsWith("(deleted)");
            assertThat(files(directory)).isEmpty();
            byte[] large = new byte[LARGE_BYTES];
            for (int i = 0; i < large.length; i++) {
                large[i] = (byte) (i * 31 >>> 3);
            }
            assertThat(Arrays.equals(ask(running, out, large), large)).isTrue();
            assertThat(ask(running, out, new byte[100])).hasSize(100);
            running.publisher("in").close();
            assertThat(running.await(DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
        }
    }

    @Test
    void shouldFailTheNodeAndLeaveNothingWhenItsProcessIsKilled() throws Exception {
        try (RunningDataflow running = start(directory.toString());
                Subscription out = running.subscribe("node/out", SubscribeOptions.backpressure(10))) {
            long pid = Long.parseLong(where(running, out).split(" ", 2)[0]);
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            DataflowResult result = running.await(DEADLINE);
            assertThat(result.state()).isEqualTo(DataflowState.FAILED);
            assertThat(result.failures().get(0).error()).hasMessageContaining("was killed by signal 9 (SIGKILL)");
            assertThat(files(directory)).isEmpty();
        }
    }

    @Test
    void shouldGoOverTheLoopbackWhenItIsToldToOrHasNoDirectory() throws Exception {
        Path file = Files.createFile(directory.resolve("no-directory"));
        for (String memory : List.of("off", file.toString())) {
            try (RunningDataflow running = start(memory);
                    Subscription out = running.subscribe("node/out", SubscribeOptions.backpressure(10))) {
                assertThat(where(running, out)).endsWith(" nothing");
                running.publisher("in").close();
                assertThat(running.await(DEADLINE).state()).isEqualTo(DataflowState.FINISHED);
            }
        }
    }

    /** In a process of its own, for which a small file system is mounted. */
    static final class Main {
        private Main() {}

        public static void main(String[] words) throws Exception {
            Path memory = Path.of(words[0]);
            try (RunningDataflow running = start(memory.toString(), memory);
                    Subscription out = running.subscribe("node/out", SubscribeOptions.backpressure(10))) {
                String found = where(running, out);
                byte[] large = ask(running, out, new byte[LARGE_BYTES]);
                System.out.println("mapped: " + found.substring(found.indexOf(' ') + 1) + ", bytes back: "
                        + large.length + ", files: " + files(memory).size());
            }
        }
    }

    @Test
    void shouldSayHowMuchWasNeededAndGoOverTheLoopbackWhenTheFileSystemIsTooSmall() throws Exception {
        SmallFileSystem.Outcome outcome = SmallFileSystem.run(directory, 256 << 10, Main.class);
        assertThat(outcome.exitCode()).as(outcome.text()).isZero();
        assertThat(outcome.text())
                .contains("mapped: nothing, bytes back: " + LARGE_BYTES + ", files: 0")
                .containsOnlyOnce("its JVM is called over the loopback")
                .containsPattern("\\d{6} bytes are needed in '[^']+', where \\d{1,6} bytes are free");
    }
}
