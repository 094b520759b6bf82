package io.millrace.remote;

import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Executors in processes of their own, which share memory, and are killed. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class SharedMemoryTest {
    private static final String FLOW = """
            name: flow
            queue_policy: backpressure
            nodes:
              - id: driver
                class: io.millrace.contract.nodes.Driver
                deploy: {machine: a}
                inputs: {command: millrace/app/driver}
                outputs: [out, report]
              - id: sink
                class: io.millrace.contract.nodes.Collector
                deploy: {machine: b}
                inputs: {in: driver/out}
                outputs: [report]
            """;

    @TempDir
    private Path directory;

    private final List<Process> processes = new ArrayList<>();
    private QuickCluster cluster;

    @BeforeEach
    void begin() throws Exception {
        cluster = new QuickCluster(directory, 1, Duration.ofSeconds(2));
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly();
            process.waitFor();
        }
        cluster.close();
    }

    /** An executor in a process of its own. */
    static final class Main {
        private Main() {}

        public static void main(String[] words) throws Exception {
            Path directory = Path.of(words[1]);
            try (Executor executor = Executor.start(ExecutorConfig.builder(words[0])
                    .masters(List.of(HostPort.parse(words[2], 0)))
                    .address(new HostPort("127.0.0.1", 0))
                    .workingDirectory(directory.resolve("machine-" + words[0]))
                    .sharedMemory(directory.resolve("memory"))
                    .build())) {
                executor.awaitRegistered(Duration.ofSeconds(60));
                long skipped = 0;
                while (skipped >= 0) {
                    skipped = System.in.read(); // until it ends
                }
            }
        }
    }

    private Process executor(String machine) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        machine,
                        directory.toString(),
                        cluster.addresses().get(0).toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(directory.toFile(), machine + ".log")))
                .start();
        processes.add(process);
        return process;
    }

    private void awaitExecutors(int count) {
        until(
                count + " executors",
                () -> cluster.client().executors().stream()
                                .filter(executor -> executor.condition() == ExecutorStatus.Condition.JOINED)
                                .count()
                        == count);
    }

    /** What executors have in memory, of those that live or have died. */
    private List<Path> instances() throws IOException {
        Path memory = directory.resolve("memory");
        if (!Files.exists(memory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(memory, 2)) {
            return all.filter(path -> memory.relativize(path).getNameCount() == 2)
                    .toList();
        }
    }

    private static String form(DataflowStatus status) {
        return status.edges().stream()
                .filter(edge -> edge.name().equals("driver/out -> sink/in"))
                .findFirst()
                .orElseThrow()
                .form();
    }

    /** What a node has received or sent; -1 while nobody knows it, for its executor is gone. */
    private static long count(RunningDataflow running, String node, ToLongFunction<DataflowStatus.NodeStatus> count) {
        return running.status().nodes().stream()
                .filter(known -> known.id().equals(node))
                .mapToLong(count)
                .findFirst()
                .orElse(-1);
    }

    private static long received(RunningDataflow running) {
        return count(running, "sink", DataflowStatus.NodeStatus::received);
    }

    private RunningDataflow start() {
        return Dataflow.parse(FLOW).start(cluster.client());
    }

    @Test
    void shouldCarryMessagesOfAnySizeInOrderAndLeaveNothingWhenTwoProcessesShareMemory() throws Exception {
        Process a = executor("a");
        Process b = executor("b");
        awaitExecutors(2);
        RunningDataflow running = start();
        Subscription report = running.subscribe("sink/report", SubscribeOptions.backpressure(100));
        Publisher driver = running.publisher("driver");
        driver.send("pattern 3000 16", Duration.ofSeconds(30));
        driver.send("pattern 300 100000", Duration.ofSeconds(30));
        driver.close();
        List<String> texts = new ArrayList<>();
        while (!report.isClosed()) {
            report.poll(message -> texts.add(message.text()), Duration.ofSeconds(1));
        }
        DataflowResult result = running.await(Duration.ofSeconds(60));
        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        assertThat(texts).containsExactly("in: 3300 messages, 0 to 3299, 0 missing");
        assertThat(form(result.status())).isEqualTo("shared memory");
        a.getOutputStream().close();
        b.getOutputStream().close();
        assertThat(a.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(b.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(instances()).isEmpty();
    }

    @Test
    void shouldCloseTheEdgeAndGoOnWhenTheConsumersProcessIsKilledAndComesBack() throws Exception {
        executor("a");
        Process b = executor("b");
        awaitExecutors(2);
        RunningDataflow running = start();
        Publisher driver = running.publisher("driver");
        driver.send("pattern 1000 100000", Duration.ofSeconds(30));
        until("messages", () -> received(running) > 50);
        assertThat(form(running.status())).isEqualTo("shared memory");
        b.destroyForcibly();
        b.waitFor();
        assertThat(instances()).as("of the living and of the dead").hasSize(2);

        executor("b");
        until("the sink runs again", () -> received(running) == 0);
        until("messages", () -> {
            driver.send("pattern 100 1000", Duration.ofSeconds(1)); // it may not be connected yet, though it runs
            return received(running) > 50;
        });
        until("what the dead has left is deleted", () -> instances().size() == 2);
        driver.close();
        DataflowResult result =
                running.stop(Duration.ofSeconds(10)).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(result.state().isFinal()).isTrue();
    }

    @Test
    void shouldLetTheConsumerGoOnWhenTheProducersProcessIsKilled() throws Exception {
        Process a = executor("a");
        executor("b");
        awaitExecutors(2);
        RunningDataflow running = start();
        Publisher driver = running.publisher("driver");
        driver.send("pattern 100000 20000", Duration.ofSeconds(30));
        until("messages", () -> received(running) > 50);
        a.destroyForcibly();
        a.waitFor();
        assertThat(processes.get(1).isAlive()).isTrue();
        executor("a");
        awaitExecutors(2);
        until("the driver runs again", () -> count(running, "driver", DataflowStatus.NodeStatus::sent) == 0);
        assertThat(processes.get(1).isAlive()).isTrue();
        running.stop(Duration.ofSeconds(5)).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
