package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.Tap.Heard;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Tap.OutputCounts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What nodes log comes as messages to those who asked for it, and to nobody else; no logger ever waits for a reader. */
public abstract class LogContract extends DataflowContract {
    private static final Pattern FIELD = Pattern.compile("\"(node_id|level|message)\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final String TWO_TALKERS = """
            queue_policy: backpressure
            nodes:
              - {id: a, class: Chatter, inputs: {in: millrace/app/a}, outputs: [report]}
              - {id: b, class: Chatter, inputs: {in: millrace/app/b}, outputs: [report]}
            """;

    /** {@code node LEVEL message} of each record. */
    private static List<String> records(List<String> jsons) {
        return jsons.stream().map(LogContract::record).toList();
    }

    private static String record(String json) {
        String[] found = {"?", "?", "?"};
        Matcher matcher = FIELD.matcher(json);
        while (matcher.find()) {
            int place = List.of("node_id", "level", "message").indexOf(matcher.group(1));
            if (found[place].equals("?")) {
                found[place] = matcher.group(2);
            }
        }
        return String.join(" ", found);
    }

    /** What a recorder reports of its input {@code logs}. */
    private static List<String> inputs(List<String> report) {
        return records(report.stream()
                .filter(line -> line.startsWith("input logs "))
                .map(line -> line.substring("input logs ".length()))
                .toList());
    }

    private static void tell(Trial trial, String node, String command) throws InterruptedException {
        assertThat(trial.running().publisher(node).send(command, Trial.DEADLINE))
                .isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    void shouldReceiveTheRecordsOfAllOthersWhenAnInputReadsLogs() throws Exception {
        Trial trial =
                run(TWO_TALKERS + "  - {id: viewer, class: Recorder, inputs: {logs: dora/logs}, outputs: [report]}\n");
        Tap viewer = trial.tap("viewer/report");
        try (Commands a = trial.drive("a");
                Commands b = trial.drive("b")) {
            a.ask("info first \"quoted\"");
            b.ask("trace second");
            a.ask("elsewhere error third");
        }
        assertThat(inputs(viewer.restTexts()))
                .containsExactly("a INFO first \\\"quoted\\\"", "b TRACE second", "a ERROR third");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldReceiveOnlyWhatMatchesWhenLevelAndNodeAreNamed() throws Exception {
        Trial trial = run(TWO_TALKERS + """
                  - {id: warnings, class: Recorder, inputs: {logs: dora/logs/warn}, outputs: [report]}
                  - {id: ears, class: Recorder, inputs: {logs: millrace/logs/info/b}, outputs: [report]}
                """);
        Tap warnings = trial.tap("warnings/report");
        Tap ears = trial.tap("ears/report");
        try (Commands a = trial.drive("a");
                Commands b = trial.drive("b")) {
            for (String level : List.of("error", "warn", "info", "debug")) {
                a.ask(level + " said");
                b.ask(level + " said");
            }
        }
        assertThat(inputs(warnings.restTexts()))
                .containsExactly("a ERROR said", "b ERROR said", "a WARN said", "b WARN said");
        assertThat(inputs(ears.restTexts())).containsExactly("b ERROR said", "b WARN said", "b INFO said");
    }

    @Test
    void shouldSendRecordsAlongWhenTheyAreAnOutput() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: a, class: Chatter, send_logs_as: records, inputs: {in: millrace/app/a}, outputs: [report, records]}
                  - {id: sink, class: Recorder, inputs: {logs: a/records}, outputs: [report]}
                """);
        Tap sink = trial.tap("sink/report");
        Tap records = trial.tap("a/records");
        try (Commands a = trial.drive("a")) {
            a.ask("debug fine");
            a.ask("throw glass");
        }
        assertThat(inputs(sink.restTexts())).containsExactly("a DEBUG fine", "a ERROR it broke: glass");
        List<Heard> heard = records.rest();
        assertThat(heard)
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.format()).isEqualTo(PayloadFormat.JSON));
        assertThat(heard.get(1).text())
                .startsWith("{\"build_id\":null,")
                .contains(
                        "\"timestamp\":\"20",
                        "Z\",\"fields\":{\"dataflow\":",
                        "java.lang.IllegalStateException: on purpose")
                .endsWith("}}");
    }

    @Test
    void shouldKeepNobodyElseFromARecordWhenOneReaderHasNoRoomForIt() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                queue_size: 1000
                nodes:
                  - {id: a, class: Chatter, send_logs_as: records, inputs: {in: millrace/app/a}, outputs: [report]}
                  - {id: sink, class: Recorder, inputs: {logs: a/records}, outputs: [report]}
                """);
        Tap sink = trial.tap("sink/report");
        CountDownLatch mayGoOn = new CountDownLatch(1);
        io.millrace.runtime.Tap slow = trial.running()
                .tap(List.of("a/records"), SubscribeOptions.backpressure(1), (output, record) -> mayGoOn.await());
        try (Commands a = trial.drive("a")) {
            a.ask("burst 500");
        }
        assertThat(inputs(sink.restTexts())).hasSize(500).endsWith("a INFO number 499");
        mayGoOn.countDown();
        slow.completion().toCompletableFuture().get(60, TimeUnit.SECONDS);
        OutputCounts counts = slow.counts().get(0);
        assertThat(counts.dropped()).isPositive();
        assertThat(counts.received() + counts.dropped()).isEqualTo(500);
    }

    @Test
    void shouldLeaveOutWhatIsBelowTheLowestLevelOfItsNode() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: a, class: Chatter, min_log_level: warn, send_logs_as: records, inputs: {in: millrace/app/a}, outputs: [report]}
                  - {id: viewer, class: Recorder, inputs: {logs: dora/logs}, outputs: [report]}
                """);
        Tap viewer = trial.tap("viewer/report");
        Tap records = trial.tap("a/records");
        try (Commands a = trial.drive("a")) {
            a.ask("info unheard");
            a.ask("warn heard");
        }
        assertThat(inputs(viewer.restTexts())).containsExactly("a WARN heard");
        assertThat(records(records.restTexts())).containsExactly("a WARN heard");
    }

    @Test
    void shouldHearNothingOfItselfWhenAReaderOfLogsLogs() throws Exception {
        Trial trial = run(TWO_TALKERS + """
                  - id: talker
                    operators:
                      - {id: mouth, class: Chatter, inputs: {in: millrace/app/talker}, outputs: [report]}
                      - {id: ear, class: Recorder, inputs: {logs: dora/logs}, outputs: [report]}
                """);
        Tap ear = trial.tap("talker/ear/report");
        Tap mouth = trial.tap("talker/mouth/report");
        try (Commands a = trial.drive("a")) {
            tell(trial, "talker", "error mine");
            assertThat(mouth.nextText()).isEqualTo("done");
            a.ask("info yours");
        }
        trial.running().publisher("b").close();
        trial.running().publisher("talker").close();
        assertThat(inputs(ear.restTexts())).containsExactly("a INFO yours");
    }

    @Test
    void shouldEndWhenReadersOfLogsReadEachOther() throws Exception {
        Trial trial = run(TWO_TALKERS + """
                  - {id: one, class: Recorder, inputs: {logs: dora/logs}, outputs: [report]}
                  - {id: two, class: Recorder, inputs: {logs: dora/logs, in: one/report}, outputs: [report]}
                  - {id: three, class: Recorder, inputs: {logs: dora/logs/info/two}, outputs: [report]}
                """);
        trial.running().publisher("a").close();
        trial.running().publisher("b").close();
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldHearOfTheWholeLifeWhenANodeLogsFromOpenToClose() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: a, class: Chatter, config: {logs_all_its_life: true}, inputs: {in: millrace/app/a}}
                  - {id: viewer, class: Recorder, inputs: {logs: dora/logs}, outputs: [report]}
                """);
        Tap viewer = trial.tap("viewer/report", io.millrace.runtime.SubscribeOptions.backpressure(100));
        trial.running().stop(Duration.ofSeconds(30));
        assertThat(viewer.restTexts()).endsWith("closed logs", "all closed");
        assertThat(trial.result().status().node("viewer").received()).isEqualTo(2);
        assertThat(trial.result().state()).isEqualTo(DataflowState.STOPPED);
    }

    @Test
    void shouldHearOfEveryIncarnationWhenANodeIsRestarted() throws Exception {
        Trial trial = run("""
                queue_policy: backpressure
                nodes:
                  - {id: a, class: Chatter, restart_policy: on-failure, send_logs_as: records, inputs: {in: millrace/app/a}, outputs: [report]}
                  - {id: viewer, class: Recorder, inputs: {logs: dora/logs}, outputs: [report]}
                """);
        Tap viewer = trial.tap("viewer/report");
        Tap records = trial.tap("a/records");
        tell(trial, "a", "info before");
        tell(trial, "a", "fail");
        tell(trial, "a", "info after");
        trial.running().publisher("a").close();
        assertThat(records(records.restTexts())).containsExactly("a INFO before", "a INFO after");
        assertThat(inputs(viewer.restTexts())).containsExactly("a INFO before", "a INFO after");
    }

    @Test
    void shouldGoOnAndCountWhatIsLostWhenReadersStandStill() throws Exception {
        Trial trial = run("""
                nodes:
                  - {id: a, class: Chatter, inputs: {in: {source: millrace/app/a, queue_policy: backpressure}}, outputs: [report]}
                  - {id: newest, class: Holder, inputs: {logs: {source: dora/logs, queue_size: 3}}, outputs: [report, gate]}
                  - {id: every, class: Holder, inputs: {logs: {source: dora/logs/info, queue_size: 3, queue_policy: backpressure}}, outputs: [report, gate]}
                """);
        Tap newestGate = trial.gate("newest");
        Tap everyGate = trial.gate("every");
        Tap newest = trial.tap("newest/report");
        Tap every = trial.tap("every/report");
        try (Commands a = trial.drive("a")) {
            a.ask("info first");
            newest.nextText();
            every.nextText();
            a.ask("burst 100");
            assertThat(trial.edge("dora/logs -> newest/logs").dropped()).isEqualTo(97);
            assertThat(trial.running().metrics().node("a").lostLogRecords()).isEqualTo(97);
            newestGate.next();
            everyGate.next();
        }
        assertThat(inputs(newest.restTexts()))
                .containsExactly("a INFO number 97", "a INFO number 98", "a INFO number 99");
        assertThat(inputs(every.restTexts())).containsExactly("a INFO number 0", "a INFO number 1", "a INFO number 2");
    }
}
