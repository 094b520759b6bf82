package io.millrace.remote;

import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.node.SendResult;
import io.millrace.remote.link.LogLines;
import io.millrace.remote.nodes.Diary;
import io.millrace.remote.testkit.TestCluster;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of what an application has published when it goes. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class PublishingTest {
    private static final int MESSAGES = 500;
    private static final Duration LINK_TIMEOUT = Duration.ofSeconds(2);
    private static TestCluster cluster;

    @RegisterExtension
    final LogLines lines = new LogLines("io.millrace.remote.client");

    @BeforeAll
    static void begin() {
        cluster = TestCluster.builder()
                .executors("a")
                .linkTimeout(LINK_TIMEOUT)
                .start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private static Dataflow witness(String name) {
        return Dataflow.parse("""
                name: %1$s
                queue_policy: backpressure
                queue_size: %2$d
                nodes:
                  - id: witness
                    class: io.millrace.remote.nodes.Witness
                    config: {diary: %1$s}
                    inputs: {in: millrace/app/in, tick: dora/timer/millis/100}
                """.formatted(name, MESSAGES));
    }

    private static Cluster client(Duration closeTimeout) {
        return Cluster.connect(ClusterConfig.builder()
                .masters(List.of(new HostPort("127.0.0.1", cluster.master("m1").address().getPort())))
                .route(to -> cluster.network().route(TestCluster.CLIENT, to))
                .closeTimeout(closeTimeout)
                .build());
    }

    private static void submit(String name) {
        cluster.client().submit(witness(name), StartOptions.builder().build(), name);
        until("it runs", () -> cluster.client().job(name).orElseThrow().state() == Job.State.RUNNING);
    }

    private static void publish(Publisher publisher) {
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(publisher.offer(ByteBuffer.wrap(Integer.toString(i).getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo(SendResult.ACCEPTED);
        }
    }

    private static List<String> texts(String diary) {
        return Diary.of(diary, "witness", "in").stream().map(Diary.Line::detail).toList();
    }

    @Test
    void shouldDeliverAllThatWasPublishedWhenTheClientIsClosedAtOnce() {
        submit("flushed");

        try (Cluster client = client(Duration.ofSeconds(30))) {
            publish(client.attach("flushed").publisher("in"));
        }

        until("all has come", () -> texts("flushed").size() >= MESSAGES);
        assertThat(texts("flushed"))
                .isEqualTo(IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList());
        assertThat(Diary.of("flushed", "witness", "closed")).isEmpty();
        cluster.client().stop("flushed", Duration.ofSeconds(5));
    }

    @Test
    void shouldCloseTheInputsBehindTheLastMessageWhenPublisherAndClientAreClosedAtOnce() {
        submit("ended");

        try (Cluster client = client(Duration.ofSeconds(30))) {
            Publisher publisher = client.attach("ended").publisher("in");
            publish(publisher);
            publisher.close();
        }

        until("the input is closed", () -> Diary.of("ended", "witness", "closed").size() == 1);
        assertThat(texts("ended")).hasSize(MESSAGES);
        cluster.client().stop("ended", Duration.ofSeconds(5));
    }

    @Test
    void shouldSayWhatWasNotDeliveredWhenTheExecutorIsOutOfReach() {
        submit("unreached");
        cluster.cut(TestCluster.CLIENT, "a");
        try (Cluster client = client(Duration.ofMillis(300))) {
            RunningDataflow running = client.attach("unreached");
            running.publisher("in").offer(ByteBuffer.allocate(1));
            running.publisher("in").offer(ByteBuffer.allocate(1));
        } finally {
            cluster.heal(TestCluster.CLIENT, "a");
        }

        assertThat(lines.count("job 'unreached': not all that was published has arrived within 300 ms: "
                        + "edge 'millrace/app/in -> witness/in': 2 messages were not sent"))
                .isEqualTo(1);
        cluster.client().stop("unreached", Duration.ofSeconds(5));
    }
}
