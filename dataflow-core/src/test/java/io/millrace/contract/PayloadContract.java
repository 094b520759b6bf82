package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.nodes.Driver;
import io.millrace.contract.nodes.Pattern;
import io.millrace.graph.QueuePolicy;
import io.millrace.node.PayloadFormat;
import io.millrace.node.RetainedMessage;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads too large to travel inside an edge: whole at every consumer, bounded in memory, and retained as long as somebody wants them. */
public abstract class PayloadContract extends DataflowContract {
    private static final int MIB = 1 << 20;

    private static final String DRIVER = """
              - id: driver
                class: Driver
                inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                outputs: [out, other, report]
                payload_budget: %s
            """;

    static Stream<Arguments> sizesPoliciesAndConsumers() {
        return IntStream.of(4_095, 4_096, 4_097, 65_536, 1_000_000, 40_000_000)
                .boxed()
                .flatMap(size -> Arrays.stream(QueuePolicy.values())
                        .flatMap(policy -> Stream.of(1, 4).map(consumers -> Arguments.of(size, policy, consumers))));
    }

    @ParameterizedTest
    @MethodSource("sizesPoliciesAndConsumers")
    void shouldArriveWholeWhateverTheSize(int size, QueuePolicy policy, int consumers) throws Exception {
        int messages = size > 10_000_000 ? 6 : 20;
        StringBuilder yaml = new StringBuilder("nodes:\n").append(DRIVER.formatted("200MB"));
        for (int i = 0; i < consumers; i++) {
            yaml.append("  - {id: w")
                    .append(i)
                    .append(
                            ", class: Weigher, outputs: [report, gate], inputs: {in: {source: driver/out, queue_policy: ")
                    .append(policy.key())
                    .append("}}}\n");
        }
        Trial trial = run(yaml.toString());
        List<Tap> reports = new ArrayList<>();
        for (int i = 0; i < consumers; i++) {
            reports.add(trial.tap("w" + i + "/report"));
        }
        try (Commands driver = trial.drive("driver")) {
            assertThat(driver.ask("pattern " + messages + " " + size)).isEqualTo("sent " + messages);
        }
        for (Tap report : reports) {
            List<Long> weighed = numbers(report.nextText(), "weighed");
            assertThat(weighed).doesNotHaveDuplicates().isSorted().endsWith(messages - 1L);
            if (policy == QueuePolicy.BACKPRESSURE) {
                assertThat(weighed).hasSize(messages);
            }
        }
        DataflowStatus status = trial.result().status();
        assertThat(trial.result().failures()).isEmpty();
        for (int i = 0; i < consumers; i++) {
            Trial.assertAddsUp(Trial.edge(status, "driver/out -> w" + i + "/in"));
        }
    }

