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
        String yaml = "nodes: [{id: a, " + keys + "}]";

        assertThat(Loads.errors(yaml).isEmpty()).isEqualTo(isLoaded);
        assertThat(complaints(yaml).isEmpty()).isEqualTo(isLoaded);
    }
}
