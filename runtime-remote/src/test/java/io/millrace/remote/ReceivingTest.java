package io.millrace.remote;

import static io.millrace.remote.QuickCluster.PATIENCE;
import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.remote.link.LogLines;
import io.millrace.remote.nodes.Diary;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an application receives of outputs that are not there yet, or no more. */
@ExtendWith(Diary.Fresh.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReceivingTest {
    private static final SubscribeOptions LOSSLESS = SubscribeOptions.backpressure(1);
    private static QuickCluster cluster;

    @RegisterExtension
    final LogLines lines = new LogLines("io.millrace.remote.client");

    @BeforeAll
    static void begin(@TempDir Path directory) throws Exception {
        cluster = new QuickCluster(directory, 1);
        cluster.join("a");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private static Dataflow beat(String name, String machine) {
        return Dataflow.parse("""
                name: %1$s
                nodes:
                  - id: beat
                    class: io.millrace.remote.nodes.Beat
                    config: {diary: %1$s}
                    deploy: {machine: %2$s}
                    inputs: {tick: dora/timer/millis/20}
                    outputs: [out]
                """.formatted(name, machine));
    }

    private static int beats(String diary) {
        return Diary.of(diary, "beat", "beat").size();
    }

    @Test
    void shouldBeAtItsEndFromTheStartWhenThePartOfTheOutputHasEnded() throws Exception {
        cluster.join("b");
        Dataflow flow = Dataflow.parse("""
                name: half
                nodes:
                  - id: source
                    class: io.millrace.contract.nodes.Counter
                    config: {count: 1}
                    deploy: {machine: b}
                    outputs: [out]
                  - {id: relay, class: io.millrace.contract.nodes.Relay, deploy: {machine: a}, inputs: {in: millrace/app/in}, outputs: [out]}
                """);
        try (RunningDataflow running = flow.start(cluster.client())) {
            until(
                    "the source's part has ended",
                    () -> cluster.job("half").parts().stream()
                            .anyMatch(part -> part.machineId().equals("b") && part.state() == Job.PartState.ENDED));
            RunningDataflow attached = cluster.client().attach("half");

            try (Subscription late = attached.subscribe("source/out", LOSSLESS)) {
                assertThat(late.isClosed()).isTrue();
                assertThat(late.poll(message -> {}, PATIENCE)).isZero();
            }
            Tap tap = attached.tap(List.of("source/out"), LOSSLESS, (output, message) -> {});
            tap.completion().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            running.stop(Duration.ofSeconds(1));
        }
    }

    @Test
    void shouldReceiveOnceTheNodeIsOpenWhenItStillWaitsForItsMachine() throws Exception {
        try (Cluster patient = Cluster.connect(ClusterConfig.builder()
                .masters(cluster.addresses())
                .placementTimeout(PATIENCE)
                .build())) {
            CompletableFuture<Void> submitted = CompletableFuture.runAsync(() ->
                    patient.submit(beat("early", "c"), StartOptions.builder().build(), "early"));
            until("it waits", () -> cluster.client().job("early").isPresent());
            List<Long> received = new ArrayList<>();
            try (Subscription early = patient.attach("early").subscribe("beat/out", SubscribeOptions.dropOldest(10))) {
                assertThat(early.isClosed()).isFalse();
                assertThat(lines.count("output 'beat/out' is not received yet: node 'beat' is not open yet"))
                        .isEqualTo(1);
                cluster.join("c");
                while (received.size() < 3) {
                    early.poll(message -> received.add(Long.parseLong(message.text())), PATIENCE);
                }
            }

            submitted.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(received).isSorted().doesNotHaveDuplicates();
            assertThat(lines.count("output 'beat/out' is received now")).isEqualTo(1);
            patient.stop("early", Duration.ofSeconds(1));
        }
    }

    @Test
    void shouldNotHoldTheNodeUpWhenTheCallerIsInterruptedWhileHeWaits() throws Exception {
        try (RunningDataflow running = beat("spared", "a").start(cluster.client())) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> running.subscribe("beat/out", LOSSLESS)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> running.tap(List.of("beat/out"), LOSSLESS, (output, message) -> {}))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(Thread.interrupted()).isTrue();

            int before = beats("spared");
            until("it goes on", () -> beats("spared") > before + 50);
            running.stop(Duration.ofSeconds(1));
        }
    }
}
