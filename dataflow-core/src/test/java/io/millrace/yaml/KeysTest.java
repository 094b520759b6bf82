package io.millrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.GraphAssembler.Assembly;
import io.millrace.graph.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeysTest {

    @ParameterizedTest
    @MethodSource("io.millrace.yaml.KeyCases#wrongTypes")
    void shouldSayWhatWasFoundAndExpectedWhenAValueHasTheWrongType(KeyCases.Case wrong) {
        Assembly assembly = Loads.parse(wrong.document());

        assertThat(assembly.graph()).isEmpty();
        assertThat(assembly.problems()).filteredOn(Problem::isError).first().satisfies(problem -> {
            assertThat(problem.location().line()).isEqualTo(wrong.line());
            assertThat(problem.location().column()).isPositive();
            assertThat(problem.message()).contains("found ").contains("expected ");
        });
    }

    @ParameterizedTest
    @MethodSource("io.millrace.yaml.KeyCases#mappings")
    void shouldNameTheMappingAndItsKeysWhenAKeyIsUnknown(Schema mapping) {
        String known = mapping.keys().keySet().iterator().next();

        assertThat(Loads.parse(KeyCases.document(mapping, known + "x", "1")).problems())
                .extracting(Problem::message)
                .anySatisfy(message -> assertThat(message)
                        .startsWith("unknown key '" + known + "x' in " + mapping.name() + "; did you mean '" + known
                                + "'?; expected one of "));
    }

    @ParameterizedTest
    @MethodSource("io.millrace.yaml.KeyCases#mappings")
    void shouldRefuseByNameWhenAKeyIsRecognisedAndNotSupported(Schema mapping) {
        assertThat(mapping.refused())
                .allSatisfy(key -> assertThat(Loads.errors(KeyCases.document(mapping, key, "{any: [thing]}")))
                        .anySatisfy(error ->
                                assertThat(error).endsWith(": error: '" + key + "' is recognised, not supported yet")));
    }

    @ParameterizedTest
    @MethodSource("io.millrace.yaml.KeyCases#mappings")
    void shouldLoadAndWarnWhenAKeyIsIgnored(Schema mapping) {
        assertThat(mapping.ignored()).allSatisfy(key -> {
            String document = KeyCases.document(mapping, key, "{any: [thing]}");
            assertThat(Loads.errors(document)).isEmpty();
            assertThat(Loads.warnings(document))
                    .singleElement()
                    .asString()
                    .endsWith(": warning: '" + key + "' changes nothing here and is ignored");
        });
    }

    @Test
    void shouldWarnOnceWhenSeveralKeysOfAMappingAreIgnored() {
        assertThat(Loads.warnings(
                        "communication:\n  zenoh: {prefix: /x}\ndaemon_config: tcp\nnodes: [{id: a, path: x}]\n"))
                .containsExactly(
                        "flow.yml:1:1: warning: 'communication', 'daemon_config' change nothing here and are ignored");
    }

    @Test
    void shouldTakeNullForNotWrittenWhenAKeyIsOptional() {
        String node = String.join(
                "\n",
                DataflowSchema.NODE.keys().keySet().stream()
                        .filter(key -> !List.of("id", "path", "envs", "_unstable_deploy")
                                .contains(key))
                        .map(key -> "    " + key + ":")
                        .toList());

        assertThat(Loads.errors("nodes:\n  - id: a\n    path: x\n" + node + "\n"))
                .isEmpty();
    }

    @Test
    void shouldReportEveryProblemInTheOrderOfTheFile() {
        assertThat(Loads.errors("""
                        queue_size: none
                        nodes:
                          - id: a
                            paht: x
                            inputs:
                              tick: dora/timer/milis/5
                              image: camera/image
                            restart_policy: sometimes
                          - id: a
                            path: y
                            path: z
                            outputs: [o, 5]
                          - path: nameless
                            colour: red
                        """))
                .containsExactly(
                        "flow.yml:1:13: error: 'queue_size': found the text 'none', expected a whole number from 1 to"
                                + " 1048576",
                        "flow.yml:3:5: error: the node 'a' has no source: give it one of 'class', 'path', 'operator',"
                                + " 'operators'",
                        "flow.yml:4:5: error: unknown key 'paht' in a node; did you mean 'path'?; expected one of "
                                + String.join(", ", canonicalKeysOfNodes()),
                        "flow.yml:6:13: error: input 'tick': source 'dora/timer/milis/5': 'milis' is not a unit of"
                                + " timers: expected one of [secs, millis, micros, nanos, hz]; did you mean 'millis'?",
                        "flow.yml:7:7: error: input 'a/image' reads 'camera/image', but there is no node 'camera' among"
                                + " [a]",
                        "flow.yml:8:21: error: 'restart_policy': found the text 'sometimes', expected one of never,"
                                + " on-failure, always",
                        "flow.yml:9:9: error: the id 'a' stands for more than one node of this dataflow, the first one"
                                + " at flow.yml:3:9: give each its own id",
                        "flow.yml:11:5: error: the key 'path' is written twice, first in line 10",
                        "flow.yml:12:18: error: 'outputs[1]': found the number 5, expected text: put it in quotes",
                        "flow.yml:13:5: error: the node has no 'id'",
                        "flow.yml:14:5: error: unknown key 'colour' in a node; expected one of "
                                + String.join(", ", canonicalKeysOfNodes()));
    }

    private static List<String> canonicalKeysOfNodes() {
        return DataflowSchema.NODE.keys().values().stream()
                .map(Key::name)
                .distinct()
                .toList();
    }

    @Test
    void shouldRefuseTwoNamesOfOneKeyWhenBothAreWritten() {
        assertThat(
                        Loads.errors(
                                "nodes:\n  - id: a\n    path: x\n    deploy: {machine: A}\n    _unstable_deploy: {machine: B}\n"))
                .containsExactly(
                        "flow.yml:5:5: error: '_unstable_deploy' and 'deploy' mean the same: write one of them");
    }

    @Test
    void shouldExplainMergeKeysWhenOneIsWritten() {
        assertThat(Loads.errors("nodes:\n  - &x {id: a, path: x}\n  - {<<: *x, id: b}\n"))
                .contains("flow.yml:3:6: error: merge keys ('<<') are not supported: write the keys out");
    }

    @Test
    void shouldReadAnAliasWhereItStandsWhenItIsHarmless() {
        assertThat(Loads.graph("nodes:\n  - {id: a, path: x, env: &e {A: 1}}\n  - {id: b, path: x, env: *e}\n")
                        .node("b")
                        .env())
                .containsEntry("A", "1");
    }

    @Test
    void shouldStopListingWhenThereAreTooManyProblems() {
        StringBuilder text = new StringBuilder("nodes:\n  - id: a\n    path: x\n    env:\n");
        for (int i = 0; i < 3_000; i++) {
            text.append("      V").append(i).append(": []\n");
        }

        assertThat(Loads.errors(text.toString()))
                .hasSize(1_001)
                .last()
                .isEqualTo("flow.yml:1004:13: error: 2000 more of this kind are not listed");
    }
}
