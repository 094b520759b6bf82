package io.millrace.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.remote.testkit.FreePorts;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import io.millrace.runtime.Tap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClusterTest {
    @TempDir
    Path directory;

    @Test
    void shouldFailAtOnceWhenItIsClosed() {
        Cluster cluster = Cluster.connect(ClusterConfig.builder()
                .masters(List.of(new FreePorts().next()))
                .timeout(Duration.ofMinutes(10))
                .build());
        CompletableFuture<List<Job>> asked = CompletableFuture.supplyAsync(cluster::jobs);

        cluster.close();

        assertThat(asked)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(ClusterException.class)
                .withMessageContaining("this client was closed");
        assertThatThrownBy(cluster::jobs).isInstanceOf(ClusterException.class).hasMessage("this client was closed");
    }

    @Test
    void shouldLeaveNobodyWaitingWhenItIsClosedAndTheJobRunsOn() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a");
            cluster.join("b");
            Cluster other = Cluster.connect(
                    ClusterConfig.builder().masters(cluster.addresses()).build());
            RunningDataflow running = Dataflow.parse(TwoMachines.FLOW).start(other);
            Tap tap = running.tap(List.of("driver/out"), SubscribeOptions.backpressure(100), (output, message) -> {});
            Subscription report = running.subscribe("sink/report", SubscribeOptions.backpressure(100));

            other.close();

            assertThat(running.completion().toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("this client was closed");
            assertThat(tap.completion().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(20));
            QuickCluster.until("the subscription is closed", report::isClosed);
            assertThat(cluster.job("flow").state()).isEqualTo(Job.State.RUNNING);
        }
    }

    @Test
    void shouldDeliverEveryMessageWhenNodesAreOnTwoMachines() throws Exception {
        try (QuickCluster cluster = new QuickCluster(directory, 1)) {
            cluster.join("a");
            cluster.join("b");
            RunningDataflow running = Dataflow.parse(TwoMachines.FLOW).start(cluster.client());
            Subscription report = running.subscribe("sink/report", SubscribeOptions.backpressure(100));
            Publisher driver = running.publisher("driver");
            driver.send("pattern 20000 16", Duration.ofSeconds(30));
            driver.close();
            List<String> texts = new ArrayList<>();
            while (!report.isClosed()) {
                report.poll(message -> texts.add(message.text()), Duration.ofSeconds(1));
            }
            DataflowResult result = running.await(Duration.ofSeconds(60));
            assertThat(texts).containsExactly("in: 20000 messages, 0 to 19999, 0 missing");
            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
            assertThat(result.status().node("sink").received()).isEqualTo(20_000);
        }
    }
}
