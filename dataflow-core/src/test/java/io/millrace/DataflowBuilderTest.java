package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.millrace.graph.Edge;
import io.millrace.graph.Execution.Idle;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.GraphSettings;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.QueuePolicy;
import io.millrace.graph.Source;
import io.millrace.graph.Supervision;
import io.millrace.node.Node;
import io.millrace.node.Operator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DataflowBuilderTest {
    private static final Node NODE = context -> {};
    private static final Operator OPERATOR = new Operator() {};

    @Test
    void shouldGiveTheGraphThatTheEquivalentFileGives() {
        Dataflow written = Dataflow.parse("""
                name: vision
                on_failure: stop
                nodes:
                  - id: camera
                    class: app.Camera
                    idle: busy-spin
                    inputs: {tick: dora/timer/millis/20, command: millrace/app/commands}
                    outputs: [frame, state/battery]
                  - id: detector
                    class: app.Detector
                    inputs:
                      image: camera/frame
                      newest: {source: camera/frame, queue_policy: latest}
                      battery: {source: camera/state/battery, queue_policy: backpressure, queue_size: 64}
                """);

        Dataflow built = Dataflow.builder("vision")
                .settings(new GraphSettings(GraphSettings.OnFailure.STOP, false, false, Optional.empty()))
                .node(
                        "camera",
                        () -> NODE,
                        ports -> ports.input("tick", "dora/timer/millis/20")
                                .input("command", "millrace/app/commands")
                                .output("frame")
                                .output("state/battery")
                                .idle(Idle.BUSY_SPIN))
                .operator(
                        "detector",
                        () -> OPERATOR,
                        ports -> ports.input("image", "camera/frame")
                                .input("newest", "camera/frame", QueuePolicy.LATEST, 1)
                                .input("battery", "camera/state/battery", QueuePolicy.BACKPRESSURE, 64))
                .build();

        assertThat(described(built.graph())).isEqualTo(described(written.graph()));
        assertThat(built.graph().settings()).isEqualTo(written.graph().settings());
        assertThat(built.graph().directory()).isEqualTo(written.graph().directory());
        assertThat(built.graph().file()).isEqualTo(written.graph().file());
        assertThat(built.graph().applicationInputs()).isEqualTo(written.graph().applicationInputs());
    }

    /** All but where it is written, and what the nodes are made of. */
    private static List<String> described(Graph graph) {
        List<String> lines = new ArrayList<>();
        lines.add(graph.name());
        for (GraphNode node : graph.nodes()) {
            lines.add(node.id() + " " + node.hasOperators() + " " + node.env() + " " + node.deployment() + " "
                    + node.supervision() + " " + node.execution());
            for (GraphInput in : node.inputs()) {
                lines.add(in.id() + " <- " + in.source() + " " + in.policy() + " " + in.queueSize() + " "
                        + in.queueWritten() + " " + in.timeout() + " " + in.type());
            }
            node.operators()
                    .forEach(operator -> lines.add(operator.outputs().stream()
                            .map(GraphOutput::id)
                            .toList()
                            .toString()));
        }
        graph.edges().stream().map(Edge::toString).forEach(lines::add);
        return lines;
    }

    @Test
    void shouldCarryTheSupplierAndTheConfig() {
        Dataflow dataflow = Dataflow.builder("flow")
                .operator("a", () -> OPERATOR, ports -> ports.config(Map.of("speed", 3L)))
                .node("b", () -> NODE, ports -> {})
                .build();

        Source.SuppliedSource a = source(dataflow, "a");
        Source.SuppliedSource b = source(dataflow, "b");

        assertThat(a.supplier().get()).isSameAs(OPERATOR);
        assertThat(a.isReactive()).isTrue();
        assertThat(a.config()).containsExactly(Map.entry("speed", 3L));
        assertThat(b.supplier().get()).isSameAs(NODE);
        assertThat(b.isReactive()).isFalse();
    }

    private static Source.SuppliedSource source(Dataflow dataflow, String node) {
        return (Source.SuppliedSource) dataflow.graph().node(node).operator("").source();
    }

    @Test
    void shouldHaveTheDirectoryThatWasGiven() {
        Dataflow dataflow = Dataflow.builder("flow")
                .directory(Path.of("./flows/../maps"))
                .node("b", () -> NODE, ports -> {})
                .build();

        assertThat(dataflow.graph().directory())
                .isEqualTo(Path.of("flows/../maps").toAbsolutePath());
    }

    @Test
    void shouldReportEveryProblemAtOnce() {
        DataflowBuilder builder = Dataflow.builder("flow")
                .node("a", () -> NODE, ports -> ports.output("out"))
                .node("a", () -> NODE, ports -> {})
                .node("no good", () -> NODE, ports -> {})
                .node("reader", () -> NODE, ports -> ports.input("in", "a/uot").input("in", "z/out"));

        assertThatExceptionOfType(InvalidDataflowException.class)
                .isThrownBy(builder::build)
                .satisfies(e -> assertThat(e.problems()).hasSizeGreaterThanOrEqualTo(4))
                .withMessageContaining("the id 'a' stands for more than one node")
                .withMessageContaining("the node id 'no good' has characters other than")
                .withMessageContaining("the id 'in' stands for more than one input")
                .withMessageContaining("uot")
                .withMessageNotContaining("Exception");
    }

    @Test
    void shouldRefuseADataflowThatCannotBeNamed() {
        assertInvalid(
                Dataflow.builder(" ").node("a", () -> NODE, ports -> {}),
                "the dataflow's name is ' ', expected text of 1 to 128 characters in one line: give it another one");
        assertInvalid(
                Dataflow.builder("a\nb").node("a", () -> NODE, ports -> {}),
                "the dataflow's name is 'a\\nb', expected");
    }

    @Test
    void shouldRefuseADataflowWithoutNodes() {
        assertInvalid(Dataflow.builder("flow"), "the dataflow has no nodes: expected at least one");
    }

    @Test
    void shouldRefuseACycleThatCanDeadlock() {
        DataflowBuilder builder = Dataflow.builder("flow")
                .operator(
                        "a",
                        () -> OPERATOR,
                        ports -> ports.input("in", "b/out", QueuePolicy.BACKPRESSURE, 1)
                                .output("out"))
                .operator(
                        "b",
                        () -> OPERATOR,
                        ports -> ports.input("in", "a/out", QueuePolicy.BACKPRESSURE, 1)
                                .output("out"));

        assertThatExceptionOfType(InvalidDataflowException.class)
                .isThrownBy(builder::build)
                .withMessageContaining("backpressure");
    }

    private static void assertInvalid(DataflowBuilder builder, String message) {
        assertThatExceptionOfType(InvalidDataflowException.class)
                .isThrownBy(builder::build)
                .withMessageContaining(message);
    }

    @Test
    void shouldNameTheInputWhenItsSourceCannotBeRead() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ports(ports -> ports.input("image", "camera")))
                .withMessage("input 'image': source 'camera': expected node/output, node/operator/output or a built-in"
                        + " source");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ports(ports -> ports.input("tick", "dora/timer/days/1")))
                .withMessageStartingWith("input 'tick': source 'dora/timer/days/1': 'days' is not a unit of timers");
    }

    @Test
    void shouldRefuseAQueueSizeOutOfBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ports(ports -> ports.input("image", "a/b", QueuePolicy.DROP_OLDEST, 0)))
                .withMessage("input 'image': queue size must be 1 to 1048576, found 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ports(ports -> ports.input("image", "a/b", QueuePolicy.DROP_OLDEST, 1 << 21)));
    }

    @Test
    void shouldRefuseLatestWhenItIsToKeepMore() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ports(ports -> ports.input("image", "a/b", QueuePolicy.LATEST, 2)))
                .withMessage("input 'image': the policy latest keeps one message, found queue size 2");
    }

    @Test
    void shouldRefuseNothingByItsName() {
        DataflowBuilder builder = Dataflow.builder("flow");

        assertThatNullPointerException()
                .isThrownBy(() -> Dataflow.builder(null))
                .withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.node(null, () -> NODE, ports -> {}))
                .withMessage("id");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.node("a", null, ports -> {}))
                .withMessage("supplier");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.directory(null))
                .withMessage("directory");
        assertThatNullPointerException()
                .isThrownBy(() -> builder.settings(null))
                .withMessage("settings");
        assertThatNullPointerException()
                .isThrownBy(() -> ports(ports -> ports.output(null)))
                .withMessage("id");
    }

    @Test
    void shouldNotChangeWhenTheConfigItWasGivenDoes() {
        Map<String, Object> config = new HashMap<>(Map.of("speed", 3L));
        Dataflow dataflow = Dataflow.builder("flow")
                .operator("a", () -> OPERATOR, ports -> ports.config(config))
                .build();

        config.put("speed", 4L);

        assertThat(source(dataflow, "a").config()).containsExactly(Map.entry("speed", 3L));
    }

    @Test
    void shouldKeepTheOrderOfTheConfigItWasGiven() {
        Map<String, Object> config = new LinkedHashMap<>();
        List.of("z", "y", "a", "x", "b").forEach(key -> config.put(key, 1L));
        Dataflow dataflow = Dataflow.builder("flow")
                .operator("a", () -> OPERATOR, ports -> ports.config(config))
                .build();

        assertThat(source(dataflow, "a").config()).containsExactlyEntriesOf(config);
    }

    @Test
    void shouldGiveEachDataflowItsOwnNodesWhenItIsBuiltTwice() {
        DataflowBuilder builder = Dataflow.builder("flow").node("a", () -> NODE, ports -> {});
        Dataflow first = builder.build();

        Dataflow second = builder.node("b", () -> NODE, ports -> {}).build();

        assertThat(first.graph().nodes()).extracting(GraphNode::id).containsExactly("a");
        assertThat(second.graph().nodes()).extracting(GraphNode::id).containsExactly("a", "b");
    }

    private static void ports(Consumer<NodeBuilder> ports) {
        Dataflow.builder("flow").node("a", () -> NODE, ports);
    }

    @Test
    void shouldSuperviseANodeAsItIsTold() {
        Dataflow dataflow = Dataflow.builder("flow")
                .operator(
                        "op",
                        () -> new Operator() {},
                        node -> node.input("in", "millrace/app/in")
                                .input("other", "millrace/app/other")
                                .inputTimeout("in", Duration.ofSeconds(3))
                                .restart(Supervision.RestartPolicy.ALWAYS)
                                .maxRestarts(4, Duration.ofMinutes(1))
                                .restartDelay(Duration.ofMillis(5), Duration.ofSeconds(1))
                                .healthCheckTimeout(Duration.ofSeconds(2)))
                .build();

        GraphNode node = dataflow.graph().nodes().get(0);
        assertThat(node.supervision())
                .isEqualTo(new Supervision(
                        Supervision.RestartPolicy.ALWAYS,
                        4,
                        Optional.of(Duration.ofMillis(5)),
                        Optional.of(Duration.ofSeconds(1)),
                        Optional.of(Duration.ofMinutes(1)),
                        Optional.of(Duration.ofSeconds(2))));
        assertThat(node.operators().get(0).inputs())
                .extracting(input -> input.timeout().isPresent())
                .containsExactly(true, false);
    }

    @Test
    void shouldRefuseTimesThatAreNotPositiveAndInputsThatAreNotThere() {
        NodeBuilder node = new NodeBuilder();

        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> node.healthCheckTimeout(Duration.ZERO))
                .withMessageContaining("health check timeout must be more than zero");
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> node.maxRestarts(-1))
                .withMessageContaining("found -1");
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> node.inputTimeout("in", Duration.ofSeconds(1)))
                .withMessageContaining("input 'in': there is none");
    }

    @Test
    void shouldKeepWhatIsSaidByItselfWheneverTheSettingsAreSaid() {
        GraphSettings written = new GraphSettings(GraphSettings.OnFailure.CONTINUE, false, true, Optional.empty());

        GraphSettings before = one().threads(3)
                .onFailure(GraphSettings.OnFailure.STOP)
                .exitWhenNodesFinish()
                .settings(written)
                .build()
                .graph()
                .settings();
        GraphSettings after = one().settings(written)
                .threads(3)
                .onFailure(GraphSettings.OnFailure.STOP)
                .exitWhenNodesFinish()
                .build()
                .graph()
                .settings();

        assertThat(before)
                .isEqualTo(new GraphSettings(
                        GraphSettings.OnFailure.STOP, true, true, Optional.empty(), OptionalInt.of(3)))
                .isEqualTo(after);
        assertThatIllegalArgumentException().isThrownBy(() -> one().threads(0));
    }

    private static DataflowBuilder one() {
        return Dataflow.builder("flow").node("node", () -> NODE, ports -> {});
    }

    @Test
    void shouldTakeAPayloadBudgetAndRefuseOneThatHoldsNothing() {
        Dataflow dataflow = Dataflow.builder("flow")
                .node("node", () -> NODE, ports -> ports.output("out").payloadBudget(1 << 20))
                .build();

        assertThat(dataflow.graph().node("node").execution().payloadBudgetBytes())
                .hasValue(1 << 20);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NodeBuilder().payloadBudget(0))
                .withMessage("the payload budget must be more than zero bytes, found 0");
    }

    @Test
    @SuppressWarnings("NullAway") // that null is refused is what is tested
    void shouldRefuseAnInputWithoutAPolicy() {
        assertThatNullPointerException()
                .isThrownBy(() -> new NodeBuilder().input("in", "a/out", null, 1))
                .withMessage("policy");
    }
}
