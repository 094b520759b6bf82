package io.millrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.graph.Build;
import io.millrace.graph.Execution.Idle;
import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Source.ProgramSource;
import io.millrace.graph.Source.PythonSource;
import io.millrace.graph.Supervision.RestartPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodesTest {

    @Test
    void shouldReadEveryKeyIntoTheGraph() {
        Graph graph = Loads.graph(Loads.resource("every-key.yml"));

        assertThat(graph.name()).isEqualTo("every key");
        assertThat(graph.settings())
                .isEqualTo(new GraphSettings(
                                GraphSettings.OnFailure.STOP, true, false, Optional.of(Duration.ofMillis(500)))
                        .withThreads(4));
        GraphNode feed = graph.node("feed");
        assertThat(feed.supervision().restartPolicy()).isEqualTo(RestartPolicy.ON_FAILURE);
        assertThat(feed.supervision().maxRestarts()).isEqualTo(5);
        assertThat(feed.supervision().restartDelay()).contains(Duration.ofMillis(500));
        assertThat(feed.supervision().maxRestartDelay()).contains(Duration.ofSeconds(10));
        assertThat(feed.supervision().restartWindow()).contains(Duration.ofMinutes(5));
        assertThat(feed.supervision().healthCheckTimeout()).contains(Duration.ofMinutes(2));
        assertThat(feed.execution().isolation()).isEqualTo(Isolation.THREAD);
        assertThat(feed.execution().idle()).contains(Idle.BUSY_SPIN);
        assertThat(feed.execution().cpuAffinity()).containsExactly(0, 1);
        assertThat(feed.execution().payloadBudgetBytes()).hasValue(64 << 20);
        GraphOperator code = feed.operator("");
        assertThat(lines(feed)).containsExactly("mvn package");
        assertThat(code.logs().sendLogsAs()).contains("log");
        assertThat(code.logs().minLevel()).contains("info");
        assertThat(code.logs().maxSizeBytes()).hasValue(50 << 20);
        assertThat(code.logs().maxRotatedFiles()).hasValue(3);
        assertThat(code.outputs()).extracting(GraphOutput::id).containsExactly("line", "raw/line", "log");
        assertThat(graph.node("single").execution().isolation()).isEqualTo(Isolation.PROCESS);
        assertThat(graph.node("single").operators())
                .extracting(GraphOperator::id)
                .containsExactly("op");
        assertThat(graph.node("parser").operator("old").source())
                .isEqualTo(new PythonSource("old.py", Optional.of("py3")));
        assertThat(graph.node("program").execution().isolation()).isEqualTo(Isolation.PROCESS);
        assertThat(graph.node("program").operator("").source())
                .isEqualTo(new ProgramSource("bin/program", Optional.of("--home /home/ada --dollar $")));
        assertThat(graph.node("oldest").operator("").source())
                .isEqualTo(new ProgramSource("./oldest", Optional.of("--seconds 0.5")));
        assertThat(graph.applicationInputs()).containsExactly("go");
    }

    @Test
    void shouldTellWrittenFromUnwrittenWhenANodeIsNeverRestarted() {
        Graph graph = Loads.graph("nodes: [{id: a, path: x}, {id: b, path: x, restart_policy: never}]");

        assertThat(graph.node("a").supervision().restartPolicy()).isEqualTo(RestartPolicy.NEVER);
        assertThat(graph.node("b").supervision().restartPolicy()).isEqualTo(RestartPolicy.NEVER);
        assertThat(graph.node("a").supervision().isPlacedAgain()).isTrue();
        assertThat(graph.node("b").supervision().isPlacedAgain()).isFalse();
    }

    @Test
    void shouldNameTheDataflowAfterItsFileWhenItHasNoName() {
        Graph graph = Loads.graph("nodes: [{id: a, path: x}]");

        assertThat(graph.name()).isEqualTo("flow");
        assertThat(graph.file()).isEmpty();
        assertThat(graph.directory()).isEqualTo(Path.of("").toAbsolutePath());
        assertThat(Loads.graph("name: my flow\nnodes: [{id: a, path: x}]").name())
                .isEqualTo("my flow");
    }

    @Test
    void shouldReadBothDialectsAlikeWhenTheyAreMixed() {
        Graph graph = Loads.graph("""
                nodes:
                  - id: old
                    env: {A: 1, B: 1}
                    restart_policy: always
                    custom:
                      source: bin/old
                      args: --x
                      build: make
                      envs: {B: 2}
                      inputs: {tick: dora/timer/millis/5}
                      outputs: [o]
                  - id: new
                    env: {A: 1, B: 2}
                    restart_policy: always
                    path: bin/old
                    args: --x
                    build: make
                    inputs: {tick: dora/timer/millis/5, o: old/o}
                    outputs: [o]
                """);

        GraphNode old = graph.node("old");
        GraphNode fresh = graph.node("new");
        assertThat(old.env()).isEqualTo(fresh.env());
        assertThat(old.supervision()).isEqualTo(fresh.supervision());
        assertThat(old.execution()).isEqualTo(fresh.execution());
        assertThat(old.operator("").source()).isEqualTo(fresh.operator("").source());
        assertThat(lines(old)).isEqualTo(lines(fresh)).containsExactly("make");
        assertThat(old.operator("").outputs())
                .extracting(GraphOutput::id)
                .isEqualTo(fresh.operator("").outputs().stream()
                        .map(GraphOutput::id)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    {id: a}                                   | 1:9: error: the node 'a' has no source: give it one of 'class', 'path', 'operator', 'operators'
                    {id: a, path: x, class: b.C}              | 1:26: error: the node 'a' has 'path' and 'class', but a node or operator has one source: keep one
                    {id: a, path: x, operator: {python: x}}   | 1:26: error: the node 'a' has 'path' and 'operator', but a node or operator has one source: keep one
                    {id: a, path: x, custom: {source: x}}     | 1:35: error: 'source' is written under 'custom' and as 'path' beside it: write it once
                    {id: a, custom: {}}                       | 1:17: error: 'custom' has no 'source'
                    {id: a, custom: {run: x, args: y}}        | 1:31: error: 'run' stands for 'source' and 'args': write either it or them
                    {id: a, operator: {}}                     | 1:27: error: the operator has no source: give it one of 'class', 'python', 'shared-library'
                    {id: a, operator: {python: {}}}           | 1:36: error: 'python' has no 'source'
                    {id: a, operators: [{python: x}]}         | 1:29: error: the operator has no 'id'
                    {id: a, operators: []}                    | 1:17: error: 'operators' is an empty list: expected at least one operator
                    {id: a, path: x, config: {}}              | 1:26: error: 'config' goes with a 'class', which is not written
                    {id: a, path: x, classpath: []}           | 1:26: error: 'classpath' goes with a 'class', which is not written
                    {id: a, class: b.C, args: x}              | 1:29: error: 'args' goes with a 'path', which is not written
                    {id: a, class: b c}                       | 1:24: error: 'class': found 'b c', expected the full name of a class such as com.example.Camera
                    {id: a, path: x, isolation: thread}       | 1:37: error: 'isolation': found 'thread', but a program is always a process of its own: leave it out
                    {id: a, path: ' '}                        | 1:23: error: 'path': found blank text, expected a path
                    {id: a, operator: {python: x}, build: y}  | 1:40: error: 'build' beside 'operator' has no effect: move it into the operator
                    {id: a, path: x, inputs: {i: {}}}         | 1:38: error: input 'i' has no 'source'
                    {id: a, path: x, inputs: {i: nowhere}}    | 1:38: error: input 'i': source 'nowhere': expected node/output, node/operator/output or a built-in source
                    {id: a, module: m.yml, build: x}          | 1:32: error: 'build' does not belong beside 'module'
                    """)
    void shouldSayWhatIsWrongWhenKeysDoNotGoTogether(String node, String error) {
        assertThat(Loads.errors("nodes: [" + node + "]")).contains("flow.yml:" + error);
    }

    @Test
    void shouldAcceptEmptyPortsWhenTheyStandBesideAnOperator() {
        assertThat(Loads.errors("nodes: [{id: a, inputs: {}, outputs: [], operator: {python: x}}]"))
                .isEmpty();
    }

    @Test
    void shouldNotBlameAReaderWhenANodesOutputsAreUnknown() {
        assertThat(Loads.errors("""
                        nodes:
                          - {id: broken, path: x, outputs: 5}
                          - {id: foreign, hub: some-node, inputs: {in: nobody/knows}}
                          - {id: reader, path: y, inputs: {a: broken/out, b: foreign/out, c: reader/none}}
                        """))
                .containsExactly(
                        "flow.yml:2:36: error: 'outputs': found the number 5, expected a list",
                        "flow.yml:3:19: error: 'hub' is recognised, not supported yet",
                        "flow.yml:4:67: error: input 'reader/c' reads 'reader/none', but 'reader' has no outputs");
    }

    @Test
    void shouldTakeQueuesFromTheDataflowWhenAnInputSaysNothing() {
        Graph graph = Loads.graph("""
                queue_size: 50
                queue_policy: backpressure
                nodes:
                  - {id: s, path: x, outputs: [o]}
                  - id: r
                    path: y
                    inputs:
                      plain: s/o
                      sized: {source: s/o, queue_size: 7}
                      lossy: {source: s/o, queue_policy: drop_oldest, input_timeout: 3}
                      newest: {source: s/o, queue_policy: latest}
                """);

        assertThat(graph.node("r").inputs())
                .extracting(GraphInput::id, GraphInput::queueSize, GraphInput::policy, GraphInput::queueWritten)
                .containsExactly(
                        tuple("plain", 50, QueuePolicy.BACKPRESSURE, false),
                        tuple("sized", 7, QueuePolicy.BACKPRESSURE, true),
                        tuple("lossy", 50, QueuePolicy.DROP_OLDEST, true),
                        tuple("newest", 1, QueuePolicy.LATEST, true));
        assertThat(graph.node("r").inputs().get(2).timeout()).contains(Duration.ofSeconds(3));
    }

    @Test
    void shouldKeepTenMessagesAndDropTheOldestWhenNothingIsWritten() {
        GraphInput input = Loads.graph("nodes: [{id: a, path: x, outputs: [o], inputs: {i: a/o}}]")
                .node("a")
                .inputs()
                .get(0);

        assertThat(input.queueSize()).isEqualTo(10);
        assertThat(input.policy()).isEqualTo(QueuePolicy.DROP_OLDEST);
    }

    @Test
    void shouldRefuseAQueueSizeWhenOnlyTheLatestIsKept() {
        assertThat(
                        Loads.errors(
                                "nodes: [{id: a, path: x, outputs: [o], inputs: {i: {source: a/o, queue_size: 5, queue_policy: latest}}}]"))
                .containsExactly(
                        "flow.yml:1:66: error: input 'i' has queue_policy latest, which keeps one message: leave"
                                + " queue_size out, or choose drop_oldest");
    }

    @Test
    void shouldWarnWhenATypeNamesNoPort() {
        assertThat(Loads.warnings("""
                        nodes:
                          - id: a
                            path: x
                            outputs: [image]
                            inputs: {tick: dora/timer/secs/1}
                            input_types: {tik: T}
                            output_types: {imag: T}
                            output_metadata: {none: [x]}
                        """))
                .containsExactly(
                        "flow.yml:6:19: warning: 'input_types' names 'tik', which is not an input among [tick]; did you"
                                + " mean 'tick'?",
                        "flow.yml:7:20: warning: 'output_types' names 'imag', which is not an output among [image]; did"
                                + " you mean 'image'?",
                        "flow.yml:8:23: warning: 'output_metadata' names 'none', which is not an output among [image]");
    }

    @Test
    void shouldBeStrictAboutTypesWhenTheCallerIs() {
        String text =
                "nodes: [{id: a, path: x, outputs: [o], output_types: {o: A}, inputs: {i: a/o}, input_types: {i: B}}]";

        assertThat(Loads.warnings(text)).hasSize(1);
        assertThat(Loads.errors("strict_types: true\n" + text)).hasSize(1);
        assertThat(Loads.errors(YamlDataflow.parse(
                        text, "flow.yml", new YamlOptions(Loads.ENVIRONMENT, true, Optional.empty(), false))))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"send_logs_as", "send_stdout_as"})
    void shouldKnowTheTypeOfAnOutputWhenOnlyLogsAreSentOnIt(String key) {
        String text = "nodes: [{id: a, path: x, " + key + ": l, output_types: {l: A}},"
                + " {id: b, path: x, inputs: {i: a/l}, input_types: {i: B}}]";

        assertThat(Loads.warnings(text))
                .singleElement()
                .asString()
                .contains("edge 'a/l -> b/i' carries 'A', but the input expects 'B'");
        assertThat(Loads.errors("strict_types: true\n" + text)).hasSize(1);
    }

    private static List<String> lines(GraphNode node) {
        return commands(node).stream().map(Build.Command::line).toList();
    }

    private static List<Build.Command> commands(GraphNode node) {
        return node.operators().get(0).build().orElseThrow().commands();
    }

    @Test
    void shouldKnowTheLineOfEachCommandWhenTheyStandBelowEachOther() {
        Graph graph = Loads.graph("""
                nodes:
                  - id: block
                    path: x
                    build: |  # two

                      make  all

                        make 'the rest'
                  - {id: plain, path: x, build: " make plain "}
                  - id: folded
                    path: x
                    build: >
                      make
                      folded
                """);

        assertThat(commands(graph.node("block")))
                .extracting(Build.Command::line, command -> command.location().toString())
                .containsExactly(tuple("make  all", "flow.yml:6"), tuple("make 'the rest'", "flow.yml:8"));
        assertThat(commands(graph.node("plain")))
                .extracting(Build.Command::line, command -> command.location().toString())
                .containsExactly(tuple("make plain", "flow.yml:9:33"));
        assertThat(lines(graph.node("folded"))).containsExactly("make folded");
    }

    @Test
    void shouldReportOnlyThatIdsAreMissingWhenSeveralOperatorsHaveNone() {
        assertThat(Loads.errors("""
                nodes:
                  - id: a
                    operators:
                      - {class: x.A, outputs: [out]}
                      - {class: x.B}
                  - {id: b, class: x.C, inputs: {in: a/op/out}}
                """))
                .containsExactly(
                        "flow.yml:4:9: error: the operator has no 'id'",
                        "flow.yml:5:9: error: the operator has no 'id'");
    }

    @Test
    void shouldRefuseRunUnderCustomWhenWhatItStandsForIsWrittenBesideIt() {
        assertThat(Loads.errors("nodes: [{id: a, path: y, args: z, custom: {run: x --q}}]"))
                .containsExactly(
                        "flow.yml:1:44: error: 'run' is written under 'custom' and as 'path' beside it: write it once",
                        "flow.yml:1:44: error: 'run' is written under 'custom' and as 'args' beside it: write it once");
    }

    @Test
    void shouldCountWhatIsNotListedWhenThereAreVeryManyWarnings() {
        String types = IntStream.range(0, 1_500).mapToObj(i -> "t" + i + ": x").collect(Collectors.joining(", "));

        assertThat(Loads.warnings("nodes: [{id: a, path: x, input_types: {" + types + "}}]"))
                .hasSize(1_001)
                .last()
                .asString()
                .endsWith("warning: 500 more of this kind are not listed");
    }

    @Test
    void shouldWarnOfKeysOfRestartsWhereThereAreNone() {
        String text = """
                nodes:
                  - id: a
                    path: x
                    restart_delay: 1
                    max_restarts: 3
                  - {id: b, path: x, restart_policy: never, restart_window: 1m}
                  - {id: c, path: x, restart_policy: on-failure, max_restarts: 3, restart_delay: 1}
                """;

        assertThat(Loads.warnings(text))
                .hasSize(3)
                .anyMatch(
                        line -> line.startsWith("flow.yml:5:5: warning: 'max_restarts' changes nothing, for the node"))
                .anyMatch(line -> line.startsWith("flow.yml:4:5: warning: 'restart_delay' changes nothing"))
                .anyMatch(line -> line.startsWith("flow.yml:6:45: warning: 'restart_window' changes nothing"));
    }
}
