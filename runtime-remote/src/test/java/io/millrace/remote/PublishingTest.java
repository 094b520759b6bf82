package io.millrace.remote;

import static io.millrace.remote.QuickCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.node.SendResult;
import io.millrace.remote.link.LogLines;
import io.millrace.remote.nodes.Diary;
import io.millrace.remote.testkit.TestCluster;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.Publisher;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of what an application has published when it goes. */
@ExtendWith(Diary.Fresh.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class PublishingTest {
    private static final int MESSAGES = 500;
    private static final Duration LINK_TIMEOUT = Duration.ofSeconds(2);
    private static TestCluster cluster;

    @RegisterExtension
    final LogLines lines = new LogLines("io.millrace.remote.client");

    @BeforeAll
    static void begin() {
        cluster = TestCluster.builder().executors("a").linkTimeout(LINK_TIMEOUT).start();
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
                .masters(List.of(
                        new HostPort("127.0.0.1", cluster.master("m1").address().getPort())))
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
                .isEqualTo(
                        IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList());
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

        until(
                "the input is closed",
                () -> Diary.of("ended", "witness", "closed").size() == 1);
        assertThat(texts("ended")).hasSize(MESSAGES);
        cluster.client().stop("ended", Duration.ofSeconds(5));
    }

    @Test
    void shouldCloseTheInputsOfAClientThatHasVanishedUntilAnotherOnePublishes() {
        submit("orphan");
        try (Cluster client = client(Duration.ZERO)) {
            Publisher publisher = client.attach("orphan").publisher("in");
            publish(publisher);
            until("all has come", () -> texts("orphan").size() == MESSAGES);

            cluster.cut(TestCluster.CLIENT, "a");
            until(
                    "the input is closed",
                    () -> Diary.of("orphan", "witness", "closed").size() == 1);
            assertThat(job("orphan").state()).isEqualTo(Job.State.RUNNING);
            until("the job says so", () -> job("orphan").degraded().isPresent());
            assertThat(job("orphan").degraded().orElseThrow())
                    .startsWith("machine 'a': edge 'millrace/app/in -> witness/in': the link with 'client'");
        } finally {
            cluster.heal(TestCluster.CLIENT, "a");
        }

        try (Cluster next = client(Duration.ofSeconds(30))) {
            publish(next.attach("orphan").publisher("in"));
        }
        until("all has come", () -> texts("orphan").size() == 2 * MESSAGES);
        assertThat(Diary.of("orphan", "witness", "recovered")).hasSize(1);
        until("nothing is wrong any more", () -> job("orphan").degraded().isEmpty());
        cluster.client().stop("orphan", Duration.ofSeconds(5));
    }

    @Test
    void shouldLeaveThePublisherAloneWhenSomebodyOnlyLooksOn() {
        submit("watched");
        try (Cluster client = client(Duration.ofSeconds(30));
                Cluster operator = client(Duration.ZERO)) {
            Publisher publisher = client.attach("watched").publisher("in");
            publish(publisher);
            until("all has come", () -> texts("watched").size() == MESSAGES);

            RunningDataflow seen = operator.attach("watched");
            assertThat(seen.status().node("witness").received()).isGreaterThanOrEqualTo(MESSAGES);
            seen.metrics();
            seen.explainStall();
            publish(publisher);

            until("all has come", () -> texts("watched").size() == 2 * MESSAGES);
        }
        cluster.client().stop("watched", Duration.ofSeconds(5));
    }

    @Test
    void shouldGoOnPublishingWhenAnotherClientThatTookItsPlaceHasGone() {
        submit("shared");
        try (Cluster client = client(Duration.ofSeconds(30))) {
            Publisher publisher = client.attach("shared").publisher("in");
            publish(publisher);
            until("all has come", () -> texts("shared").size() == MESSAGES);

            try (Cluster other = client(Duration.ofSeconds(30))) {
                publish(other.attach("shared").publisher("in"));
                until("all of the other has come", () -> texts("shared").size() == 2 * MESSAGES);
                publish(publisher);
                until(
                        "it is told",
                        () -> lines.count("edge 'millrace/app/in -> witness/in' is not connected: "
                                        + "client 'client' publishes there, and has to let go of it first")
                                == 1);
            }

            until("what waited has come", () -> texts("shared").size() == 3 * MESSAGES);
            assertThat(Diary.of("shared", "witness", "closed")).isEmpty();
        }
        cluster.client().stop("shared", Duration.ofSeconds(5));
    }

    /** The relay is in a part of its own, for it may run anywhere. */
    private static void submitRelayBesideABeat(String name) {
        Dataflow flow = Dataflow.parse("""
                name: %1$s
                nodes:
                  - {id: relay, class: io.millrace.contract.nodes.Relay, inputs: {in: millrace/app/in}, outputs: [out]}
                  - id: beat
                    class: io.millrace.remote.nodes.Beat
                    config: {diary: %1$s}
                    deploy: {machine: a}
                    inputs: {tick: dora/timer/millis/20}
                    outputs: [out]
                """.formatted(name));
        cluster.client().submit(flow, StartOptions.builder().build(), name);
        until("it runs", () -> job(name).state() == Job.State.RUNNING);
    }

    private static void awaitEndOfAPart(String name) {
        until(
                "a part has ended",
                () -> job(name).parts().stream().anyMatch(part -> part.state() == Job.PartState.ENDED));
        assertThat(job(name).state()).isEqualTo(Job.State.RUNNING);
    }

    @Test
    void shouldFindThePublicationClosedAtOnceWhenThePartOfTheInputHasEnded() {
        submitRelayBesideABeat("over");
        try (Cluster client = client(Duration.ofSeconds(30))) {
            client.attach("over").publisher("in").close();
            awaitEndOfAPart("over");

            assertThat(client.attach("over").publisher("in").offer(ByteBuffer.allocate(1)))
                    .isEqualTo(SendResult.CLOSED);
        }
        cluster.client().stop("over", Duration.ofSeconds(5));
    }

    @Test
    void shouldFindThePublicationClosedWhenAnotherClientThatTookItsPlaceHasEndedTheNode() {
        submitRelayBesideABeat("passed-on");
        try (Cluster client = client(Duration.ofSeconds(30));
                Cluster other = client(Duration.ofSeconds(30))) {
            Publisher publisher = client.attach("passed-on").publisher("in");
            publisher.offer(ByteBuffer.allocate(1));
            until("it has come", () -> received("passed-on", "relay") == 1);
            Publisher next = other.attach("passed-on").publisher("in");
            next.offer(ByteBuffer.allocate(1));
            until("that of the other has come", () -> received("passed-on", "relay") == 2);
            publisher.offer(ByteBuffer.allocate(1));
            next.close();
            awaitEndOfAPart("passed-on");

            until("it is closed", () -> publisher.offer(ByteBuffer.allocate(1)) == SendResult.CLOSED);
            assertThat(lines.count("edge 'millrace/app/in -> relay/in' has ended: "
                            + "\\d+ messages of the application were not delivered"))
                    .isEqualTo(1);
        }
        cluster.client().stop("passed-on", Duration.ofSeconds(5));
    }

    private static long received(String name, String node) {
        return cluster.client().attach(name).status().node(node).received();
    }

    @Test
    void shouldTellEachHandleOfAJobWhenOneClientHasSeveral() throws Exception {
        try (Cluster client = client(Duration.ZERO);
                RunningDataflow started = witness("twice").start(client)) {
            List<DataflowEvent> heard = new CopyOnWriteArrayList<>();
            started.listen(heard::add);
            RunningDataflow attached = client.attach("twice");
            assertThat(attached.status().state()).isEqualTo(DataflowState.RUNNING);

            attached.stop(Duration.ofSeconds(5));

            assertThat(attached.await(QuickCluster.PATIENCE).state()).isEqualTo(DataflowState.STOPPED);
            assertThat(started.await(QuickCluster.PATIENCE).state()).isEqualTo(DataflowState.STOPPED);
            assertThat(heard).contains(new DataflowEvent.StateChanged(DataflowState.STOPPED));
        }
    }

    private static Job job(String name) {
        return cluster.client().job(name).orElseThrow();
    }

    @Test
    void shouldLetTheProducerGoOnWhenAClientHasVanishedThatHeldItUp() {
        Dataflow flow = Dataflow.parse("""
                name: tapped
                nodes:
                  - id: beat
                    class: io.millrace.remote.nodes.Beat
                    config: {diary: tapped}
                    inputs: {tick: dora/timer/millis/20}
                    outputs: [out]
                """);
        cluster.client().submit(flow, StartOptions.builder().build(), "tapped");
        until("it runs", () -> job("tapped").state() == Job.State.RUNNING);
        try (Cluster client = client(Duration.ZERO)) {
            client.attach("tapped").subscribe("beat/out", SubscribeOptions.backpressure(1)); // and nobody polls
            awaitStandstill();
            cluster.cut(TestCluster.CLIENT, "a");
            int before = Diary.of("tapped", "beat", "beat").size();
            until("it goes on", () -> Diary.of("tapped", "beat", "beat").size() > before + 10);
        } finally {
            cluster.heal(TestCluster.CLIENT, "a");
        }
        cluster.client().stop("tapped", Duration.ofSeconds(5));
    }

    /** For half a second of looks nothing has happened. */
    private static void awaitStandstill() {
        int[] seen = new int[2]; // beats, and looks since there were so many
        until("it is held up", () -> {
            int beats = Diary.of("tapped", "beat", "beat").size();
            seen[1] = beats == seen[0] ? seen[1] + 1 : 0;
            seen[0] = beats;
            return beats > 0 && seen[1] > 25;
        });
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
