package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.Tap.Heard;
import io.millrace.contract.nodes.Driver;
import io.millrace.contract.nodes.Scribe;
import io.millrace.node.Output;
import io.millrace.node.PayloadFormat;
import io.millrace.runtime.DataflowState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages arrive once, in order and intact, through whatever shape of graph. */
public abstract class FlowContract extends DataflowContract {

    private static final String DRIVER_AND_COLLECTOR = """
            queue_policy: backpressure
            nodes:
              - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
              - {id: sink, class: Collector, inputs: {in: driver/out}, outputs: [report]}
            """;

    private static final String DRIVER_AND_RELAY = """
            queue_policy: backpressure
            nodes:
              - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
              - {id: relay, class: Relay, inputs: {in: driver/out}, outputs: [out]}
            """;

    @Test
    void shouldDeliverEveryMessageInOrderWhenEdgeIsUnderBackpressure() throws Exception {
        Trial trial = run(DRIVER_AND_COLLECTOR);
        Tap report = trial.tap("sink/report");
        try (Commands driver = trial.drive("driver")) {
            assertThat(driver.ask("pattern 20000 16")).isEqualTo("sent 20000");
        }
        assertThat(report.restTexts()).containsExactly("in: 20000 messages, 0 to 19999, 0 missing");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldNumberMessagesOfEachOutputFromZeroWhenNodeHasSeveral() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: driver
                    class: Driver
                    inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                    outputs: [out, other, report]
                """);
        Tap out = trial.tap("driver/out");
        Tap other = trial.tap("driver/other");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 3");
            driver.ask("send@other 2");
            driver.ask("send 1");
        }
        assertThat(out.rest()).extracting(Heard::sequence).containsExactly(0L, 1L, 2L, 3L);
        assertThat(other.rest()).extracting(Heard::sequence).containsExactly(0L, 1L);
    }

    @Test
    void shouldCarryFormatAndParametersWhenTheyAreSent() throws Exception {
        Trial trial = run(DRIVER_AND_RELAY);
        Tap relayed = trial.tap("relay/out");
        Commands driver = trial.drive("driver");
        driver.ask("annotate");
        Heard heard = relayed.next();
        assertThat(heard.text()).isEqualTo("{\"speed\":4.5}");
        assertThat(heard.format()).isEqualTo(PayloadFormat.JSON);
        assertThat(heard.parameters()).isEqualTo(Driver.annotations());
        assertThat(heard.incarnation()).isZero();
    }

    @Test
    void shouldSayWhatBytesAreWhenTextIsSentOrNothingIsSaid() throws Exception {
        Trial trial = run(DRIVER_AND_COLLECTOR);
        Tap out = trial.tap("driver/out");
        Tap report = trial.tap("driver/report");
        Commands driver = trial.drive("driver");
        driver.ask("pattern 1 8");
        assertThat(out.next().format()).isEqualTo(PayloadFormat.BYTES);
        assertThat(report.next().format()).isEqualTo(PayloadFormat.UTF8);
    }

    @Test
    void shouldStampMessageLaterThanTheOneThatCausedIt() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: first, class: Relay, inputs: {in: driver/out}, outputs: [out]}
                  - {id: second, class: Relay, inputs: {in: first/out}, outputs: [out]}
                """);
        List<Tap> taps = List.of(trial.tap("driver/out"), trial.tap("first/out"), trial.tap("second/out"));
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 500");
        }
        List<List<Long>> stamps = new ArrayList<>();
        for (Tap tap : taps) {
            stamps.add(tap.rest().stream().map(Heard::timestamp).toList());
        }
        for (int message = 0; message < 500; message++) {
            assertThat(stamps.get(0).get(message)).isLessThan(stamps.get(1).get(message));
            assertThat(stamps.get(1).get(message)).isLessThan(stamps.get(2).get(message));
        }
        assertThat(stamps)
                .allSatisfy(ofOneOutput -> assertThat(ofOneOutput)
                        .isSorted()
                        .doesNotHaveDuplicates()
                        .hasSize(500));
    }

    /** A queue of 10 carries payloads inline up to 4 KiB, one of 1,000 up to 262 bytes; a header more or less must not matter either. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1000})
    void shouldDeliverPayloadsIntactWhenTheirSizesAreAroundTheLimits(int queueSize) throws Exception {
        int inline = Math.min(4096, 256 * 1024 / queueSize);
        List<Integer> sizes = new ArrayList<>(List.of(0, 1, 2, 3, 7, 8, 9, 15, 63, 64, 65, 65_535, 65_536));
        sizes.addAll(List.of(inline - 33, inline - 32, inline - 31, inline - 1, inline, inline + 1, inline + 32));
        Trial trial = run("queue_size: " + queueSize + "\n" + DRIVER_AND_COLLECTOR);
        Tap report = trial.tap("sink/report");
        try (Commands driver = trial.drive("driver")) {
            for (int size : sizes) {
                assertThat(driver.ask("pattern 3 " + size)).isEqualTo("sent 3");
                assertThat(driver.ask("copy 3 " + size)).isEqualTo("sent 3");
            }
        }
        int count = 6 * sizes.size();
        assertThat(report.restTexts())
                .containsExactly("in: " + count + " messages, 0 to " + (count - 1) + ", 0 missing");
    }

    @Test
    void shouldDeliverPayloadsIntactWhenTheyAreMebibytes() throws Exception {
        Trial trial = run("queue_size: 2\n" + DRIVER_AND_COLLECTOR);
        Tap report = trial.tap("sink/report");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 8 4194304");
            driver.ask("pattern 1 67108864");
            driver.ask("copy 2 4194305");
        }
        assertThat(report.restTexts()).containsExactly("in: 11 messages, 0 to 10, 0 missing");
    }

    @Test
    void shouldDeliverLargePayloadToEachConsumerWhenPoliciesDiffer() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: driver
                    class: Driver
                    inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                    outputs: [out, report]
                  - {id: lossless, class: Inspector, inputs: {in: {source: driver/out, queue_policy: backpressure}}, outputs: [report]}
                  - {id: lossy, class: Inspector, inputs: {in: driver/out}, outputs: [report]}
                  - {id: newest, class: Inspector, inputs: {in: {source: driver/out, queue_policy: latest}}, outputs: [report]}
                """);
        List<Tap> reports =
                List.of(trial.tap("lossless/report"), trial.tap("lossy/report"), trial.tap("newest/report"));
        Commands driver = trial.drive("driver");
        for (int message = 0; message < 3; message++) {
            driver.ask("pattern 1 100000");
            for (Tap report : reports) {
                assertThat(report.nextText()).isEqualTo("fine");
            }
        }
    }

    @Test
    void shouldRefusePayloadByNameOfOutputWhenItIsLargerThanOneGibibyte() throws Exception {
        Trial trial = run(DRIVER_AND_COLLECTOR);
        Tap report = trial.tap("sink/report");
        try (Commands driver = trial.drive("driver")) {
            assertThat(driver.ask("claim " + (Output.MAX_PAYLOAD_BYTES + 1)))
                    .startsWith("IllegalArgumentException: ")
                    .contains("driver/out")
                    .contains(Integer.toString(Output.MAX_PAYLOAD_BYTES + 1));
            assertThat(driver.ask("claim -1"))
                    .startsWith("IllegalArgumentException: ")
                    .contains("driver/out");
            assertThat(driver.ask("pattern 2 8")).isEqualTo("sent 2");
        }
        assertThat(report.restTexts()).containsExactly("in: 2 messages, 0 to 1, 0 missing");
    }

    @Test
    void shouldShowTheSameBytesWhenMessageIsReadInAnyWay() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: inspector, class: Inspector, inputs: {in: driver/out}, outputs: [report]}
                """);
        Tap report = trial.tap("inspector/report");
        try (Commands driver = trial.drive("driver")) {
            for (int length : new int[] {0, 1, 17, 32, 5000}) {
                driver.ask("pattern 2 " + length);
            }
        }
        assertThat(report.restTexts()).hasSize(10).containsOnly("fine");
    }

    @Test
    void shouldSendWhatWasWrittenWhenClaimIsFilledByEveryPutter() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: scribe, class: Scribe, inputs: {in: millrace/app/in}, outputs: [out]}
                """);
        Tap out = trial.tap("scribe/out");
        trial.running().publisher("in").send("go", Trial.DEADLINE);
        assertThat(out.next().payload()).isEqualTo(Scribe.expected());
    }

    @Test
    void shouldSendNothingWhenClaimIsAborted() throws Exception {
        Trial trial = run(DRIVER_AND_RELAY);
        Tap relayed = trial.tap("relay/out");
        try (Commands driver = trial.drive("driver")) {
            assertThat(driver.ask("abort")).isEqualTo("aborted");
            driver.ask("send 1");
            driver.ask("abort");
            driver.ask("send 1");
        }
        List<Heard> heard = relayed.rest();
        assertThat(heard).extracting(Heard::text).containsExactly("0", "1");
        assertThat(heard).extracting(Heard::sequence).containsExactly(0L, 1L);
    }

    @Test
    void shouldRefuseSecondClaimWhenFirstIsOpen() throws Exception {
        Trial trial = run(DRIVER_AND_COLLECTOR);
        try (Commands driver = trial.drive("driver")) {
            assertThat(driver.ask("claimTwice"))
                    .startsWith("IllegalStateException: ")
                    .contains("driver/out");
            assertThat(driver.ask("pattern 1 8")).isEqualTo("sent 1");
        }
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldDeliverToEachConsumerByItsPolicyWhenOneOutputFeedsSeveral() throws Exception {
        Trial trial = run("""
                nodes:
                  - id: driver
                    class: Driver
                    inputs: {command: {source: millrace/app/driver, queue_policy: backpressure}}
                    outputs: [out, report]
                  - {id: lossless, class: Collector, inputs: {in: {source: driver/out, queue_policy: backpressure}}, outputs: [report]}
                  - {id: lossy, class: Collector, inputs: {in: {source: driver/out, queue_size: 3}}, outputs: [report]}
                  - {id: newest, class: Collector, inputs: {in: {source: driver/out, queue_policy: latest}}, outputs: [report]}
                """);
        Tap lossless = trial.tap("lossless/report");
        List<Tap> others = List.of(trial.tap("lossy/report"), trial.tap("newest/report"));
        try (Commands driver = trial.drive("driver")) {
            driver.ask("pattern 5000 16");
        }
        assertThat(lossless.restTexts()).containsExactly("in: 5000 messages, 0 to 4999, 0 missing");
        for (Tap other : others) {
            assertThat(other.nextText()).as("a lossy edge keeps the newest").contains(" to 4999, ");
        }
        trial.result().status().edges().forEach(Trial::assertAddsUp);
    }

    @Test
    void shouldKeepEachInputInOrderWhenSeveralSourcesFeedOneNode() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: a, class: Driver, inputs: {command: millrace/app/a}, outputs: [out, report]}
                  - {id: b, class: Driver, inputs: {command: millrace/app/b}, outputs: [out, report]}
                  - {id: c, class: Driver, inputs: {command: millrace/app/c}, outputs: [out, report]}
                  - {id: sink, class: Collector, inputs: {a: a/out, b: b/out, c: c/out}, outputs: [report]}
                """);
        Tap report = trial.tap("sink/report");
        List<Commands> drivers = List.of(trial.drive("a"), trial.drive("b"), trial.drive("c"));
        for (Commands driver : drivers) {
            driver.tell("pattern 3000 16");
        }
        drivers.forEach(Commands::close);
        assertThat(report.restTexts())
                .containsExactly(
                        "a: 3000 messages, 0 to 2999, 0 missing",
                        "b: 3000 messages, 0 to 2999, 0 missing",
                        "c: 3000 messages, 0 to 2999, 0 missing");
    }

    @Test
    void shouldDeliverOverBothWaysWhenGraphIsDiamond() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: left, class: Relay, inputs: {in: driver/out}, outputs: [out]}
                  - {id: right, class: Relay, inputs: {in: {source: driver/out, queue_size: 1}}, outputs: [out]}
                  - {id: sink, class: Collector, inputs: {left: left/out, right: right/out}, outputs: [report]}
                """);
        Tap report = trial.tap("sink/report");
        try (Commands driver = trial.drive("driver")) {
            driver.tell("pattern 3000 16");
        }
        assertThat(report.restTexts())
                .containsExactly(
                        "left: 3000 messages, 0 to 2999, 0 missing", "right: 3000 messages, 0 to 2999, 0 missing");
    }

    @Test
    void shouldDeliverToEachInputWhenOneOutputFeedsTwoOfTheSameNode() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: sink, class: Collector, inputs: {x: driver/out, y: {source: driver/out, queue_size: 2}}, outputs: [report]}
                """);
        Tap report = trial.tap("sink/report");
        try (Commands driver = trial.drive("driver")) {
            driver.tell("pattern 1000 16");
        }
        assertThat(report.restTexts())
                .containsExactly("x: 1000 messages, 0 to 999, 0 missing", "y: 1000 messages, 0 to 999, 0 missing");
    }

    @Test
    void shouldRunRoundWhenCycleHasOneLossyEdge() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: ping, class: Countdown, inputs: {start: millrace/app/start, back: {source: pong/out, queue_policy: drop_oldest}}, outputs: [out, report]}
                  - {id: pong, class: Countdown, inputs: {in: ping/out}, outputs: [out, report]}
                """);
        Tap report = trial.tap("ping/report");
        trial.running().publisher("start").send("1000", Trial.DEADLINE);
        assertThat(report.nextText()).isEqualTo("done");
        assertThat(trial.edge("pong/out -> ping/back").dropped()).isZero();
    }

    @Test
    void shouldRunRoundWhenNodeFeedsItself() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: self, class: Countdown, inputs: {start: millrace/app/start, back: self/out}, outputs: [out, report]}
                """);
        Tap report = trial.tap("self/report");
        trial.running().publisher("start").send("100", Trial.DEADLINE);
        assertThat(report.nextText()).isEqualTo("done");
    }

    @Test
    void shouldDeliverEveryMessageWhenChainIsFiftyNodesLong() throws Exception {
        StringBuilder yaml = new StringBuilder("""
                queue_policy: backpressure
                nodes:
                  - {id: n0, class: Driver, inputs: {command: millrace/app/n0}, outputs: [out, report]}
                """);
        IntStream.rangeClosed(1, 50)
                .forEach(n -> yaml.append(
                        "  - {id: n" + n + ", class: Relay, inputs: {in: n" + (n - 1) + "/out}, outputs: [out]}\n"));
        yaml.append("  - {id: sink, class: Collector, inputs: {in: n50/out}, outputs: [report]}\n");
        Trial trial = run(yaml.toString());
        Tap report = trial.tap("sink/report");
        try (Commands driver = trial.drive("n0")) {
            driver.tell("pattern 1000 16");
        }
        assertThat(report.restTexts()).containsExactly("in: 1000 messages, 0 to 999, 0 missing");
    }

    @Test
    void shouldTakeEveryMessageWhenNobodyReadsTheOutput() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                """);
        try (Commands driver = trial.drive("driver")) {
            assertThat(driver.ask("fill 1000")).isEqualTo("ACCEPTED after 1000");
            assertThat(driver.ask("room")).isEqualTo("room true, closed false");
        }
        // Two answers were sent as well.
        assertThat(trial.result().status().node("driver").sent()).isEqualTo(1002);
    }

    @Test
    void shouldServeQuietInputWhenAnotherIsFlooded() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: flood, class: Flood, outputs: [out]}
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: busy, class: Sorter, inputs: {flood: {source: flood/out, queue_size: 20000}, quiet: driver/out}, outputs: [quiet]}
                """);
        // So long a queue never runs empty, even where the flood has to wait for a core.
        Tap quiet = trial.tap("busy/quiet");
        Commands driver = trial.drive("driver");
        driver.ask("send 3");
        assertThat(quiet.texts(3)).containsExactly("0", "1", "2");
    }

    @Test
    void shouldOfferMessageAgainWhenBatchIsNotTakenWhole() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: driver, class: Driver, inputs: {command: millrace/app/driver}, outputs: [out, report]}
                  - {id: sipper, class: Sipper, config: {sip: 2}, inputs: {in: driver/out}, outputs: [out]}
                """);
        Tap out = trial.tap("sipper/out");
        try (Commands driver = trial.drive("driver")) {
            driver.ask("send 501");
        }
        assertThat(out.restTexts())
                .containsExactlyElementsOf(
                        IntStream.range(0, 501).mapToObj(Integer::toString).toList());
    }
}
