package io.millrace.samples.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.CheckResult;
import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.codec.Codecs;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Problem;
import io.millrace.node.InvalidConfigException;
import io.millrace.remote.testkit.TestCluster;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import io.millrace.testkit.NodeHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample on one machine, and on two. */
class MultipleMachinesTest {
    private static final Path FILE = Path.of("multiple-machines", "dataflow.yml");

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
    void shouldPlaceItsNodesAsWrittenWhenItIsLoaded() {
        List<GraphNode> nodes = Dataflow.load(FILE).graph().nodes();

        assertThat(nodes).extracting(GraphNode::id).containsExactly("java-node", "runtime-node", "java-sink");
        assertThat(nodes)
                .extracting(node -> node.deployment().machine().orElseThrow())
                .containsExactly("A", "B", "A");
        assertThat(nodes)
                .extracting(node -> node.deployment().local().orElseThrow())
                .containsExactly(true, false, true);
    }

    @Test
    void shouldLeaveAFileWithEachMachineWhenBothAreThisOne() throws Exception {
        try (RunningDataflow running = bothHere().start()) {
            DataflowResult result = running.await(Duration.ofSeconds(60));

            assertThat(result.failures()).isEmpty();
            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        }
        assertThat(Files.readAllLines(directory.resolve("a/out/status.txt")))
                .hasSize(100)
                .allMatch(line -> line.matches("operator received random value 0x[0-9a-f]+ after [0-9]+ ticks"));
        assertThat(directory.resolve("b/out/received.txt")).hasContent("100 values\n");
    }

    @Test
    void shouldLeaveAFileOnEachMachineWhenTheyAreTwo() throws Exception {
        Path flow = Files.createDirectory(directory.resolve("flow")).resolve("dataflow.yml");
        Files.writeString(flow, Files.readString(FILE).replace("timer/millis/10\n", "timer/millis/1\n"));
        LoadOptions options = LoadOptions.builder().forCluster(true).build();

        try (TestCluster machines = TestCluster.builder()
                        .executors("A", "B")
                        .directory(directory)
                        .start();
                RunningDataflow running = Dataflow.load(flow, options).start(machines.client())) {
            DataflowResult result = running.await(Duration.ofSeconds(60));

            assertThat(result.failures()).isEmpty();
            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        }
        assertThat(Files.readAllLines(directory.resolve("flow/out/status.txt"))).hasSize(100);
        assertThat(directory.resolve("B/multiple-machines/out/received.txt")).hasContent("100 values\n");
    }

    private Dataflow bothHere() throws IOException {
        Path flowDirectory = Files.createDirectory(directory.resolve("a"));
        String text = Files.readString(FILE)
                .replace("working_dir: multiple-machines", "working_dir: '" + directory.resolve("b") + "'")
                .replace("timer/millis/10\n", "timer/millis/1\n");
        return Dataflow.parse(
                text, LoadOptions.builder().directory(flowDirectory).build());
    }

    @Test
    void shouldSayHowManyTicksItHasSeenWhenAValueComes() {
        try (NodeHarness status = NodeHarness.of(new Status())
                .input("tick")
                .input("random")
                .output("status")
                .workingDirectory(directory)
                .open()) {
            status.feed("random", out -> Codecs.LONG.send(out, 255));
            status.feed("tick", out -> out.send(""));
            status.feed("tick", out -> out.send(""));
            status.feed("random", out -> Codecs.LONG.send(out, -1));

            assertThat(status.sent("status", Codecs.TEXT::read))
                    .containsExactly(
                            "operator received random value 0xff after 0 ticks",
                            "operator received random value 0xffffffffffffffff after 2 ticks");
        }
    }

    @Test
    void shouldRefuseWhenThereIsNothingToSend() {
        assertThatThrownBy(() -> NodeHarness.of(new RandomValues())
                        .input("tick")
                        .output("random")
                        .config("count", 0)
                        .open())
                .isInstanceOf(InvalidConfigException.class)
                .hasMessage("node 'node': config 'count' must be at least 1, found '0'");
    }
}
