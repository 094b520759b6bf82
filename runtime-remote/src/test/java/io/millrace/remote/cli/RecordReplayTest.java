package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace run --record} and {@code millrace replay} from the outside. */
class RecordReplayTest {
    private static final String NODES = "io.millrace.remote.cli.nodes.";

    /** As the launcher passes them where something is recorded. */
    static final List<String> FLAGS = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED");

    @TempDir
    private Path directory;

    private final Streams streams = new Streams();

    private String flow(int count) throws IOException {
        String yaml = """
                name: sum
                nodes:
                  - {id: count, class: %sCounting, config: {count: %d}, outputs: [numbers]}
                  - id: add
                    class: %sAdding
                    inputs:
                      in: {source: count/numbers, queue_size: 256, queue_policy: backpressure}
                """.formatted(NODES, count, NODES);
        return Files.writeString(directory.resolve("flow.yml"), yaml).toString();
    }

    private String recording() {
        return directory.resolve("recording").toString();
    }

    private void record(int count, String... options) throws Exception {
        String[] arguments = new String[options.length + 4];
        arguments[0] = "run";
        arguments[1] = "--record";
        arguments[2] = recording();
        System.arraycopy(options, 0, arguments, 3, options.length);
        arguments[options.length + 3] = flow(count);
        assertThat(streams.execute(arguments)).as(streams.err()).isZero();
    }

