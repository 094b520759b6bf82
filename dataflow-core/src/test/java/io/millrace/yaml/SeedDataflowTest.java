package io.millrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.graph.Build;
import io.millrace.graph.Deployment;
import io.millrace.graph.Edge;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.InputSource.Timer;
import io.millrace.graph.Source.ProgramSource;
import io.millrace.graph.Source.SharedLibrarySource;
import io.millrace.workdir.ClientCheck;
import io.millrace.workdir.ClientFacts;
import io.millrace.workdir.ClientRules;
import io.millrace.workdir.NodeLocation;
import io.millrace.workdir.OperatingSystem;
import io.millrace.workdir.Target;
import io.millrace.workdir.WorkingDirectory;
import io.millrace.workdir.WorkingDirectory.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The dataflow with which the rules of working directories were first proposed, as its author wrote it. */
class SeedDataflowTest {
    private static final String CHECKOUT = "/Users/runner/work/dora/dora/examples/multiple-daemons";

    private final Graph graph = Loads.graph(Loads.resource("multiple-daemons.yml"));

    @Test
    void shouldConnectTheNodesAsWritten() {
        assertThat(graph.nodes()).extracting(GraphNode::id).containsExactly("rust-node", "runtime-node", "rust-sink");
        assertThat(graph.edges())
                .extracting(Edge::name)
                .containsExactly(
                        "rust-node/random -> runtime-node/rust-operator/random",
                        "runtime-node/rust-operator/status -> rust-sink/message");
        assertThat(graph.node("rust-node").inputs())
                .singleElement()
                .satisfies(input ->
                        assertThat(input.source()).isEqualTo(new Timer(Duration.ofMillis(10), "dora/timer/millis/10")));
        assertThat(graph.node("rust-node").operator("").source())
                .isEqualTo(new ProgramSource("../../target/debug/multiple-daemons-example-node", Optional.empty()));
        assertThat(graph.node("runtime-node").operator("rust-operator").source())
                .isEqualTo(new SharedLibrarySource("../../target/debug/multiple_daemons_example_operator"));
        assertThat(graph.node("runtime-node")
                        .operator("rust-operator")
                        .build()
                        .orElseThrow()
                        .commands())
                .extracting(Build.Command::line)
                .containsExactly("cargo build -p multiple-daemons-example-operator");
    }

    @Test
    void shouldPlaceTheNodesAsWritten() {
        assertThat(graph.nodes())
                .extracting(GraphNode::deployment)
                .extracting(Deployment::machine, Deployment::local, Deployment::workingDir)
                .containsExactly(
                        tuple(Optional.of("A"), Optional.of(true), Optional.empty()),
                        tuple(Optional.of("B"), Optional.of(false), Optional.of(CHECKOUT)),
                        tuple(Optional.of("A"), Optional.of(true), Optional.empty()));
    }

    @Test
    void shouldFindTheWorkingDirectoriesThatItsAuthorMeant() {
        ClientFacts client = new ClientFacts(
                ClientFacts.Situation.OFFLINE_CHECK, OperatingSystem.LINUX, "/home/dev/multiple-daemons", false);

        List<ClientCheck> checks = graph.nodes().stream()
                .map(node -> ClientRules.check(location(node), client))
                .toList();

        assertThat(checks)
                .extracting(ClientCheck::workingDirectory)
                .containsExactly(
                        Optional.of(new WorkingDirectory(Origin.FLOW_DIR, Optional.empty())),
                        Optional.of(new WorkingDirectory(Origin.EXECUTOR_BASE, Optional.of(CHECKOUT))),
                        Optional.of(new WorkingDirectory(Origin.FLOW_DIR, Optional.empty())));
        assertThat(checks).allSatisfy(check -> assertThat(check.findings()).isEmpty());
    }

    private static NodeLocation location(GraphNode node) {
        Deployment deployment = node.deployment();
        List<Target> targets = node.operators().stream()
                .map(operator -> operator.source() instanceof ProgramSource program
                        ? Target.program(program.path())
                        : Target.sharedLibrary(((SharedLibrarySource) operator.source()).path()))
                .toList();
        return new NodeLocation(
                node.id(),
                deployment.machine(),
                deployment.local(),
                deployment.workingDir(),
                deployment.distribution() == Deployment.Distribution.SHIP,
                targets);
    }
}
