package io.millrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Source.ClassSource;
import io.millrace.graph.Source.ProgramSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

    private static GraphNode node(String line) {
        return Loads.graph("nodes:\n  - id: a\n    path: x\n    " + line + "\n").node("a");
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5000000000",
        "0.5, 500000000",
        ".5, 500000000",
        "1., 1000000000",
        "1e-3, 1000000",
        "0x10, 16000000000",
        "1ns, 1",
        "2us, 2000",
        "250ms, 250000000",
        "2s, 2000000000",
        "1.5s, 1500000000",
        "2 s, 2000000000",
        "3m, 180000000000",
        "3min, 180000000000",
        "1h, 3600000000000",
        "1d, 86400000000000",
        "1e-9, 1"
    })
    void shouldReadADurationWhenItIsANumberOrHasAUnit(String written, long nanos) {
        assertThat(node("restart_window: " + written).supervision().restartWindow())
                .contains(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "-1s",
                "1e999999999",
                "1e-999999999",
                "1e30",
                "300000d",
                ".nan",
                "1 fortnight",
                "s",
                "1s 1",
                "'5'"
            })
    void shouldRefuseADurationWhenItIsNone(String written) {
        assertThat(Loads.errors("nodes:\n  - id: a\n    path: x\n    restart_window: " + written + "\n"))
                .singleElement()
                .asString()
                .startsWith("flow.yml:4:21: error: 'restart_window': found ")
                .endsWith("expected a duration such as 1.5 (seconds), 250ms or 2s, more than zero");
    }

    @ParameterizedTest
    @CsvSource({
        "1024, 1024",
        "1KB, 1024",
        "1kb, 1024",
        "64 KB, 65536",
        "1KiB, 1024",
        "8MB, 8388608",
        "1.5M, 1572864",
        "1GB, 1073741824",
        "2T, 2199023255552",
        "100B, 100"
    })
    void shouldReadASizeInUnitsOf1024(String written, long bytes) {
        assertThat(node("payload_budget: " + written).execution().payloadBudgetBytes())
                .hasValue(bytes);
    }

    @Test
    void shouldKeepTheTextOfVariablesWhenTheyAreNumbers() {
        assertThat(node("env: {A: 0, B: 1.50, C: True, D: on, E: 0x10, F: '', G: 1:30, H: 2024-01-01}")
                        .env())
                .isEqualTo(Map.of(
                        "A",
                        "0",
                        "B",
                        "1.50",
                        "C",
                        "true",
                        "D",
                        "on",
                        "E",
                        "0x10",
                        "F",
                        "",
                        "G",
                        "1:30",
                        "H",
                        "2024-01-01"));
    }

    @Test
    void shouldMergeTheDataflowsVariablesWithThoseOfTheNode() {
        assertThat(Loads.graph("env: {A: 1, B: 2}\nnodes:\n  - {id: a, path: x, env: {B: 3, C: 4}}\n")
                        .node("a")
                        .env())
                .isEqualTo(Map.of("A", "1", "B", "3", "C", "4"));
        assertThat(Loads.errors("nodes: [{id: a, path: x, env: {'A=B': 1, '': 2}}]"))
                .containsExactly(
                        "flow.yml:1:32: error: 'env': 'A=B' cannot be the name of a variable: expected letters, digits and _,"
                                + " not a digit first",
                        "flow.yml:1:42: error: 'env': '' cannot be the name of a variable: expected letters, digits and _, not a"
                                + " digit first");
    }

    @Test
    void shouldRefuseVariablesThatAreNotForAFileToSetOnceEachWhereTheyAreWritten() {
        assertThat(Loads.errors("env: {LD_PRELOAD: x.so}\nnodes:\n  - {id: a, path: x}\n  - {id: b, path: x, env:"
                        + " {DORA_NODE_CONFIG: y, LD_LIBRARY_PATH: /z, DORA_MACHINE_ID: B}}\n"))
                .containsExactly(
                        "flow.yml:1:7: error: 'env': 'LD_PRELOAD' cannot be set in a dataflow file, and programs do not inherit"
                                + " it: leave it out",
                        "flow.yml:4:28: error: 'env': 'DORA_NODE_CONFIG' cannot be set in a dataflow file, for the runtime sets"
                                + " it: leave it out",
                        "flow.yml:4:49: error: 'env': 'LD_LIBRARY_PATH' cannot be set in a dataflow file: set it where the"
                                + " dataflow is started, programs inherit it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    plain text                | plain text
                    $HOME/x                   | /home/ada/x
                    ${HOME}x                  | /home/adax
                    ${NONE:-a b}              | a b
                    ${EMPTY:-c}               | c
                    ${HOME:-d}                | /home/ada
                    ${NONE:-}                 | ''
                    a$EMPTY-b                 | a-b
                    $$HOME                    | $HOME
                    $$$HOME                   | $/home/ada
                    5$ $1 $( a$               | 5$ $1 $( a$
                    ${NONE:-$HOME}            | $HOME
                    """)
    void shouldReplaceVariablesOnceWhenTheyAreWritten(String written, String expanded) {
        assertThat(node("env: {A: \"" + written + "\"}").env()).containsEntry("A", expanded);
    }

    @Test
    void shouldNotLookAtAValueAgainWhenItNamesAVariable() {
        YamlOptions options = YamlOptions.of(Map.of("A", "$B", "B", "c"));

        assertThat(YamlDataflow.parse("nodes: [{id: a, path: $A}]", "flow.yml", options)
                        .orThrow()
                        .node("a")
                        .operator("")
                        .source())
                .hasToString("path $B");
    }

    @Test
    void shouldSayWhichVariableIsMissing() {
        assertThat(Loads.errors(
                        "nodes:\n  - id: a\n    path: x/$NONE/y\n    args: ${NONE\n    env: {A: {__dora_env: NIL}}\n"))
                .containsExactly(
                        "flow.yml:3:11: error: 'path': the environment has no variable 'NONE': set it, or write"
                                + " '${NONE:-default}', or '$$' for a dollar sign",
                        "flow.yml:4:11: error: 'args': '${NONE' has a '${' that is not followed by NAME} or"
                                + " NAME:-default}; write '$$' for a dollar sign",
                        "flow.yml:5:14: error: 'env.A': the environment has no variable 'NIL': set it, or write"
                                + " '${NIL:-default}', or '$$' for a dollar sign");
    }

    @Test
    void shouldLeaveTheLineOfAShellAlone() {
        GraphNode node = Loads.graph("nodes:\n  - id: a\n    path: shell\n    args: echo $NONE $? ${X}\n")
                .node("a");

        assertThat(((ProgramSource) node.operator("").source()).args()).contains("echo $NONE $? ${X}");
    }

    @Test
    void shouldReadAConfigOfEveryKindOfValue() {
        String text = """
                nodes:
                  - id: a
                    class: com.example.A
                    config:
                      text: word
                      quoted: "5"
                      number: 5
                      hex: 0x10
                      octal: 0o17
                      decimal: 1.5
                      infinite: -.inf
                      flag: false
                      list: [1, [two], {three: 3}]
                      empty: {}
                      nothing:
                      from: $HOME/x
                      speed: $SPEED
                      kept: "$SPEED"
                      count: ${NONE:-7}
                """;

        ClassSource source =
                (ClassSource) Loads.graph(text).node("a").operator("").source();

        assertThat(source.config())
                .containsExactly(
                        Map.entry("text", "word"),
                        Map.entry("quoted", "5"),
                        Map.entry("number", 5L),
                        Map.entry("hex", 16L),
                        Map.entry("octal", 15L),
                        Map.entry("decimal", 1.5),
                        Map.entry("infinite", Double.NEGATIVE_INFINITY),
                        Map.entry("flag", false),
                        Map.entry("list", List.of(1L, List.of("two"), Map.of("three", 3L))),
                        Map.entry("empty", Map.of()),
                        Map.entry("from", "/home/ada/x"),
                        Map.entry("speed", 2.5),
                        Map.entry("kept", "2.5"),
                        Map.entry("count", 7L));
    }

    @Test
    void shouldReplaceDorasOlderWayToNameAVariableWhereverTextMayNameOne() {
        Graph graph = Loads.graph("""
                nodes:
                  - id: a
                    class: com.example.A
                    config: {speed: {__dora_env: SPEED}, list: [{__dora_env: HOME}], other: {__dora_env: 5}}
                  - {id: b, operator: {python: {__dora_env: HOME}}}
                """);

        assertThat(((ClassSource) graph.node("a").operator("").source()).config())
                .containsExactly(
                        Map.entry("speed", 2.5),
                        Map.entry("list", List.of("/home/ada")),
                        Map.entry("other", Map.of("__dora_env", 5L)));
        assertThat(graph.node("b").operator("op").source()).hasToString("python /home/ada");
        assertThat(Loads.errors("nodes: [{id: a, class: a.B, config: {x: [1, {__dora_env: NIL}]}}]"))
                .containsExactly(
                        "flow.yml:1:45: error: 'config.x[1]': the environment has no variable 'NIL': set it, or"
                                + " write '${NIL:-default}', or '$$' for a dollar sign");
    }

    @Test
    void shouldCountTheItemsOfAListAsTheyStandThere() {
        assertThat(Loads.errors("nodes: [{id: a, class: a.B, outputs: [x, 5, y, 6], config: {l: [~, 1, ~]}}]"))
                .containsExactly(
                        "flow.yml:1:42: error: 'outputs[1]': found the number 5, expected text: put it in quotes",
                        "flow.yml:1:48: error: 'outputs[3]': found the number 6, expected text: put it in quotes",
                        "flow.yml:1:65: error: 'config.l[0]': found nothing, expected a value",
                        "flow.yml:1:71: error: 'config.l[2]': found nothing, expected a value");
    }

    @Test
    void shouldNotAskForQuotesWhenATextIsWrongOtherwise() {
        assertThat(Loads.errors("name: ''\nnodes: [{id: a, path: x, inputs: {in: ' '}}]"))
                .containsExactly(
                        "flow.yml:1:7: error: 'name': found the text '', expected text of 1 to 128 characters in one line",
                        "flow.yml:2:39: error: 'inputs.in': found the text ' ', expected text that is not blank");
    }
}
