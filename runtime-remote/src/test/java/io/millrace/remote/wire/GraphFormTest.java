package io.millrace.remote.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.Dataflow;
import io.millrace.graph.Deployment;
import io.millrace.graph.Execution;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Location;
import io.millrace.graph.Supervision;
import io.millrace.node.Operator;
import io.millrace.yaml.YamlDataflow;
import io.millrace.yaml.YamlOptions;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GraphFormTest {
    private static final RecordCodec<GraphForm> CODEC = RecordCodec.of(GraphForm.class);

    /** Files that are not part of this project: beside it, or where the system property says. */
    private static final Path CONFORMANCE = Path.of(
                    System.getProperty("millrace.conformance", "../../shared/conformance"))
            .toAbsolutePath()
            .normalize();

    private static List<Graph> graphs(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .flatMap(file -> load(file).stream())
                    .toList();
        }
    }

    private static Optional<Graph> load(Path file) {
        return YamlDataflow.load(file, new YamlOptions(Map.of("HOME", "/home/ada"), false, Optional.empty(), false))
                .graph();
    }

    private static void expectTheSame(Graph graph) {
        GraphForm form = GraphForm.of(graph);
        byte[] bytes = CODEC.encode(form);

        GraphForm received = CODEC.decode(bytes);
        Graph again = received.toGraph(graph.file(), graph.directory());

        assertThat(received).isEqualTo(form);
        assertThat(CODEC.encode(GraphForm.of(again))).isEqualTo(bytes);
        assertThat(again.name()).isEqualTo(graph.name());
        assertThat(again.settings()).isEqualTo(graph.settings());
        assertThat(again.nodes()).isEqualTo(graph.nodes());
        assertThat(again.edges()).isEqualTo(graph.edges());
        assertThat(again.applicationInputs()).isEqualTo(graph.applicationInputs());
    }

    @Test
    void shouldArriveAsTheSameGraphWhenItIsOneOfTheProject() throws IOException {
        List<Graph> own = Stream.of("../dataflow-core/src/test/resources", "../interop", "../samples")
                .map(Path::of)
                .flatMap(folder -> read(folder).stream())
                .toList();

        assertThat(own).hasSizeGreaterThan(10);
        assertThat(own).allSatisfy(GraphFormTest::expectTheSame);
    }

    @Test
    void shouldBringWhatTheClientMakesOfPathsThatAreLeftOpen() {
        String text = "nodes: [{id: a, class: x.A, classpath: [$ROOT/a.jar, $NIL], deploy: {working_dir: $ROOT/w}}]";
        YamlOptions options = new YamlOptions(Map.of("ROOT", "/client"), false, Optional.empty(), true);

        expectTheSame(YamlDataflow.parse(text, "flow.yml", options).orThrow());
    }

    /** A graph's and a node's components, in their order, of which nobody looks at the number. */
    record LooseForm(String name, GraphSettings settings, List<LooseNode> nodes) {}

    record LooseNode(
            String id,
            Optional<String> name,
            Optional<String> description,
            List<GraphOperator> operators,
            Map<String, String> env,
            Deployment deployment,
            Supervision supervision,
            Execution execution,
            Location location) {}

    @Test
    void shouldRefuseToReadANodeWhenItHasNoOperators() {
        LooseNode node = new LooseNode(
                "a",
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                Deployment.NONE,
                Supervision.NONE,
                Execution.DEFAULT,
                Location.NONE);
        byte[] hostile = RecordCodec.of(LooseForm.class, MethodHandles.lookup(), RecordCodec.Limits.MESSAGE)
                .encode(new LooseForm("flow", GraphSettings.DEFAULT, List.of(node)));

        assertThatThrownBy(() -> CODEC.decode(hostile))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("node 'a' has no operators: expected at least one");
    }

    @Test
    void shouldBeNoGraphWhenItHasNoNodes() {
        GraphForm empty = new GraphForm("flow", GraphSettings.DEFAULT, List.of());

        assertThatThrownBy(() -> empty.toGraph(Optional.empty(), Path.of("")))
                .isInstanceOf(InvalidDataflowException.class)
                .hasMessageContaining("the dataflow has no nodes: expected at least one");
    }

    private static List<Graph> read(Path folder) {
        try {
            return graphs(folder);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldArriveAsTheSameGraphWhenItWasWrittenForDora() throws IOException {
        assumeTrue(
                Files.isDirectory(CONFORMANCE.resolve("dora")),
                "SKIPPED: there are no conformance files in " + CONFORMANCE
                        + "; name their folder with -Dmillrace.conformance");

        List<Graph> graphs = graphs(CONFORMANCE.resolve("dora"));

        assertThat(graphs).hasSizeGreaterThan(60);
        assertThat(graphs).allSatisfy(GraphFormTest::expectTheSame);
    }

    @Test
    void shouldNameTheNodeWhenItIsSuppliedInCode() {
        Graph graph = Dataflow.builder("inline")
                .operator("made", () -> new Operator() {}, node -> node.output("x"))
                .build()
                .graph();

        assertThatThrownBy(() -> GraphForm.of(graph))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node 'made' is supplied in code");
    }
}
