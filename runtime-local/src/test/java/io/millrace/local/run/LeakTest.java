package io.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.local.code.Compiled;
import io.millrace.local.waiting.Threads;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.Subscription;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 300, unit = TimeUnit.SECONDS)
class LeakTest {
    private static final int ROUNDS = 1_000;
    private static final int ROUNDS_TO_WARM_UP = 50;
    private static final StartOptions OPTIONS = StartOptions.builder()
            .closeGrace(Duration.ofSeconds(30))
            .keepAlive(false)
            .build();

    @TempDir
    private Path flowDir;

    /** Sends on what it receives, with a body too large to travel in the edge. */
    public static final class Relay implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
            assertThat(context.workingDirectory()).isDirectory();
        }

        @Override
        public void onInput(Input input, Message message) {
            context.outputs().get(0).claim(10_000).commit();
        }
    }

    private Dataflow dataflow() throws Exception {
        jar(new Compiled(flowDir.resolve("app"))
                .operator("app.Extra", "extra")
                .compile()
                .resolve("app/Extra.class"));
        String yaml = """
                name: leak
                queue_policy: backpressure
                nodes:
                  - id: relay
                    class: RELAY
                    inputs: {in: millrace/app/in, tick: dora/timer/millis/1}
                    outputs: [out]
                  - id: extra
                    class: app.Extra
                    classpath: [app.jar]
                    inputs: {in: relay/out}
                  - id: pair
                    operators:
                      - {id: one, class: RELAY, inputs: {in: relay/out}, outputs: [out]}
                      - {id: two, class: RELAY, inputs: {in: pair/one/out}, outputs: [out]}
                """;
        return Dataflow.parse(
                yaml.replace("RELAY", Relay.class.getName()),
                LoadOptions.builder().directory(flowDir).build());
    }

    private void jar(Path classFile) throws Exception {
        try (FileSystem archive = FileSystems.newFileSystem(flowDir.resolve("app.jar"), Map.of("create", "true"))) {
            Files.createDirectory(archive.getPath("/app"));
            Files.copy(classFile, archive.getPath("/app/Extra.class"));
        }
    }

    /** What a process has of the things that do not come back by themselves. */
    private record Holdings(int threads, long directBytes, long files) {
        static Holdings now() {
            System.gc();
            long directBytes = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                    ? system.getOpenFileDescriptorCount()
                    : 0;
            return new Holdings(ManagementFactory.getThreadMXBean().getThreadCount(), directBytes, files);
        }
    }

    @Test
    void shouldHoldNoMoreWhenADataflowWasStartedAndClosedAThousandTimes() throws Exception {
        Dataflow dataflow = dataflow();
        startAndClose(dataflow, ROUNDS_TO_WARM_UP);
        Threads.awaitNone("millrace-leak");
        Holdings before = Holdings.now();

        startAndClose(dataflow, ROUNDS);

        Threads.awaitNone("millrace-leak");
        // A few more than before are other people's: of the JVM, and of the test's own tools.
        await().atMost(Threads.DEADLINE).untilAsserted(() -> {
            Holdings after = Holdings.now();
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 3);
            assertThat(after.directBytes()).isLessThanOrEqualTo(before.directBytes() + (1 << 20));
            assertThat(after.files()).isLessThanOrEqualTo(before.files() + 5);
        });
    }

    private static void startAndClose(Dataflow dataflow, int rounds) throws InterruptedException {
        for (int round = 0; round < rounds; round++) {
            RunningDataflow running = dataflow.start(OPTIONS);
            try (Subscription out = running.subscribe("pair/two/out")) {
                running.publisher("in").send("go", Threads.DEADLINE);
                assertThat(out.poll(message -> {}, Threads.DEADLINE)).isPositive();
            }
            running.close();
            assertThat(running.state()).isEqualTo(DataflowState.STOPPED);
        }
    }
}