    @Test
    void shouldRecordAndGiveTheSameSumWhenReplayed() throws Exception {
        try (MillraceProcess run =
                MillraceProcess.start(directory, FLAGS, "run", "--record", recording(), flow(1000))) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err()).isEqualTo("millrace: dataflow 'sum' runs: 2 nodes, 1 edge\n");
            assertThat(run.out()).contains("the sum is 499500");
            assertThat(run.out()).containsPattern("\nrecorded 1,000 messages, [0-9.]+ KB, in '" + recording() + "'");
        }
        // To read and to feed needs no flag.
        try (MillraceProcess replay =
                MillraceProcess.start(directory, "replay", recording(), "--into", flow(5), "--speed", "0")) {
            assertThat(replay.exitCode()).as(replay.err()).isZero();
            assertThat(replay.out()).contains("the sum is 499500", "replayed 1,000 messages in place of count\n");
        }
        try (MillraceProcess replay = MillraceProcess.start(directory, "replay", recording(), "--limit", "2")) {
            assertThat(replay.exitCode()).as(replay.err()).isZero();
            List<String> lines = replay.out().lines().toList();
            assertThat(lines).hasSize(2);
            assertThat(lines.get(1))
                    .matches("20[0-9-]{8}T[0-9:.]{15}Z  count/numbers  1  8 B  01 00 00 00 00 00 00 00");
            assertThat(replay.err()).matches("millrace: 2 messages of dataflow 'sum', recorded from .*\n");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
    void shouldSayThatTheRecordingWasCutWhenTheRunWasKilled() throws Exception {
        try (MillraceProcess run =
                MillraceProcess.start(directory, FLAGS, "run", "--record", recording(), flow(Integer.MAX_VALUE))) {
            run.awaitErr("runs: 2 nodes");
            run.signal("KILL");
            assertThat(run.exitCode()).isEqualTo(128 + 9);
        }
        assertThat(streams.execute("replay", recording(), "--json"))
                .as(streams.err())
                .isZero();
        assertThat(streams.err()).contains("the recording was cut there");

        assertThat(streams.execute("replay", recording(), "--into", flow(1), "--speed", "0"))
                .as(streams.err())
                .isZero();
        assertThat(streams.out())
                .containsPattern("replayed [0-9,]+ messages? in place of count; the recording was cut there\n");
        assertThat(streams.execute("replay", recording(), "--into", flow(1), "--speed", "0", "--limit", "1"))
                .as(streams.err())
                .isZero();
        assertThat(streams.out()).endsWith("replayed 1 message in place of count\n");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals to send")
    void shouldRecordToTheSameDirectoryWhenARunWasInterruptedBeforeItsNodesWereOpen() throws Exception {
        Path slow = Files.writeString(
                directory.resolve("slow.yml"),
                "nodes: [{id: slow, class: " + NODES + "LongOpening, outputs: [out]}]\n");
        try (MillraceProcess run =
                MillraceProcess.start(directory, FLAGS, "run", "--record", recording(), slow.toString())) {
            run.awaitOut("it opens");
            run.signal("INT");
            assertThat(run.exitCode()).isEqualTo(128 + 2);
        }
        assertThat(directory.resolve("recording")).isEmptyDirectory();
        record(3, "--quiet");
    }

    @Test
    void shouldTellProgramsThatTheRecordingWasCutWhenItIsReplayed() throws Exception {
        record(1000, "--quiet");
        try (FileChannel file = FileChannel.open(file(directory.resolve("recording")), StandardOpenOption.WRITE)) {
            file.truncate(placeOf(500, directory.resolve("recording")));
        }
        Streams replay = new Streams();
        assertThat(replay.execute("replay", recording(), "--into", flow(1), "--speed", "0", "--quiet", "--json"))
                .as(replay.err())
                .isZero();
        assertThat(replay.out()).contains("\"replay\": {", "\"messages\": 500,", "\"missing\": 0,", "\"cut\": true");
        assertThat(replay.err()).isEqualTo("warning: the recording was cut: only what there is of it was replayed\n");
    }

    /** The one file of a short recording. */
    static Path file(Path recording) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(recording, "*.cq4")) {
            return files.iterator().next();
        }
    }

    /** Where in that file the payload's length stands of the message with this number in its 8 bytes. */
    static long placeOf(long number, Path recording) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file(recording))).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 12 <= all.limit(); at++) {
            if (all.getInt(at) == Long.BYTES && all.getLong(at + 4) == number) {
                return at;
            }
        }
        throw new AssertionError(number + " is not in the recording");
    }

    @Test
    void shouldNameTheFlagsWhenTheyAreMissing() throws Exception {
        try (MillraceProcess run = MillraceProcess.start(directory, "run", "--record", recording(), flow(10))) {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains(FLAGS.subList(3, 5)).doesNotContain("\tat ");
            assertThat(run.out()).isEmpty();
            assertThat(directory.resolve("recording")).doesNotExist();
        }
    }

    @Test
    void shouldNeedNoFlagWhenNothingIsRecorded() throws Exception {
        try (MillraceProcess run = MillraceProcess.start(directory, "run", flow(10))) {
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("the sum is 45").doesNotContain("recorded");
        }
    }

    @Test
    void shouldPrintJsonLinesWhenAskedTo() throws Exception {
        record(3, "--quiet");
        assertThat(streams.execute("replay", recording(), "--json", "--quiet")).isZero();
        List<String> lines = streams.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(2))
                .startsWith("{\"receivedAt\":\"20")
                .contains(
                        "\"output\":\"count/numbers\",\"incarnation\":0,\"sequence\":2,\"missing\":0,\"format\":\"bytes\",\"parameters\":{},")
                .endsWith("\"base64\":\"AgAAAAAAAAA=\"}");
        assertThat(streams.err()).isEmpty();
    }

    @Test
    void shouldPutTheRecordingIntoTheSummaryWhenItIsJson() throws Exception {
        record(7, "--json", "--record-drop", "--record-edge", "count/numbers -> add/in");
        assertThat(streams.out()).contains("\"recording\": {", "\"missing\": ", "\"output\": \"count/numbers\"");
    }

    @Test
    void shouldPrintWhatIsSelectedWhenATimeAndAnOutputAreGiven() throws Exception {
        record(50, "--quiet");
        assertThat(streams.execute("replay", recording(), "--output", "count/numbers", "--from", "1h"))
                .isZero();
        assertThat(streams.err()).contains("millrace: 0 messages of dataflow 'sum'");
        assertThat(streams.execute("replay", recording(), "--to", "2001-01-01T00:00:00Z"))
                .isZero();
        assertThat(streams.execute("replay", recording(), "--from", "2001-01-01T00:00:00Z", "--limit", "4"))
                .isZero();
        assertThat(streams.err()).contains("millrace: 4 messages of dataflow 'sum'");
    }

    @Test
    void shouldRefuseToRecordWhatAnApplicationPublishesWhenNoneIsInThisProcess() throws Exception {
        Path fed = Files.writeString(directory.resolve("fed.yml"), """
                nodes:
                  - {id: relay, class: io.millrace.contract.nodes.Relay, inputs: {in: millrace/app/told}, outputs: [out]}
                """);
        Dataflow dataflow = Dataflow.load(fed, LoadOptions.DEFAULT);
        assertThat(problems("millrace/app/told", dataflow))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .startsWith(
                                "'millrace/app/told' cannot be seen from here: what an application publishes goes"));
        assertThat(problems("app/typo", dataflow))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("cannot record 'app/typo'", "its outputs are [relay/out]"));
    }

    /** A node of one operator: an input may leave that out. */
    @Test
    void shouldRecordAnOutputWhenItIsNamedAsAnInputNamesIt() throws Exception {
        Path flow = Files.writeString(directory.resolve("operator.yml"), """
                nodes:
                  - id: relay
                    operators:
                      - {id: op, class: io.millrace.contract.nodes.Relay, inputs: {in: millrace/app/told}, outputs: [out]}
                """);
        Dataflow dataflow = Dataflow.load(flow, LoadOptions.DEFAULT);
        assertThat(problems("relay/op/out", dataflow)).isEmpty();
        assertThat(problems("relay/out", dataflow)).isEmpty();
    }

    private List<Problem> problems(String recorded, Dataflow dataflow) {
        RecordOption option = new RecordOption();
        CommandSpec command = CommandSpec.create().addMixin("record", CommandSpec.forAnnotatedObject(option));
        new CommandLine(command).parseArgs("--record", recording(), "--record-edge", recorded);
        return option.check(dataflow.graph());
    }

    @Test
    void shouldExitWith2WhenTheCommandMakesNoSense() throws Exception {
        assertRefused("says how to record", "run", "--record-drop", flow(1));
        assertRefused("says how to record", "run", "--record-edge", "count/numbers", flow(1));
        assertRefused(
                "cannot record 'count/nothing'",
                "run",
                "--record",
                recording(),
                "--record-edge",
                "count/nothing",
                flow(1));
        Path silent = Files.writeString(
                directory.resolve("silent.yml"), "nodes: [{id: a, path: x, inputs: {t: dora/timer/secs/1}}]");
        assertRefused("there is nothing to record: ", "run", "--record", recording(), silent.toString());
        assertThat(directory.resolve("recording")).doesNotExist();
        assertRefused("is not empty", "run", "--record", directory.toString(), flow(1));
        assertRefused("does not exist", "replay", directory.resolve("nowhere").toString());
        assertRefused("expected files", "replay", directory.toString());
        record(2, "--quiet");
        assertRefused("--speed says how to feed", "replay", recording(), "--speed", "2");
        assertRefused("--replace says how to feed", "replay", recording(), "--replace", "count");
        assertRefused("has no output 'count/other'", "replay", recording(), "--output", "count/other");
        assertRefused("a duration from the recording's begin", "replay", recording(), "--from", "yesterday");
        assertRefused("has no node 'nobody'", "replay", recording(), "--into", flow(1), "--replace", "nobody");
        assertRefused("nothing of node 'add'", "replay", recording(), "--into", flow(1), "--replace", "add");
        assertRefused("has no output 'typo'", "replay", recording(), "--into", flow(1), "--output", "typo");
        assertRefused("the speed must be 0 or more", "replay", recording(), "--into", flow(1), "--speed", "-1");
        assertRefused("the limit must not be negative", "replay", recording(), "--limit", "-1");
    }

    @Test
    void shouldRefuseToReplayWhenNoReplacedNodeSendsTheOutput() throws Exception {
        String relayed = """
                  - id: relay
                    class: io.millrace.contract.nodes.Relay
                    inputs: {in: {source: count/numbers, queue_policy: backpressure}}
                    outputs: [out]
                """;
        Path flow = Path.of(flow(2));
        Files.writeString(flow, Files.readString(flow) + relayed);
        assertThat(streams.execute("run", "--quiet", "--record", recording(), flow.toString()))
                .as(streams.err())
                .isZero();
        assertRefused(
                "[relay/out] none is sent by a node that is replaced",
                "replay",
                recording(),
                "--into",
                flow.toString(),
                "--output",
                "relay/out");
    }

    @Test
    void shouldRefuseToReplayWhenAnInputIsLeftToTheApplication() throws Exception {
        record(2, "--quiet");
        Path fed = directory.resolve("fed.yml");
        Files.writeString(fed, Files.readString(Path.of(flow(1))) + """
                  - {id: other, class: io.millrace.contract.nodes.Collector, inputs: {in: millrace/app/commands}, outputs: [report]}
                """);
        assertRefused(
                "input 'other/in' reads 'millrace/app/commands', which only an application",
                "replay",
                recording(),
                "--into",
                fed.toString());
    }

    @Test
    void shouldHintAtTheClassPathWhenAReplayLacksAClass() throws Exception {
        record(2, "--quiet");
        String file = flow(1);
        Files.writeString(
                Path.of(file), Files.readString(Path.of(file)).replaceAll("class: [\\w.$]+", "class: not.here.AtAll"));
        assertRefused("hint: classes of your own are found with --class-path", "replay", recording(), "--into", file);
    }

    @Test
    void shouldTellProgramsTooWhenNothingCanBeReplayed() throws Exception {
        String file = flow(1);
        assertToldPrograms(
                "\"message\": \"", "replay", directory.resolve("nowhere").toString(), "--into", file);
        record(2, "--quiet");
        Files.writeString(Path.of(file), Files.readString(Path.of(file)).replaceAll("Adding", "AtAll"));
        assertToldPrograms("\"problems\": [", "replay", recording(), "--into", file);
        Files.writeString(Path.of(file), "nodes: [{id: a, pth: x}]\n");
        assertToldPrograms("\"problems\": [", "replay", recording(), "--into", file);
    }

    private static void assertToldPrograms(String fact, String... arguments) {
        Streams own = new Streams();
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--json";
        assertThat(own.execute(all)).as(own.err()).isEqualTo(ExitCode.INVALID);
        assertThat(own.out()).contains("\"state\": \"invalid\"", "\"exitCode\": 2", fact);
    }

    private void assertRefused(String why, String... arguments) {
        Streams own = new Streams();
        assertThat(own.execute(arguments)).isEqualTo(ExitCode.INVALID);
        assertThat(own.err()).contains(why).doesNotContain("\tat ");
    }
}
