package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.CheckResult;
import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Problem;
import io.millrace.remote.testkit.TestCluster;
import io.millrace.runtime.RunningDataflow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The voyage as it is written for two machines: on one, and on two. */
class BoatAndShoreTest {
    private static final Path FILE = Path.of("marine", "boat-and-shore.yml");

    @TempDir
    private Path directory;

    @Test
    void shouldFindNoErrorWhenItIsCheckedOffline() {
        CheckResult checked = Dataflow.check(FILE, LoadOptions.DEFAULT);

        assertThat(checked.problems())
                .extracting(Problem::severity)
                .doesNotContain(Problem.Severity.ERROR, Problem.Severity.WARNING);
    }

    @Test
    void shouldDifferOnlyInPlacesWhenComparedWithTheOneMachine() {
        Dataflow one = load(MarineFiles.DATAFLOW);
        Dataflow two = load(FILE);

        assertThat(two.graph().edges())
                .extracting(Object::toString)
                .isEqualTo(one.graph().edges().stream().map(Object::toString).toList());
        assertThat(two.graph().nodes())
                .extracting(GraphNode::id, node -> node.deployment().machine().orElseThrow())
                .extracting(Object::toString)
                .containsExactly(
                        "(\"feed\", \"boat\")",
                        "(\"parser\", \"boat\")",
                        "(\"navigator\", \"shore\")",
                        "(\"lookout\", \"shore\")",
                        "(\"chart\", \"shore\")");
    }

    @Test
    void shouldFindTheSameFiguresWhenBothMachinesAreThisOne() throws Exception {
        try (RunningDataflow running = load(FILE).start()) {
            assertThat(running.await(Duration.ofSeconds(60)).failures()).isEmpty();
        }
        assertThat(Files.readString(directory.resolve("shore/summary.json"))).isEqualTo(MarineFiles.FIGURES_OF_LOG);
        assertThat(directory.resolve("shore/voyage.html")).exists();
    }

    @Test
    void shouldFindTheSameFiguresWhenTheyAreTwoMachines() throws Exception {
        try (TestCluster machines = TestCluster.builder()
                        .executors("boat", "shore")
                        .directory(directory.resolve("machines"))
                        .start();
                RunningDataflow running = load(FILE).start(machines.client())) {
            assertThat(running.await(Duration.ofSeconds(60)).failures()).isEmpty();
        }
        assertThat(Files.readString(directory.resolve("shore/summary.json"))).isEqualTo(MarineFiles.FIGURES_OF_LOG);
    }

    private Dataflow load(Path file) {
        return Dataflow.load(
                file,
                LoadOptions.builder()
                        .environment(Map.of("OUT", directory.toString()))
                        .build());
    }
}
