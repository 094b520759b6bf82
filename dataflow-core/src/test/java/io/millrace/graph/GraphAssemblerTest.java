package io.millrace.graph;

import static io.millrace.graph.Drafts.assemble;
import static io.millrace.graph.Drafts.errors;
import static io.millrace.graph.Drafts.input;
import static io.millrace.graph.Drafts.lossless;
import static io.millrace.graph.Drafts.node;
import static io.millrace.graph.Drafts.operator;
import static io.millrace.graph.Drafts.typed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.graph.GraphAssembler.Assembly;
import io.millrace.graph.InputSource.OutputRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphAssemblerTest {

    @Test
    void shouldConnectInputsToOutputsWhenEverythingIsWellWritten() {
        Graph graph = assemble(
                        node("camera", List.of("image"), input("tick", "dora/timer/millis/20")),
                        node("plot", List.of(), input("image", "camera/image"), input("go", "millrace/app/go")))
                .orThrow();

        assertThat(graph.edges()).hasSize(1);
        assertThat(graph.edges().get(0).name()).isEqualTo("camera/image -> plot/image");
        assertThat(graph.applicationInputs()).containsExactly("go");
        assertThat(graph.nodes()).extracting(GraphNode::id).containsExactly("camera", "plot");
    }

    @Test
    void shouldNameTheOperatorWhenAnInputLeavesTheOnlyOneOut() {
        Graph graph = assemble(
                        node("webcam", operator("op", List.of("image"))),
                        node("plot", List.of(), input("short", "webcam/image"), input("long", "webcam/op/image")))
                .orThrow();

        assertThat(graph.node("plot").inputs())
                .extracting(GraphInput::source)
                .containsExactly(new OutputRef("webcam", "op", "image"), new OutputRef("webcam", "op", "image"));
        assertThat(graph.findOutput("webcam/image")).contains(new OutputRef("webcam", "op", "image"));
        assertThat(graph.findOutput("webcam/op/image")).contains(new OutputRef("webcam", "op", "image"));
        assertThat(graph.findOutput("webcam/none")).isEmpty();
        assertThat(graph.findOutput("webcam")).isEmpty();
    }

    @Test
    void shouldAskForTheOperatorWhenANodeHasSeveral() {
        Assembly assembly = assemble(
                node("pair", operator("a", List.of("x")), operator("b", List.of("x"))),
                node("reader", List.of(), input("in", "pair/x")));

        assertThat(errors(assembly))
                .containsExactly("input 'reader/in' reads 'pair/x', but 'pair' has outputs [a/x, b/x]; "
                        + "did you mean 'pair/a/x'?");
    }

    @Test
    void shouldFindAnOutputWhenItsIdHasSegments() {
        Graph graph = assemble(
                        node("robot", List.of("arm/left/pose")),
                        node("cell", operator("op", List.of("op/pose", "pose"))),
                        node(
                                "view",
                                List.of(),
                                input("a", "robot/arm/left/pose"),
                                input("b", "cell/op/op/pose"),
                                input("c", "cell/op/pose")))
                .orThrow();

        assertThat(graph.node("view").inputs())
                .extracting(GraphInput::source)
                .containsExactly(
                        new OutputRef("robot", "", "arm/left/pose"),
                        new OutputRef("cell", "op", "op/pose"),
                        new OutputRef("cell", "op", "pose"));
    }

    @Test
    void shouldSayWhatExistsWhenAnOutputDoesNot() {
        Assembly assembly = assemble(
                node("locate", List.of("position", "status")),
                node("sink", List.of()),
                node(
                        "plan",
                        List.of(),
                        input("pose", "locate/positoin"),
                        input("other", "locat/status"),
                        input("none", "sink/x")));

        assertThat(errors(assembly))
                .containsExactly(
                        "input 'plan/pose' reads 'locate/positoin', but 'locate' has outputs [position, status]; "
                                + "did you mean 'locate/position'?",
                        "input 'plan/other' reads 'locat/status', but there is no node 'locat' among [locate, sink, plan]; "
                                + "did you mean 'locate'?",
                        "input 'plan/none' reads 'sink/x', but 'sink' has no outputs");
        assertThat(assembly.graph()).isEmpty();
        assertThatThrownBy(assembly::orThrow)
                .isInstanceOf(InvalidDataflowException.class)
                .hasMessageContaining("did you mean 'locate/position'?");
    }

    @Test
    void shouldNotComplainOfAnInputWhenItsProducerCouldNotBeRead() {
        GraphDraft draft = new GraphDraft(
                "test",
                Optional.empty(),
                Path.of("/flow"),
                GraphSettings.DEFAULT,
                List.of(node("broken", List.of()), node("reader", List.of(), input("in", "broken/out"))),
                Set.of("broken"),
                List.of(Problem.error(Location.NONE, "outputs: found a number")));

        assertThat(errors(GraphAssembler.assemble(draft))).containsExactly("outputs: found a number");
    }

    @Test
    void shouldRefuseADraftWhenNothingSaysWhyItIsIncomplete() {
        assertThatThrownBy(() -> new GraphDraft(
                        "test",
                        Optional.empty(),
                        Path.of("/flow"),
                        GraphSettings.DEFAULT,
                        List.of(),
                        Set.of("broken"),
                        List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("broken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-b_c.9", "9", "-", "_x"})
    void shouldAcceptAnIdWhenItIsWellFormed(String id) {
        assertThat(errors(assemble(node(id, List.of())))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''       | is empty: expected 1 to 128 of A-Z a-z 0-9 _ . -
                    a b      | has characters other than A-Z a-z 0-9 _ . -
                    a/b      | has characters other than A-Z a-z 0-9 _ . -
                    .hidden  | begins with a dot
                    dora     | is reserved for built-in sources
                    millrace | is reserved for built-in sources
                    """)
    void shouldRefuseAnIdWhenItIsMalformed(String id, String complaint) {
        assertThat(errors(assemble(node(id, List.of())))).containsExactly("the node id '" + id + "' " + complaint);
    }

    @Test
    void shouldRefuseAnIdWhenItIsTooLong() {
        assertThat(errors(assemble(node("n".repeat(128), List.of())))).isEmpty();
        assertThat(errors(assemble(node("n".repeat(129), List.of()))))
                .containsExactly("the node id '" + "n".repeat(40) + "...' has 129 characters: expected at most 128");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a//b", "/a", "a/", "a/.b", "a/b c"})
    void shouldRefuseAnOutputIdWhenASegmentIsMalformed(String id) {
        assertThat(errors(assemble(node("n", List.of(id)))))
                .hasSize(1)
                .allSatisfy(error -> assertThat(error).startsWith("the output id '" + id + "' "));
    }

    @Test
    void shouldRefuseDuplicatesWhenTheyShareAScope() {
        Assembly assembly = assemble(
                node("n", List.of("x", "x"), input("i", "n/x"), input("i", "n/x")),
                node("n", List.of()),
                node("m", operator("o", List.of("x")), operator("o", List.of("x"))));

        assertThat(errors(assembly))
                .containsExactly(
                        "the id 'i' stands for more than one input of 'n': give each its own id",
                        "the id 'x' stands for more than one output of 'n': give each its own id",
                        "the id 'n' stands for more than one node of this dataflow: give each its own id",
                        "the id 'o' stands for more than one operator of node 'm': give each its own id");
    }

    @Test
    void shouldNoteAnOutputWhenNobodyReadsIt() {
        Assembly assembly = assemble(node("n", List.of("x")));

        assertThat(assembly.graph()).isPresent();
        assertThat(assembly.problems()).containsExactly(Problem.note(Location.NONE, "nobody reads output 'n/x'"));
    }

    @Test
    void shouldDeclareOutputsWhenLogsAreSentAsSuch() {
        LogSettings logs = new LogSettings(
                Optional.of("stdout"),
                Optional.of("logs"),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalInt.empty());
        Graph graph = assemble(
                        node("n", operator("", logs, List.of("logs"))),
                        node("m", List.of(), input("a", "n/stdout"), input("b", "n/logs")))
                .orThrow();

        assertThat(graph.node("n").operator("").outputs())
                .extracting(GraphOutput::id)
                .containsExactly("logs", "stdout");
    }

    @Test
    void shouldRefuseALogInputWhenItsNodeDoesNotExist() {
        assertThat(errors(assemble(
                        node("viewer", List.of(), input("logs", "dora/logs/info/sensr")), node("sensor", List.of()))))
                .containsExactly("input 'viewer/logs' reads 'dora/logs/info/sensr', but there is no node 'sensr' among "
                        + "[viewer, sensor]; did you mean 'sensor'?");
    }

    @Test
    void shouldRefuseACycleWhenAllItsEdgesAreLossless() {
        Assembly assembly = assemble(
                node("a", List.of("x"), lossless("back", "b/y")), node("b", List.of("y"), lossless("in", "a/x")));

        assertThat(errors(assembly))
                .containsExactly("a cycle of backpressure edges only can deadlock: 'b/y -> a/back', 'a/x -> b/in'; "
                        + "give one of them queue_policy drop_oldest or latest");
    }

    @Test
    void shouldAcceptACycleWhenOneEdgeMayDrop() {
        Assembly assembly = assemble(
                node("a", List.of("x"), input("back", "b/y", QueuePolicy.LATEST)),
                node("b", List.of("y"), lossless("in", "a/x")));

        assertThat(assembly.graph()).isPresent();
    }

    @Test
    void shouldRefuseALosslessEdgeWhenItLeadsFromANodeToItself() {
        assertThat(errors(assemble(node("a", List.of("x"), lossless("back", "a/x")))))
                .containsExactly("edge 'a/x -> a/back' leads from a node to itself with queue_policy backpressure and "
                        + "can deadlock: give it queue_policy drop_oldest or latest");
    }

    @Test
    void shouldAcceptALosslessQueueWhenItLeadsToAnotherOperatorOfTheNode() {
        Assembly assembly =
                assemble(node("pair", operator("a", List.of("x")), operator("b", List.of(), queued("in", "pair/a/x"))));

        assertThat(assembly.graph()).isPresent();
    }

    @Test
    void shouldRefuseLosslessQueuesWhenTwoOperatorsOfANodeWaitForEachOther() {
        Assembly assembly = assemble(node(
                "pair",
                operator("a", List.of("x"), queued("back", "pair/b/y")),
                operator("b", List.of("y"), queued("in", "pair/a/x"))));

        assertThat(errors(assembly))
                .containsExactly("a cycle of backpressure edges only can deadlock: 'pair/b/y -> pair/a/back', "
                        + "'pair/a/x -> pair/b/in'; give one of them queue_policy drop_oldest or latest");
    }

    @Test
    void shouldRefuseALosslessQueueWhenItsProducerIsCalledByItsConsumer() {
        Assembly assembly = assemble(node(
                "pair",
                operator("a", List.of("x"), queued("back", "pair/b/y")),
                operator("b", List.of("y"), lossless("in", "pair/a/x"))));

        assertThat(errors(assembly))
                .singleElement()
                .asString()
                .startsWith("edge 'pair/b/y -> pair/a/back' leads from a node to itself");
    }

    @Test
    void shouldAcceptADetourWhenOtherOperatorsOfTheNodeAreItsEnds() {
        Assembly assembly = assemble(
                node("pair", operator("a", List.of("x")), operator("b", List.of(), lossless("in", "far/y"))),
                node("far", List.of("y"), lossless("in", "pair/a/x")));

        assertThat(assembly.graph()).isPresent();
    }

    private static GraphInput queued(String id, String source) {
        GraphInput direct = lossless(id, source);
        return new GraphInput(
                id, direct.source(), direct.policy(), 10, true, Optional.empty(), Optional.empty(), Location.NONE);
    }

    @Test
    void shouldReportTypesWhenTheEndsDiffer() {
        GraphOperator sender = new GraphOperator(
                "",
                Optional.empty(),
                Optional.empty(),
                new Source.ProgramSource("a", Optional.empty()),
                List.of(),
                List.of(
                        new GraphOutput("x", Optional.of("Float64"), Location.NONE),
                        new GraphOutput("y", Optional.empty(), Location.NONE)),
                Optional.empty(),
                LogSettings.NONE,
                Location.NONE);
        GraphNode[] nodes = {
            node("a", sender),
            node("b", List.of(), typed("in", "a/x", "String"), typed("ok", "a/x", "Float64"), typed("dyn", "a/y", "T"))
        };
        GraphSettings strict = new GraphSettings(GraphSettings.OnFailure.CONTINUE, false, true, Optional.empty());
        String message = "edge 'a/x -> b/in' carries 'Float64', but the input expects 'String'";

        Assembly lenient = assemble(nodes);
        assertThat(lenient.problems()).containsExactly(Problem.warning(Location.NONE, message));
        assertThat(lenient.graph()).isPresent();
        assertThat(GraphAssembler.assemble(GraphDraft.of("test", Path.of("/flow"), strict, List.of(nodes)))
                        .problems())
                .containsExactly(Problem.error(Location.NONE, message));
    }

    @Test
    void shouldCutTypesShortWhenTheyAreLong() {
        GraphOperator sender = new GraphOperator(
                "",
                Optional.empty(),
                Optional.empty(),
                new Source.ProgramSource("a", Optional.empty()),
                List.of(),
                List.of(new GraphOutput("x", Optional.of("f".repeat(1_000)), Location.NONE)),
                Optional.empty(),
                LogSettings.NONE,
                Location.NONE);

        assertThat(assemble(node("a", sender), node("b", List.of(), typed("in", "a/x", "g".repeat(1_000))))
                        .problems())
                .extracting(Problem::message)
                .containsExactly("edge 'a/x -> b/in' carries '" + "f".repeat(40) + "...', but the input expects '"
                        + "g".repeat(40) + "...'");
    }

    @Test
    void shouldStayQuickWhenAHostileDraftHasManyWrongInputs() {
        String[] outputs = new String[20_000];
        GraphInput[] inputs = new GraphInput[20_000];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = "out-" + i;
            inputs[i] = input("in-" + i, "source/uot-" + i);
        }

        Assembly assembly = assemble(node("source", List.of(outputs)), node("reader", List.of(), inputs));

        assertThat(assembly.problems()).hasSize(ProblemCollector.LIMIT + 1);
        assertThat(assembly.problems().get(ProblemCollector.LIMIT).message())
                .isEqualTo("19000 more of this kind are not listed");
    }
}
