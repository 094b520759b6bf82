package io.millrace.graph;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Short ways to write node definitions. */
final class Drafts {
    private Drafts() {}

    static GraphAssembler.Assembly assemble(GraphNode... nodes) {
        return GraphAssembler.assemble(GraphDraft.of("test", Path.of("/flow"), GraphSettings.DEFAULT, List.of(nodes)));
    }

    static List<String> errors(GraphAssembler.Assembly assembly) {
        return assembly.problems().stream()
                .filter(Problem::isError)
                .map(Problem::message)
                .toList();
    }

    static GraphNode node(String id, GraphOperator... operators) {
        return new GraphNode(
                id,
                Optional.empty(),
                Optional.empty(),
                List.of(operators),
                Map.of(),
                Deployment.NONE,
                Supervision.NONE,
                Execution.DEFAULT,
                Location.NONE);
    }

    /** A node without operators. */
    static GraphNode node(String id, List<String> outputs, GraphInput... inputs) {
        return node(id, operator("", outputs, inputs));
    }

    static GraphOperator operator(String id, List<String> outputs, GraphInput... inputs) {
        return operator(id, LogSettings.NONE, outputs, inputs);
    }

    static GraphOperator operator(String id, LogSettings logs, List<String> outputs, GraphInput... inputs) {
        return new GraphOperator(
                id,
                Optional.empty(),
                Optional.empty(),
                new Source.ClassSource("com.example.Node", List.of(), Map.of()),
                Arrays.asList(inputs),
                new ArrayList<>(outputs.stream()
                        .map(output -> new GraphOutput(output, Optional.empty(), Location.NONE))
                        .toList()),
                Optional.empty(),
                logs,
                Location.NONE);
    }

    static GraphInput input(String id, String source) {
        return input(id, source, QueuePolicy.DROP_OLDEST);
    }

    static GraphInput input(String id, String source, QueuePolicy policy) {
        return new GraphInput(
                id, InputSource.parse(source), policy, 10, false, Optional.empty(), Optional.empty(), Location.NONE);
    }

    static GraphInput lossless(String id, String source) {
        return input(id, source, QueuePolicy.BACKPRESSURE);
    }

    static GraphInput typed(String id, String source, String type) {
        return new GraphInput(
                id,
                InputSource.parse(source),
                QueuePolicy.DROP_OLDEST,
                10,
                false,
                Optional.empty(),
                Optional.of(type),
                Location.NONE);
    }
}
