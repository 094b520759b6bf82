package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.Tap.Heard;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.SubscribeOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens where messages come faster than they are taken: exactly so many wait, and exactly the right ones give way. */
public abstract class PolicyContract extends DataflowContract {

    private static final String EDGE = "driver/out -> holder/in";

    /** A driver, and a node that stands still with its first message in hand. */
    private static String driverAndHolder(String queue) {
        return """
                nodes:
                  - id: driver
                    class: Driver
                    inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                    outputs: [out, report]
                  - {id: holder, class: Holder, inputs: {in: {source: driver/out%s}}, outputs: [gate, report]}
                """.formatted(queue);
    }

    private static long sent(Trial trial, String node) {
        return trial.running().status().node(node).sent();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    /** The lines of a holder that took message 0, stood still, then took these until its input closed. */
    private static List<String> linesOf(List<String> taken) {
        return Stream.of(
                        Stream.of("input in 0", "held 0"),
                        taken.stream().map(text -> "input in " + text),
                        Stream.of("closed in", "all closed", "ended"))
                .flatMap(lines -> lines)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 100})
    void shouldBoundProducerByQueueSizeWhenConsumerHoldsMessage(int queueSize) throws Exception {
        Trial trial = run(driverAndHolder(", queue_policy: backpressure, queue_size: " + queueSize));
        Tap gate = trial.gate("holder");
        Tap report = trial.tap("holder/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 1");
            assertThat(report.nextText()).isEqualTo("input in 0");
            assertThat(driver.ask("fill 1000")).isEqualTo("FULL after " + queueSize);
            assertThat(driver.ask("room")).isEqualTo("room false, closed false");
            gate.next();
            driver.ask("send 7");
        }
        assertThat(report.restTexts())
                .containsExactlyElementsOf(
                        linesOf(numbers(1, queueSize + 8)).stream().skip(1).toList());
        EdgeStatus edge = Trial.edge(trial.result().status(), EDGE);
        assertThat(edge.sent()).isEqualTo(queueSize + 8L).isEqualTo(edge.received());
        assertThat(edge.dropped() + edge.conflated() + edge.discarded()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void shouldBoundProducerByQueueSizeWhenReactiveConsumerHasNoRoomToSend(int queueSize) throws Exception {
        Trial trial = run("""
                nodes:
                  - id: driver
                    class: Driver
                    inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                    outputs: [out, report]
                  - {id: relay, class: Relay, inputs: {in: {source: driver/out, queue_policy: backpressure, queue_size: %d}}, outputs: [out]}
                """.formatted(queueSize));
        Tap relayed = trial.tap("relay/out", SubscribeOptions.backpressure(1));
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 1");
            Trial.await("the relay has sent message 0", () -> sent(trial, "relay") == 1);
            assertThat(driver.ask("fill 1000")).isEqualTo("FULL after " + queueSize);
            relayed.whileInHand(() -> {
                Trial.await("the relay has sent message 1", () -> sent(trial, "relay") == 2);
                return assertThat(driver.ask("fill 1000"))
                        .as("room for one lets one be taken")
                        .isEqualTo("FULL after 1");
            });
        }
        assertThat(relayed.restTexts()).containsExactlyElementsOf(numbers(0, queueSize + 2));
    }

