package io.millrace.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.remote.testkit.TestCluster;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.NodeState;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.Stall;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an application sees of a dataflow on a cluster beyond the contract of all runtimes. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClusterApplicationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final StartOptions SHORT =
            StartOptions.builder().closeGrace(Duration.ofMillis(100)).build();
    private static final String RELAYED = """
            name: relayed
            queue_policy: backpressure
            nodes:
              - id: driver
                class: io.millrace.contract.nodes.Driver
                deploy: {machine: b}
                inputs: {command: millrace/app/driver}
                outputs: [out, report]
              - id: relay
                class: io.millrace.contract.nodes.Relay
                deploy: {machine: a}
                inputs: {in: driver/out}
                outputs: [out]
            """;

    private static TestCluster cluster;

    @BeforeAll
    static void begin() {
        cluster = TestCluster.builder().executors("a", "b").start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    /** A lossy subscription of ten, and the numbers that it was handed. */
    private static final class Few {
        private final Subscription subscription;
        private final List<Long> taken = new ArrayList<>();

        Few(RunningDataflow running) {
            subscription = running.subscribe("relay/out", SubscribeOptions.dropOldest(10));
        }

        void poll() {
            subscription.poll(message -> taken.add(message.sequence()));
        }

        void pollToTheEnd() throws InterruptedException {
            while (!subscription.isClosed()) {
                subscription.poll(message -> taken.add(message.sequence()), Duration.ofMillis(200));
            }
        }
    }

    private static void awaitSent(RunningDataflow running, long count) {
        await("the relay has sent all")
                .atMost(PATIENCE)
                .until(() -> running.status().node("relay").sent() == count);
    }

    @Test
    void shouldWaitForEverWhenADurationStandsForThat() throws Exception {
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        cluster.executor("a").awaitRegistered(forEver);
        StartOptions options = StartOptions.builder().closeGrace(forEver).build();
        try (RunningDataflow running = Dataflow.parse(RELAYED).start(cluster.client(), options)) {
            running.stop(forEver);
            assertThat(running.await(forEver).state()).isEqualTo(DataflowState.STOPPED);
        }
        try (RunningDataflow running = Dataflow.parse("""
                name: quiet
                nodes:
                  - {id: relay, class: io.millrace.contract.nodes.Relay, inputs: {in: millrace/app/in}, outputs: [out]}
                """).start(cluster.client(), options)) {
            cluster.client().stop("quiet", forEver);
            assertThat(running.await(forEver).state()).isEqualTo(DataflowState.STOPPED);
        }
        try (RunningDataflow running = Dataflow.parse(RELAYED).start(cluster.client(), SHORT)) {
            assertThatThrownBy(() -> running.await(Duration.ofNanos(1))).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void shouldKeepExactlyTheNewestWhenALossySubscriberStalls() throws Exception {
        try (RunningDataflow running = Dataflow.parse(RELAYED).start(cluster.client())) {
            Few few = new Few(running);
            Publisher driver = running.publisher("driver");
            driver.send("pattern 5000 16", PATIENCE);
            await("all others have given way").atMost(PATIENCE).until(() -> few.subscription.dropped() == 4990);
            few.poll();
            assertThat(few.taken).containsExactly(4990L, 4991L, 4992L, 4993L, 4994L, 4995L, 4996L, 4997L, 4998L, 4999L);
            driver.close();
            few.pollToTheEnd();
            assertThat(few.taken).hasSize(10);
            assertThat(few.subscription.dropped()).isEqualTo(4990);
        }
    }

    @Test
    void shouldCountWhatGaveWayAtTheExecutorWhenItsLinkWasDown() throws Exception {
        try (RunningDataflow running = Dataflow.parse(RELAYED).start(cluster.client())) {
            Few few = new Few(running);
            Publisher driver = running.publisher("driver");
            driver.send("pattern 10 2048", PATIENCE);
            await("they have come").atMost(PATIENCE).until(() -> {
                few.poll();
                return few.taken.size() == 10;
            });
            cluster.cut(TestCluster.CLIENT, "a");
            driver.send("pattern 3000 2048", PATIENCE);
            awaitSent(running, 3010);
            assertThat(few.subscription.dropped()).isZero();
            cluster.heal(TestCluster.CLIENT, "a");
            driver.close();
            few.pollToTheEnd();
            assertThat(few.taken).isSorted().doesNotHaveDuplicates().endsWith(3009L);
            assertThat(few.taken.size() + few.subscription.dropped()).isEqualTo(3010);
            assertThat(few.subscription.dropped()).isPositive();
        }
    }

    @Test
    void shouldHandOverWhatWasSentBeforeWhenATapEndsInOrderBehindAStalledHandler() throws Exception {
        try (RunningDataflow running = Dataflow.parse(RELAYED).start(cluster.client())) {
            Semaphore permits = new Semaphore(0);
            List<Long> taken = new CopyOnWriteArrayList<>();
            Tap tap = running.tap(List.of("relay/out"), SubscribeOptions.backpressure(100), (output, message) -> {
                taken.add(message.sequence());
                permits.acquire();
            });
            Publisher driver = running.publisher("driver");
            driver.send("pattern 20 16", PATIENCE);
            awaitSent(running, 20);
            CompletableFuture<Void> ended = tap.end().toCompletableFuture();
            driver.send("pattern 20 16", PATIENCE);
            awaitSent(running, 40);
            assertThat(ended).isNotDone();
            permits.release(100);
            ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(taken)
                    .hasSizeGreaterThanOrEqualTo(20)
                    .isEqualTo(LongStream.range(0, taken.size()).boxed().toList());
        }
    }

    @Test
    void shouldHandOverWhatWaitsForRoomWhenATapEndsInOrderBetweenTwoCallbacks() throws Exception {
        try (RunningDataflow running = Dataflow.parse("""
                name: burst
                nodes:
                  - id: burst
                    class: io.millrace.contract.nodes.Multiplier
                    config: {times: 1000}
                    inputs: {in: millrace/app/in}
                    outputs: [out]
                """).start(cluster.client())) {
            Semaphore permits = new Semaphore(0);
            CountDownLatch begun = new CountDownLatch(1);
            AtomicLong taken = new AtomicLong();
            Tap tap = running.tap(List.of("burst/out"), SubscribeOptions.backpressure(10), (output, message) -> {
                begun.countDown();
                permits.acquire();
                taken.incrementAndGet();
            });
            running.publisher("in").send("go", PATIENCE);
            assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Void> ended = tap.end().toCompletableFuture();
            running.subscribe("burst/out").close(); // by then the node has taken notice of the end
            permits.release(1000);

            ended.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(taken).hasValue(1000);
        }
    }

    @Test
    void shouldHandOverWhatIsUnderWayWhenTheHandleIsClosedAfterTheEnd() throws Exception {
        AtomicLong taken = new AtomicLong();
        Tap tap;
        try (RunningDataflow running = Dataflow.parse(RELAYED).start(cluster.client())) {
            tap = running.tap(
                    List.of("relay/out"),
                    SubscribeOptions.backpressure(1000),
                    (output, message) -> taken.incrementAndGet());
            cluster.slow(TestCluster.CLIENT, "a", 5_000);
            Publisher driver = running.publisher("driver");
            driver.send("pattern 500 16", PATIENCE);
            driver.close();
            running.await(PATIENCE);
        }

        tap.completion().toCompletableFuture().get(60, TimeUnit.SECONDS);
        cluster.heal(TestCluster.CLIENT, "a");
        assertThat(taken).hasValue(500);
    }

    @Test
    void shouldNameTheMachineOfWhoHoldsOthersUp() throws Exception {
        Dataflow dataflow = Dataflow.parse("""
                name: stalled
                queue_policy: backpressure
                queue_size: 2
                nodes:
                  - {id: source, class: io.millrace.contract.nodes.Flood, deploy: {machine: a}, outputs: [out]}
                  - id: busy
                    class: io.millrace.contract.nodes.Busy
                    config: {heeds: interrupt}
                    deploy: {machine: b}
                    inputs: {in: source/out}
                """);
        try (RunningDataflow running = dataflow.start(cluster.client(), SHORT)) {
            await("it is explained")
                    .atMost(PATIENCE)
                    .until(() -> running.explainStall().stream()
                            .anyMatch(stall -> !stall.edges().isEmpty()));
            assertThat(running.explainStall()).singleElement().satisfies(stall -> {
                assertThat(stall.holder()).isEqualTo(Stall.Holder.NODE);
                assertThat(stall.name()).isEqualTo("busy");
                assertThat(stall.machine()).contains("b");
                assertThat(stall.edges()).containsExactly("source/out -> busy/in");
                assertThat(stall.toString()).startsWith("node 'busy' on machine 'b' has been busy");
            });
        }
    }

    @Test
    void shouldNotRunAgainWhenItIsStoppedWhileItWaitsForItsRestart() throws Exception {
        try (RunningDataflow running = Dataflow.parse("""
                name: waiting
                nodes:
                  - id: source
                    class: io.millrace.contract.nodes.Counter
                    config: {count: 1}
                    restart_policy: always
                    restart_delay: 1h
                    deploy: {machine: a}
                    outputs: [out]
                  - id: sink
                    class: io.millrace.contract.nodes.Collector
                    deploy: {machine: b}
                    inputs: {in: source/out}
                    outputs: [report]
                """).start(cluster.client())) {
            await("it waits for its restart")
                    .atMost(PATIENCE)
                    .until(() -> running.status().node("source").state() == NodeState.RESTARTING);
            running.stop(PATIENCE);
            DataflowResult result = running.await(PATIENCE);
            assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
            assertThat(result.failures()).isEmpty();
            assertThat(result.status().node("source").state()).isEqualTo(NodeState.STOPPED);
            assertThat(result.status().node("sink").state().isFinal()).isTrue();
        }
    }

    @Test
    void shouldHearWhatMatchesOfNodesOnBothMachines() throws Exception {
        try (RunningDataflow running = Dataflow.parse("""
                name: heard
                queue_policy: backpressure
                nodes:
                  - {id: near, class: io.millrace.contract.nodes.Chatter, deploy: {machine: a}, inputs: {in: millrace/app/near}, outputs: [report]}
                  - {id: far, class: io.millrace.contract.nodes.Chatter, deploy: {machine: b}, inputs: {in: millrace/app/far}, outputs: [report]}
                  - id: warnings
                    class: io.millrace.contract.nodes.Recorder
                    deploy: {machine: a}
                    inputs: {logs: dora/logs/warn}
                    outputs: [report]
                """).start(cluster.client())) {
            List<String> heard = new ArrayList<>();
            try (Subscription report = running.subscribe("warnings/report", SubscribeOptions.backpressure(100))) {
                for (String node : List.of("near", "far")) {
                    for (String level : List.of("error", "info", "warn")) {
                        running.publisher(node).send(level + " of " + node, PATIENCE);
                    }
                    running.publisher(node).close();
                }
                while (!report.isClosed()) {
                    report.poll(message -> heard.add(message.text()), Duration.ofMillis(200));
                }
            }
            for (String node : List.of("near", "far")) {
                assertThat(heard.stream().filter(line -> line.contains("of " + node)))
                        .as("what was heard of %s: %s", node, heard)
                        .hasSize(2)
                        .first()
                        .asString()
                        .contains("ERROR");
            }
        }
    }

    @Test
    void shouldGiveTheGraphThatRuns() throws Exception {
        Dataflow dataflow = Dataflow.parse(RELAYED);
        try (RunningDataflow running = dataflow.start(cluster.client())) {
            assertThat(running.graph()).isSameAs(dataflow.graph());
        }
    }
}
