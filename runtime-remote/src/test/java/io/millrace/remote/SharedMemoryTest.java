package io.millrace.remote;

import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.contract.nodes.Pattern;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Executors in processes of their own, which share memory, and are killed. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class SharedMemoryTest {
    /** The sink has another input, so that it does not end with the one. */
    private static final String TICKING = """
            name: flow
            queue_policy: backpressure
            nodes:
              - id: driver
                class: io.millrace.remote.SharedMemoryTest$Ticker
                deploy: {machine: a}
                inputs: {tick: millrace/timer/millis/5}
                outputs: [out]
              - id: idle
                class: io.millrace.contract.nodes.Driver
                deploy: {machine: b}
                inputs: {command: millrace/app/idle}
                outputs: [out, report]
              - id: sink
                class: io.millrace.remote.SharedMemoryTest$Taker
                deploy: {machine: b}
                inputs: {in: driver/out, other: idle/out}
                outputs: [report]
            """;

    /** The relay runs where there is a worker, and moves when that is gone. The sink has another input, so that it does not end meanwhile. */
    private static final String MOVABLE = """
            name: flow
            queue_policy: backpressure
            nodes:
              - id: driver
                class: io.millrace.contract.nodes.Driver
                deploy: {machine: a}
                inputs: {command: millrace/app/driver}
                outputs: [out, report]
              - id: relay
                class: io.millrace.contract.nodes.Forwarder
                deploy: {labels: {role: worker}}
                inputs: {in: driver/out}
                outputs: [out]
              - id: sink
                class: io.millrace.remote.SharedMemoryTest$Checker
                deploy: {machine: a}
                inputs: {in: relay/out, tick: millrace/timer/secs/60}
                outputs: [marks]
            """;

    /** Fails where a message is not as it was sent, or not behind the one before; sends on the lengths of such as are marks. */
    public static final class Checker implements Operator {
        private NodeContext context;
        private long last = -1;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            if (!input.id().equals("in")) {
                return;
            }
            long number = Pattern.number(message);
            Pattern.check(message, number);
            if (number <= last) {
                throw new IllegalStateException("message " + number + " came after " + last);
            }
            last = number;
            if (message.length() < MARKS_END && message.length() >= MARKS_BEGIN) {
                context.output("marks").send(Integer.toString(message.length()));
            }
        }
    }

    private static final int MARKS_BEGIN = 700;
    private static final int MARKS_END = 800;

    /** Sends by itself. */
    public static final class Ticker implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            context.output("out").send("tick");
        }
    }

    /** Takes whatever comes, from whatever incarnation. */
    public static final class Taker implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            context.output("report").send(Long.toString(message.length()));
        }
    }

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
            Map<String, String> labels = words.length > 3 ? Map.of("role", words[3]) : Map.of();
            try (Executor executor = Executor.start(ExecutorConfig.builder(words[0])
                    .masters(List.of(HostPort.parse(words[2], 0)))
                    .address(new HostPort("127.0.0.1", 0))
                    .workingDirectory(directory.resolve("machine-" + words[0]))
                    .labels(labels)
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

    private Process executor(String machine, String... role) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
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
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(directory.toFile(), machine + ".log")));
        builder.command().addAll(List.of(role));
        Process process = builder.start();
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
        return form(status, "driver/out -> sink/in");
    }

    private static String form(DataflowStatus status, String name) {
        return edge(status, name).form();
    }

    private static DataflowStatus.EdgeStatus edge(DataflowStatus status, String name) {
        return status.edges().stream()
                .filter(edge -> edge.name().equals(name))
                .findFirst()
                .orElseThrow();
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
        return start(TwoMachines.FLOW);
    }

    private RunningDataflow start(String flow) {
        return Dataflow.parse(flow).start(cluster.client());
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
    void shouldLetTheConsumerGoOnInMemoryWhenTheProducersProcessIsKilledAndComesBack() throws Exception {
        Process a = executor("a");
        executor("b");
        awaitExecutors(2);
        RunningDataflow running = start(TICKING);
        until("messages", () -> received(running) > 50);
        a.destroyForcibly();
        a.waitFor();
        assertThat(processes.get(1).isAlive()).isTrue();
        executor("a");
        awaitExecutors(2);
        until("the driver runs again", () -> count(running, "driver", DataflowStatus.NodeStatus::sent) > 0);
        long before = received(running);
        assertThat(processes.get(1).isAlive()).isTrue();
        until("messages of the driver that runs now", () -> received(running) > before + 50);
        until("its edge is in memory", () -> form(running.status()).equals("shared memory"));
        running.stop(Duration.ofSeconds(5)).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** At the sink, without ticks. */
    private static long arrived(RunningDataflow running) {
        return edge(running.status(), "relay/out -> sink/in").received();
    }

    private static boolean areInMemory(RunningDataflow running) {
        DataflowStatus status = running.status();
        return form(status, "driver/out -> relay/in").equals("shared memory")
                && form(status, "relay/out -> sink/in").equals("shared memory");
    }

    private static boolean hasCome(Subscription marks, int length) throws InterruptedException {
        List<String> lengths = new ArrayList<>();
        marks.poll(message -> lengths.add(message.text()), Duration.ofMillis(100));
        return lengths.contains(Integer.toString(length));
    }

    @Test
    void shouldShareMemoryAgainAndLoseNothingWhenAMovableNodeRunsElsewhereSinceItsExecutorWasKilled() throws Exception {
        executor("a");
        Process b = executor("b", "worker");
        awaitExecutors(2);
        RunningDataflow running = start(MOVABLE);
        Subscription marks = running.subscribe("sink/marks", SubscribeOptions.backpressure(1000));
        Publisher driver = running.publisher("driver");
        driver.send("pattern 1000 16", Duration.ofSeconds(30));
        driver.send("pattern 50 100000", Duration.ofSeconds(30));
        until("all have arrived", () -> arrived(running) == 1050);
        assertThat(areInMemory(running)).isTrue();
        executor("c", "worker");
        awaitExecutors(3);

        b.destroyForcibly();
        b.waitFor();
        until("the relay runs again", () -> count(running, "relay", DataflowStatus.NodeStatus::received) == 0);
        until("a message", () -> {
            driver.send("pattern 1 700", Duration.ofSeconds(1)); // it may not be connected yet, though it runs
            return hasCome(marks, 700);
        });
        until("both edges are in memory", () -> areInMemory(running));
        driver.send("pattern 1 701", Duration.ofSeconds(30));
        until("what was sent meanwhile", () -> hasCome(marks, 701));
        long relayed = count(running, "relay", DataflowStatus.NodeStatus::received);
        long before = arrived(running);
        driver.send("pattern 1000 16", Duration.ofSeconds(30));
        driver.send("pattern 200 100000", Duration.ofSeconds(30));
        driver.send("pattern 1 702", Duration.ofSeconds(30));
        until("all have arrived again", () -> hasCome(marks, 702));

        assertThat(arrived(running) - before).isEqualTo(1201);
        assertThat(count(running, "relay", DataflowStatus.NodeStatus::received) - relayed)
                .isEqualTo(1201);
        assertThat(count(running, "relay", DataflowStatus.NodeStatus::sent))
                .isEqualTo(count(running, "relay", DataflowStatus.NodeStatus::received));
        assertThat(areInMemory(running)).isTrue();
        DataflowResult result =
                running.stop(Duration.ofSeconds(10)).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(result.failures()).isEmpty();
    }
}