    @Test
    void shouldLoseNothingWhenConsumerIsSlowerThanProducer() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                queue_size: 3
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: relay, class: Relay, inputs: {in: driver/out}, outputs: [out]}
                """);
        // The slow one is this thread: it takes one message at a time, across threads each time.
        Tap relayed = trial.tap("relay/out", SubscribeOptions.backpressure(1));
        try (Commands driver = trial.drive("driver")) {
            driver.tell("send 3000");
        }
        assertThat(relayed.restTexts()).containsExactlyElementsOf(numbers(0, 3000));
        assertThat(Trial.edge(trial.result().status(), "driver/out -> relay/in").dropped())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "1, 20", "2, 25", "10, 5", "10, 10", "10, 11", "10, 25", "64, 1000"})
    void shouldKeepExactlyTheNewestWhenBurstMeetsStalledConsumer(int queueSize, int burst) throws Exception {
        Trial trial = run(driverAndHolder(", queue_policy: drop_oldest, queue_size: " + queueSize));
        Tap gate = trial.gate("holder");
        Tap report = trial.tap("holder/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 1");
            assertThat(report.nextText()).isEqualTo("input in 0");
            assertThat(driver.ask("fill " + burst)).isEqualTo("ACCEPTED after " + burst);
            gate.next();
        }
        int kept = Math.min(queueSize, burst);
        assertThat(report.restTexts())
                .containsExactlyElementsOf(linesOf(numbers(1 + burst - kept, 1 + burst)).stream()
                        .skip(1)
                        .toList());
        EdgeStatus edge = Trial.edge(trial.result().status(), EDGE);
        assertThat(edge.sent()).isEqualTo(1L + burst);
        assertThat(edge.received()).isEqualTo(1L + kept);
        assertThat(edge.dropped()).isEqualTo(burst - kept);
        assertThat(edge.conflated() + edge.discarded()).isZero();
    }

    @Test
    void shouldKeepTheNewestTenWhenNothingIsWritten() throws Exception {
        Trial trial = run(driverAndHolder(""));
        Tap gate = trial.gate("holder");
        Tap report = trial.tap("holder/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 1");
            report.next();
            assertThat(driver.ask("fill 30")).isEqualTo("ACCEPTED after 30");
            gate.next();
        }
        assertThat(report.restTexts())
                .containsExactlyElementsOf(
                        linesOf(numbers(21, 31)).stream().skip(1).toList());
    }

    @Test
    void shouldKeepTheNewestWhenReactiveConsumerHasNoRoomToSend() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: driver
                    class: Driver
                    inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                    outputs: [out, report]
                  - {id: relay, class: Relay, inputs: {in: {source: driver/out, queue_size: 4}}, outputs: [out]}
                """);
        Tap relayed = trial.tap("relay/out", SubscribeOptions.backpressure(1));
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 1");
            Trial.await("the relay has sent message 0", () -> sent(trial, "relay") == 1);
            driver.ask("send 20");
        }
        assertThat(relayed.restTexts())
                .containsExactlyElementsOf(
                        Stream.concat(Stream.of("0"), numbers(17, 21).stream()).toList());
        assertThat(Trial.edge(trial.result().status(), "driver/out -> relay/in").dropped())
                .isEqualTo(16);
    }

    @Test
    void shouldKeepOnlyTheNewestWhenLatestIsAsked() throws Exception {
        Trial trial = run(driverAndHolder(", queue_policy: latest"));
        Tap gate = trial.gate("holder");
        Tap report = trial.tap("holder/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 1");
            report.next();
            assertThat(driver.ask("fill 20")).isEqualTo("ACCEPTED after 20");
            gate.next();
        }
        assertThat(report.restTexts())
                .containsExactlyElementsOf(
                        linesOf(numbers(20, 21)).stream().skip(1).toList());
        EdgeStatus edge = Trial.edge(trial.result().status(), EDGE);
        assertThat(edge.conflated()).isEqualTo(19);
        assertThat(edge.dropped()).isZero();
        assertThat(edge.received()).isEqualTo(2);
    }

    @Test
    void shouldKeepSequenceOfWhatWasDroppedWhenMessagesGiveWay() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: driver
                    class: Driver
                    inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                    outputs: [out, report]
                """);
        Tap out = trial.tap("driver/out", SubscribeOptions.dropOldest(3));
        Commands driver = trial.drive("driver");
        driver.ask("send 9");
        assertThat(out.waitingNow()).extracting(Heard::sequence).containsExactly(6L, 7L, 8L);
    }

    @Test
    void shouldOfferToAllConsumersOrNoneWhenOneOfThemIsFull() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: driver
                    class: Driver
                    inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                    outputs: [out, report]
                  - {id: wide, class: Holder, config: {holds: false}, inputs: {in: {source: driver/out, queue_policy: backpressure, queue_size: 10}}, outputs: [report]}
                  - {id: holder, class: Holder, inputs: {in: {source: driver/out, queue_policy: backpressure, queue_size: 3}}, outputs: [gate, report]}
                  - {id: lossy, class: Holder, config: {holds: false}, inputs: {in: {source: driver/out, queue_size: 100}}, outputs: [report]}
                """);
        Tap gate = trial.gate("holder");
        Tap held = trial.tap("holder/report");
        List<Tap> others = List.of(trial.tap("wide/report"), trial.tap("lossy/report"));
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 1");
            held.next();
            assertThat(driver.ask("fill 1000")).isEqualTo("FULL after 3");
            assertThat(driver.ask("offer")).isEqualTo("FULL");
            assertThat(driver.ask("tryClaim")).isEqualTo("null");
            gate.next();
            driver.ask("send 1");
        }
        // A message that was refused to one would be missing there, or stand twice elsewhere.
        assertThat(held.restTexts())
                .containsExactlyElementsOf(
                        linesOf(numbers(1, 5)).stream().skip(1).toList());
        for (Tap other : others) {
            assertThat(other.restTexts().stream()
                            .filter(line -> line.startsWith("input"))
                            .collect(Collectors.joining(" ")))
                    .isEqualTo("input in 0 input in 1 input in 2 input in 3 input in 4");
        }
    }

    @Test
    void shouldTellListenerOnceWhenEdgeDrops() throws Exception {
        Trial trial = run(driverAndHolder(", queue_size: 2"));
        List<DataflowEvent> events = new CopyOnWriteArrayList<>();
        trial.running().listen(events::add);
        Tap gate = trial.gate("holder");
        Tap report = trial.tap("holder/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 1");
            report.next();
            driver.ask("send 10");
            gate.next();
        }
        trial.result();
        Trial.await(
                "the listener has heard of the end",
                () -> events.stream()
                        .anyMatch(event -> event instanceof DataflowEvent.StateChanged changed
                                && changed.state().isFinal()));
        assertThat(events)
                .filteredOn(DataflowEvent.FirstDrop.class::isInstance)
                .containsExactly(new DataflowEvent.FirstDrop(EDGE));
    }
}
