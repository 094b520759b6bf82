package io.millrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.graph.GraphAssembler.Assembly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The JSON Schema that editors use says of a file what the loader says, as far as such a schema can. */
class JsonSchemaTest {
    private static final String RESOURCE = "/io/millrace/dataflow.schema.json";

    private final String text = Loads.resource(RESOURCE);
    private final com.networknt.schema.Schema schema = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12)
            .getSchema(text);
    private final JsonNode tree = new ObjectMapper().readTree(text);

    private List<Error> complaints(String yaml) {
        return schema.validate(yaml, InputFormat.YAML);
    }

    @Test
    void shouldHaveTheKeysOfTheLoaderInEveryMapping() {
        assertThat(keys(tree)).isEqualTo(keys(DataflowSchema.ROOT));
        assertThat(keys("node")).isEqualTo(keys(DataflowSchema.NODE));
        assertThat(keys("custom")).isEqualTo(keys(DataflowSchema.CUSTOM_KEYS));
        assertThat(keys("operator")).isEqualTo(keys(DataflowSchema.OPERATOR));
        assertThat(keys("deploy")).isEqualTo(keys(DataflowSchema.DEPLOY));
        assertThat(keys("rootDeploy")).isEqualTo(keys(DataflowSchema.ROOT_DEPLOY_KEYS));
        assertThat(keys("machineDeploy")).isEqualTo(keys(DataflowSchema.MACHINE_DEPLOY));
        assertThat(keys(definition("input").path("anyOf").get(1))).isEqualTo(keys(DataflowSchema.INPUT));
        assertThat(keys(definition("python").path("anyOf").get(3))).isEqualTo(keys(DataflowSchema.PYTHON_SCRIPT));
    }

    private static Set<String> keys(Schema mapping) {
        Set<String> keys = new TreeSet<>(mapping.keys().keySet());
        keys.addAll(mapping.ignored());
        return keys;
    }

    private Set<String> keys(String definition) {
        return keys(definition(definition));
    }

    private JsonNode definition(String name) {
        return tree.path("$defs").path(name);
    }

    private static Set<String> keys(JsonNode mapping) {
        assertThat(mapping.path("additionalProperties").asBoolean(true)).isFalse();
        return new TreeSet<>(mapping.path("properties").propertyNames());
    }

    static Stream<String> loadable() {
        return Stream.of("every-key.yml", "multiple-daemons.yml");
    }

    @ParameterizedTest
    @MethodSource("loadable")
    void shouldAcceptAFileWhenItLoads(String resource) {
        String yaml = Loads.resource(resource);

        assertThat(Loads.errors(yaml)).isEmpty();
        assertThat(complaints(yaml)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.millrace.yaml.KeyCases#wrongTypes")
    void shouldRefuseAValueWhenTheLoaderRefusesItsType(KeyCases.Case wrong) {
        if (KeyCases.isBeyondJsonSchema(wrong)) {
            assertThat(complaints(wrong.document())).isEmpty();
        } else {
            assertThat(complaints(wrong.document())).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.yaml.KeyCases#mappings")
    void shouldRefuseAKeyWhenTheLoaderDoesNotReadIt(Schema mapping) {
        assertThat(complaints(KeyCases.document(mapping, "no_such_key", "1"))).isNotEmpty();
        assertThat(mapping.refused())
                .allSatisfy(key -> assertThat(complaints(KeyCases.document(mapping, key, "x")))
                        .isNotEmpty());
        assertThat(mapping.ignored())
                .allSatisfy(key -> assertThat(complaints(KeyCases.document(mapping, key, "x")))
                        .isEmpty());
    }

    @Test
    void shouldAgreeWithTheLoaderOnDorasFiles() throws IOException {
        for (Map.Entry<String, Path> file : ConformanceTest.files().entrySet()) {
            Assembly assembly = ConformanceTest.load(file.getKey(), file.getValue());
            List<Error> complaints = complaints(Files.readString(file.getValue()));
            if (isToldByTypesOfPorts(file.getKey())
                    || ConformanceTest.outcome(assembly).equals("loads")) {
                assertThat(complaints).as(file.getKey()).isEmpty();
            } else {
                assertThat(complaints).as(file.getKey()).isNotEmpty();
            }
        }
    }

    /** Whether both ends of an edge have one type is beyond a JSON Schema. */
    private static boolean isToldByTypesOfPorts(String file) {
        return file.endsWith("/type-mismatch.yml");
    }

    static Stream<Arguments> sources() {
        return Stream.of(
                Arguments.of("path: x, custom:", true),
                Arguments.of("path: x, operator:, inputs: {in: dora/logs}", true),
                Arguments.of("path: x, operators: null, class: null", true),
                Arguments.of("custom: {path: , source: x}", true),
                Arguments.of("path: x, custom: {build: make}", true),
                Arguments.of("operator: {class: a.B, python: null}", true),
                Arguments.of("path:", false),
                Arguments.of("custom:", false),
                Arguments.of("custom: {source: }", false),
                Arguments.of("operator: {python: }", false),
                Arguments.of("path: x, class: a.B", false),
                Arguments.of("path: x, operator: {class: a.B}", false),
                Arguments.of("path: x, custom: {run: x}", false),
                Arguments.of("custom: {path: x, run: y}", false),
                Arguments.of("operator: {class: a.B, shared-library: x}", false));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void shouldAskForOneSourceAndTakeAnEmptyKeyForNone(String keys, boolean isLoaded) {
        assertAgreement(keys, isLoaded);
    }

    /** The loader and the schema say the same of a node with these keys. */
    private void assertAgreement(String keys, boolean isLoaded) {
        String yaml = "nodes: [{id: a, " + keys + "}]";

        assertThat(Loads.errors(yaml).isEmpty()).isEqualTo(isLoaded);
        assertThat(complaints(yaml).isEmpty()).isEqualTo(isLoaded);
    }

    static Stream<Arguments> companions() {
        return Stream.of(
                Arguments.of("class: a.B, args:, classpath: [x.jar], config: {a: 1}", true),
                Arguments.of("path: x, args: y, classpath:, config:", true),
                Arguments.of("custom: {source: x}, args: y", true),
                Arguments.of("class: a.B, args: y", false),
                Arguments.of("path: x, classpath: [x.jar]", false),
                Arguments.of("path: x, config: {}", false),
                Arguments.of("operator: {class: a.B}, config: {a: 1}", false),
                Arguments.of("operator: {class: a.B, config: {a: 1}}", true),
                Arguments.of("operator: {python: x, config: {a: 1}}", false),
                Arguments.of("operator: {python: x, classpath: [x.jar]}", false));
    }

    @ParameterizedTest
    @MethodSource("companions")
    void shouldAskForTheSourceThatAKeyGoesWith(String keys, boolean isLoaded) {
        assertAgreement(keys, isLoaded);
    }

    static Stream<Arguments> besideOperators() {
        return Stream.of(
                Arguments.of("inputs: {}, outputs: [], input_types: {}, output_types: {}, output_metadata: {}", true),
                Arguments.of("inputs:, outputs:, input_types:, output_types:, output_metadata:, pattern:", true),
                Arguments.of("build:, send_stdout_as:, send_logs_as:, min_log_level:, max_log_size:", true),
                Arguments.of("name: x, restart_policy: always, env: {A: b}", true),
                Arguments.of("inputs: {in: dora/logs}", false),
                Arguments.of("outputs: [out]", false),
                Arguments.of("input_types: {in: t}", false),
                Arguments.of("output_types: {out: t}", false),
                Arguments.of("output_metadata: {out: [key]}", false),
                Arguments.of("pattern: p", false),
                Arguments.of("build: make", false),
                Arguments.of("send_stdout_as: out", false),
                Arguments.of("send_logs_as: out", false),
                Arguments.of("min_log_level: info", false),
                Arguments.of("max_log_size: 1MB", false),
                Arguments.of("max_rotated_files: 2", false));
    }

    @ParameterizedTest
    @MethodSource("besideOperators")
    void shouldRefuseKeysOfCodeBesideOperators(String keys, boolean isLoaded) {
        assertAgreement("operator: {class: a.B}, " + keys, isLoaded);
        assertAgreement("operators: [{id: b, class: a.B}], " + keys, isLoaded);
    }

    static Stream<String> missingPaths() {
        return Stream.of(
                "path: ' '",
                "custom: {source: ''}",
                "custom: {path: ''}",
                "custom: {run: ' '}",
                "operator: {python: ''}",
                "operator: {python: {source: }}",
                "operator: {python: {source: ' '}}",
                "operator: {shared-library: ''}",
                "class: a.B, classpath: ['']",
                "path: x, inputs: {in: }",
                "path: x, inputs: {in: {source: }}");
    }

    @ParameterizedTest
    @MethodSource("missingPaths")
    void shouldRefuseWhatIsEmptyWhenAPathOrASourceIsExpected(String keys) {
        assertAgreement(keys, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "_a1", "LD_PRELOADED", "DORA_ZENOH", "MY_ZENOH_CONFIG"})
    void shouldAcceptAVariableWhenAFileMaySetIt(String name) {
        assertAgreement("path: x, env: {" + name + ": x}", true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A.B",
                "1A",
                "''",
                "LD_PRELOAD",
                "LD_AUDIT",
                "LD_LIBRARY_PATH",
                "DYLD_INSERT_LIBRARIES",
                "DYLD_LIBRARY_PATH",
                "DORA_AUTH_TOKEN",
                "DORA_ALLOW_SHELL_NODES",
                "DORA_NODE_CONFIG",
                "DORA_RUNTIME_CONFIG",
                "DORA_RUN_PARENT_PID",
                "DORA_ZENOH_MODE",
                "ZENOH_CONFIG"
            })
    void shouldRefuseAVariableWhenAFileMayNotSetIt(String name) {
        assertAgreement("path: x, env: {" + name + ": x}", false);
    }
}
