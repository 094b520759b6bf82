package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import io.millrace.graph.Source;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineVariablesTest {
    private final MachineVariables variables = new MachineVariables("B", Map.of("ROOT", "/opt"));

    private GraphNode expanded(String deploy) {
        String text = "nodes: [{id: a, class: x.A, classpath: [$ROOT/a$$b.jar], deploy: " + deploy + "}]";
        LoadOptions options = LoadOptions.builder()
                .checkPaths(false)
                .environment(Map.of("ROOT", "/client"))
                .build();
        return variables.expand(Dataflow.parse(text, options).graph().node("a"), false);
    }

    @Test
    void shouldExpandWhatTheClientHasLeftWhenANodeIsNotLocal() {
        GraphNode node = expanded("{local: false, working_dir: $ROOT/w}");

        assertThat(node.operator("").source())
                .isEqualTo(new Source.ClassSource("x.A", List.of("/opt/a$b.jar"), Map.of()));
        assertThat(node.deployment().workingDir()).contains("/opt/w");
        assertThat(variables.problems()).isEmpty();
    }

    @Test
    void shouldExpandOnlyTheWorkingDirectoryWhenTheClientShipsTheFiles() {
        GraphNode node = expanded("{local: false, working_dir: $ROOT/w, distribute: ship}");

        assertThat(node.operator("").source())
                .isEqualTo(new Source.ClassSource("x.A", List.of("/client/a$b.jar"), Map.of()));
        assertThat(node.deployment().workingDir()).contains("/opt/w");
    }

    @Test
    void shouldTakeWhatTheClientMakesOfOpenPathsOnlyWhenItsFilesAreHere() {
        GraphNode open = open("$ROOT/a.jar", Map.of("ROOT", "/client"));

        assertThat(variables.expand(open, true)).satisfies(here -> {
            assertThat(here.operator("").source())
                    .isEqualTo(new Source.ClassSource("x.A", List.of("/client/a.jar"), Map.of()));
            assertThat(here.deployment().workingDir()).contains("/client/w");
            assertThat(here.deployment().clientExpansion().isEmpty()).isTrue();
        });
        assertThat(variables.expand(open, false)).satisfies(there -> {
            assertThat(there.operator("").source())
                    .isEqualTo(new Source.ClassSource("x.A", List.of("/opt/a.jar"), Map.of()));
            assertThat(there.deployment().workingDir()).contains("/opt/w");
        });
        assertThat(variables.problems()).isEmpty();
    }

    @Test
    void shouldReportWhatTheClientLacksOnlyWhenItsFilesAreHere() {
        GraphNode open = open("$ROOT/a.jar", Map.of());

        variables.expand(open, false);
        assertThat(variables.problems()).isEmpty();

        variables.expand(open, true);
        variables.expand(open, true);
        assertThat(variables.problems())
                .extracting(Problem::message)
                .containsExactly(
                        "'classpath': the environment has no variable 'ROOT': set it, or write '${ROOT:-default}', or '$$'"
                                + " for a dollar sign",
                        "'working_dir': the environment has no variable 'ROOT': set it, or write '${ROOT:-default}', or"
                                + " '$$' for a dollar sign");
        assertThat(variables.isConsequence(Problem.error(Location.NONE, "'$ROOT/a.jar' resolved to nothing")))
                .isTrue();
    }

    /** Of a client that leaves open whether the node is local. */
    private static GraphNode open(String entry, Map<String, String> environment) {
        LoadOptions options =
                LoadOptions.builder().forCluster(true).environment(environment).build();
        String text = "nodes: [{id: a, class: x.A, classpath: [" + entry + "], deploy: {working_dir: $ROOT/w}}]";
        return Dataflow.parse(text, options).graph().node("a");
    }
}
