package io.millrace.remote;

import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.local.recording.Recorder;
import io.millrace.local.recording.RecorderOptions;
import io.millrace.remote.client.OutputLostException;
import io.millrace.remote.nodes.Diary;
import io.millrace.remote.testkit.TestCluster;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A link that was down for longer than its edges wait for it, and is up again, between the same processes. */
@ExtendWith(Diary.Fresh.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class LinkHealingTest {
    private static TestCluster cluster;

    @BeforeAll
    static void begin() {
        cluster = TestCluster.builder()
                .executors("a", "b")
                .linkTimeout(Duration.ofMillis(1500))
                .start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    /** @param more inputs of the witness: with a timer it goes on when its other input is closed */
    private static Dataflow flow(String name, String more) {
        return Dataflow.parse("""
                name: %1$s
                queue_policy: backpressure
                nodes:
                  - id: beat
                    class: io.millrace.remote.nodes.Beat
                    config: {diary: %1$s}
                    deploy: {machine: a}
                    inputs: {tick: dora/timer/millis/20}
                    outputs: [out]
                  - id: witness
                    class: io.millrace.remote.nodes.Witness
                    config: {diary: %1$s}
                    deploy: {machine: b}
                    inputs: {in: beat/out%2$s}
                """.formatted(name, more));
    }

    private static int count(String diary, String node, String what) {
        return Diary.of(diary, node, what).size();
    }

    private static void awaitMore(String diary) {
        int before = count(diary, "witness", "in");
        until("messages come", () -> count(diary, "witness", "in") >= before + 5);
    }

    private static Job job(String name) {
        return cluster.client().job(name).orElseThrow();
    }

    @Test
    void shouldConnectTheEdgesAgainWhenALinkIsUpAgainAfterItsTimeout() {
        RunningDataflow running = flow("healed", ", tick: dora/timer/millis/50").start(cluster.client());
        awaitMore("healed");

        cluster.cut("a", "b");
        until("the input is closed", () -> count("healed", "witness", "closed") == 1);
        until("the job is degraded", () -> job("healed").degraded().isPresent());
        cluster.heal("a", "b");

        until("the input is open again", () -> count("healed", "witness", "recovered") == 1);
        awaitMore("healed");
        until("nothing is wrong any more", () -> job("healed").degraded().isEmpty());
        assertThat(job("healed").history())
                .extracting(Job.Entry::text)
                .anySatisfy(
                        text -> assertThat(text).startsWith("degraded: machine 'a': edge 'beat/out -> witness/in': "))
                .contains("machine 'a': its links are up again", "machine 'b': its links are up again");
        assertThat(Diary.of("healed", "witness", "in").stream()
                        .map(line -> Long.parseLong(line.detail()))
                        .toList())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(count("healed", "witness", "closed")).isEqualTo(1);
        running.close();
        assertThat(running.state()).isEqualTo(DataflowState.STOPPED);
    }

    @Test
    void shouldRunALaterJobOverTheLinkWhenAnEarlierOneHasLostIt() {
        RunningDataflow first = flow("earlier", "").start(cluster.client());
        awaitMore("earlier");
        cluster.cut("a", "b");
        until("the consumer has ended", () -> count("earlier", "witness", "close") == 1);
        until("the job says so", () -> job("earlier").degraded().isPresent());
        cluster.heal("a", "b");

        RunningDataflow later = flow("later", "").start(cluster.client());
        awaitMore("later");

        assertThat(job("later").degraded()).isEmpty();
        assertThat(count("earlier", "witness", "recovered")).isZero();
        first.close();
        later.close();
        assertThat(first.state()).isEqualTo(DataflowState.STOPPED);
        assertThat(later.state()).isEqualTo(DataflowState.STOPPED);
    }

    @Test
    void shouldEndATapWithTheReasonWhenItsLinkIsDownForTooLong() {
        RunningDataflow running = flow("tapped", "").start(cluster.client());
        AtomicLong taken = new AtomicLong();
        Tap tap = running.tap(
                List.of("beat/out"), SubscribeOptions.backpressure(100), (output, message) -> taken.incrementAndGet());
        until("messages come", () -> taken.get() > 0);

        cluster.cut(TestCluster.CLIENT, "a");

        assertThatThrownBy(() -> tap.completion().toCompletableFuture().get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(OutputLostException.class)
                .hasMessageContaining("output 'beat/out' is not received any more: the link with ")
                .hasMessageContaining("was down for 1500 ms");
        cluster.heal(TestCluster.CLIENT, "a");
        running.close();
    }

    @Test
    void shouldSayWhyInARecordingWhenItsLinkIsDownForTooLong(@TempDir Path directory) {
        RunningDataflow running = flow("recorded", "").start(cluster.client());
        awaitMore("recorded");
        try (Recorder recorder = Recorder.start(running, directory, RecorderOptions.DEFAULT)) {
            cluster.cut(TestCluster.CLIENT, "a");

            until("it has ended", () -> recorder.counts().failure().isPresent());
            assertThat(recorder.counts().failure().orElseThrow()).isInstanceOf(OutputLostException.class);
        }
        cluster.heal(TestCluster.CLIENT, "a");
        running.close();
    }

    @Test
    void shouldReceiveWhenTheExecutorIsConnectedToItsMasterAgain() {
        RunningDataflow running = flow("asked", "").start(cluster.client());
        awaitMore("asked");
        cluster.cut("a", "m1");
        until(
                "the executor is gone",
                () -> cluster.client().masters().leases().stream().anyMatch(lease -> !lease.isConnected()));

        Subscription subscription = running.subscribe("beat/out", SubscribeOptions.dropOldest(10));
        assertThat(subscription.isClosed()).isFalse();
        cluster.heal("a", "m1");

        until("messages come", () -> subscription.poll(message -> {}) > 0);
        running.close();
    }

    @Test
    void shouldReachANodeThatWasRestartedWhenTheLinkIsUpAgain() {
        RunningDataflow running =
                flow("renewed", ", tick: dora/timer/millis/50").start(cluster.client());
        awaitMore("renewed");
        cluster.cut("a", "b");
        until("the input is closed", () -> count("renewed", "witness", "closed") == 1);
        cluster.client().restartNode("renewed", "witness");
        until("it runs again", () -> count("renewed", "witness", "open") == 2);
        cluster.client().restartNode("renewed", "beat");
        until("its producer runs again", () -> count("renewed", "beat", "open") == 2);
        cluster.heal("a", "b");

        awaitMore("renewed");
        until("nothing is wrong any more", () -> job("renewed").degraded().isEmpty());
        running.close();
    }
}