    /** The numbers of a line such as {@code kept 3 4}. */
    private static List<Long> numbers(String line, String verb) {
        assertThat(line).startsWith(verb);
        return Arrays.stream(line.substring(verb.length()).trim().split(" "))
                .filter(word -> !word.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    private static String drivenWeigher(String budget, String queue) {
        return "nodes:\n" + DRIVER.formatted(budget)
                + "  - {id: w, class: Weigher, outputs: [report, gate], config: {holds: true}, inputs: {in: {source: driver/out"
                + queue + "}}}\n";
    }

    @Test
    @OneMemory("what has crossed to another machine is in its memory, and out of the producer's budget")
    void shouldBeFullWhenAStalledConsumerHoldsTheBudget() throws Exception {
        Trial trial = run(drivenWeigher("4MiB", ", queue_policy: backpressure, queue_size: 100"));
        Tap gate = trial.gate("w");
        Tap report = trial.tap("w/report");
        Tap other = trial.tap("driver/other");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 1 " + MIB);
            Trial.await("the weigher stands still", () -> sent(trial, "w") == 1);
            assertThat(driver.ask("fillPattern 1000 " + MIB)).isEqualTo("FULL after 3");
            assertThat(driver.ask("pattern@other 2 " + MIB))
                    .as("another output")
                    .isEqualTo("sent 2");
            assertThat(driver.ask("room")).as("for a small one").isEqualTo("room true, closed false");
            driver.tell("pattern 10 " + MIB);
            gate.next();
            assertThat(driver.report().nextText()).as("it has waited").isEqualTo("sent 10");
        }
        assertThat(numbers(report.nextText(), "weighed")).isEqualTo(upTo(14));
        assertThat(other.rest()).hasSize(2);
        EdgeStatus edge = Trial.edge(trial.result().status(), "driver/out -> w/in");
        assertThat(edge.dropped()).isZero();
        assertThat(edge.received()).isEqualTo(14);
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop_oldest, queue_size: 100", "latest"})
    @OneMemory("what has crossed to another machine is in its memory, and out of the producer's budget")
    void shouldGiveUpTheOldestWhenAStalledLossyConsumerHoldsTheBudget(String policy) throws Exception {
        Trial trial = run(drivenWeigher("4MiB", ", queue_policy: " + policy));
        Tap gate = trial.gate("w");
        Tap report = trial.tap("w/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 1 " + MIB);
            Trial.await("the weigher stands still", () -> sent(trial, "w") == 1);
            assertThat(driver.ask("fillPattern 50 " + MIB)).isEqualTo("ACCEPTED after 50");
            gate.next();
        }
        List<Long> newest = policy.equals("latest") ? List.of(0L, 50L) : List.of(0L, 48L, 49L, 50L);
        assertThat(numbers(report.nextText(), "weighed")).isEqualTo(newest);
        EdgeStatus edge = Trial.edge(trial.result().status(), "driver/out -> w/in");
        Trial.assertAddsUp(edge);
        assertThat(edge.droppedForMemory()).isEqualTo(edge.dropped()).isEqualTo(policy.equals("latest") ? 0 : 47);
    }

    @Test
    void shouldHaveReactiveOutputWaitForMemoryWhenItsConsumerIsSlow() throws Exception {
        Trial trial = run("nodes:\n" + DRIVER.formatted("8MiB") + """
                  - {id: relay, class: Relay, payload_budget: 2MiB, outputs: [out], inputs: {in: {source: driver/out, queue_policy: backpressure}}}
                  - {id: w, class: Weigher, outputs: [report, gate], config: {holds: true}, inputs: {in: {source: relay/out, queue_policy: backpressure, queue_size: 50}}}
                """);
        Tap gate = trial.gate("w");
        Tap report = trial.tap("w/report");
        try (Commands driver = trial.drive("driver")) {
            driver.tell("pattern 30 " + MIB);
            Trial.await("the weigher stands still", () -> sent(trial, "w") == 1);
            gate.next();
            assertThat(driver.report().nextText()).isEqualTo("sent 30");
        }
        assertThat(numbers(report.nextText(), "weighed")).isEqualTo(upTo(30));
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldRefuseByNameWhenAPayloadIsLargerThanTheBudget() throws Exception {
        Trial trial = run(drivenWeigher("1MiB", ", queue_policy: backpressure"));
        try (Commands driver = trial.drive("driver")) {
            assertThat(driver.ask("claim " + (MIB + 1)))
                    .startsWith("IllegalArgumentException: output 'driver/out'")
                    .contains(" " + (MIB + 1) + " bytes", "payload_budget of " + MIB + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 4_096, 100_000})
    void shouldKeepRetainedMessagesWholeWhenTheirCallbackIsOver(int size) throws Exception {
        Trial trial = run("nodes:\n" + DRIVER.formatted("8MiB") + """
                  - {id: keeper, class: Keeper, config: {keeps: 7}, outputs: [out, report], inputs: {in: {source: driver/out, queue_policy: backpressure, queue_size: 3}}}
                  - {id: w, class: Weigher, outputs: [report, gate], inputs: {in: {source: keeper/out, queue_policy: backpressure}}}
                """);
        Tap kept = trial.tap("keeper/report");
        Tap weighed = trial.tap("w/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 100 " + size);
        }
        assertThat(numbers(kept.nextText(), "kept"))
                .isEqualTo(LongStream.range(93, 100).boxed().toList());
        assertThat(numbers(weighed.nextText(), "weighed")).isEqualTo(upTo(93));
        assertThat(trial.result().failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{source: node/relay/out}", "{source: node/relay/out, queue_policy: backpressure}"})
    void shouldKeepRetainedMessagesWholeBetweenOperatorsOfANode(String input) throws Exception {
        Trial trial = run("nodes:\n" + DRIVER.formatted("8MiB") + """
                  - id: node
                    operators:
                      - {id: relay, class: Relay, outputs: [out], inputs: {in: {source: driver/out, queue_policy: backpressure}}}
                      - {id: keeper, class: Keeper, config: {keeps: 5}, outputs: [out, report], inputs: {in: %s}}
                  - {id: w, class: Weigher, outputs: [report, gate], inputs: {in: {source: node/keeper/out, queue_policy: backpressure}}}
                """.formatted(input));
        Tap kept = trial.tap("node/keeper/report");
        Tap weighed = trial.tap("w/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 50 8");
            driver.ask("pattern 50 100000");
        }
        assertThat(numbers(kept.nextText(), "kept"))
                .isEqualTo(LongStream.range(95, 100).boxed().toList());
        assertThat(numbers(weighed.nextText(), "weighed")).isEqualTo(upTo(95));
        assertThat(trial.result().failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 4_096, 100_000, MIB})
    void shouldSendOnAMessageAsItIs(int size) throws Exception {
        Trial trial = run("nodes:\n" + DRIVER.formatted("4MiB") + """
                  - {id: first, class: Forwarder, payload_budget: 64KB, outputs: [out], inputs: {in: {source: driver/out, queue_policy: backpressure}}}
                  - {id: second, class: Forwarder, payload_budget: 64KB, outputs: [out], inputs: {in: {source: first/out, queue_policy: backpressure, queue_size: 1}}}
                  - {id: w, class: Weigher, outputs: [report, gate], inputs: {in: {source: second/out, queue_policy: backpressure, queue_size: 1}}}
                """);
        Tap weighed = trial.tap("w/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 40 " + size);
        }
        assertThat(numbers(weighed.nextText(), "weighed")).isEqualTo(upTo(40));
        assertThat(trial.result().failures()).isEmpty();
    }

    @Test
    void shouldSendOnParametersAndFormatWithAMessage() throws Exception {
        Trial trial = run("nodes:\n" + DRIVER.formatted("4MiB") + """
                  - {id: first, class: Forwarder, outputs: [out], inputs: {in: {source: driver/out, queue_policy: backpressure}}}
                """);
        Tap tap = trial.tap("first/out");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("annotate");
        }
        Tap.Heard heard = tap.next();
        assertThat(heard.parameters()).isEqualTo(Driver.annotations());
        assertThat(heard.format()).isEqualTo(PayloadFormat.JSON);
        assertThat(heard.text()).isEqualTo("{\"speed\":4.5}");
    }

    @Test
    void shouldKeepWhatTheApplicationRetainsWhenTheDataflowHasEnded() throws Exception {
        Trial trial = run("nodes:\n" + DRIVER.formatted("8MiB"));
        Subscription subscription = trial.running().subscribe("driver/out", SubscribeOptions.backpressure(50));
        List<RetainedMessage> kept = new ArrayList<>();
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 3 16");
            driver.ask("pattern 3 100000");
        }
        trial.result();
        while (!subscription.isClosed()) {
            subscription.poll(message -> kept.add(message.retain()));
        }
        subscription.close();

        Thread reader = new Thread(() -> kept.forEach(message -> Pattern.check(message, message.sequence())));
        List<Throwable> failures = new ArrayList<>();
        reader.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        reader.start();
        reader.join(Trial.DEADLINE.toMillis());
        assertThat(failures).isEmpty();
        assertThat(kept).hasSize(6);
        kept.forEach(RetainedMessage::release);
        assertThat(kept).allMatch(RetainedMessage::isReleased);
    }

    private static List<Long> upTo(int count) {
        return LongStream.range(0, count).boxed().collect(Collectors.toList());
    }

    private static long sent(Trial trial, String node) {
        return trial.running().status().node(node).sent();
    }
}
