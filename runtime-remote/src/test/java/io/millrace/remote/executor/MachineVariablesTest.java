package io.millrace.remote.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.GraphNode;
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
        return variables.expand(Dataflow.parse(text, options).graph().node("a"));
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
}
