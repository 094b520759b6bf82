package io.millrace.remote.cli;

import io.millrace.graph.Graph;
import io.millrace.graph.InputSource;
import io.millrace.graph.Problem;
import java.util.List;
import java.util.Optional;

/** What applications publish: it goes from their own process straight to the nodes that read it, so that no command, none of which publishes what it looks at, can see it. */
final class Published {
    private static final String PREFIX = "millrace/app/";

    private Published() {}

    /** Why nothing can be seen under this name, if it is one of these. */
    static Optional<String> complaint(String output) {
        return output.startsWith(PREFIX)
                ? Optional.of(Problem.quote(output)
                        + " cannot be seen from here: what an application publishes goes from its own process straight to the nodes that read it:"
                        + " record it there, or look at what these nodes send")
                : Optional.empty();
    }

    /** The full names of what can be seen: the outputs of nodes, in the order of the dataflow. */
    static List<String> others(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node -> node.operators().stream()
                        .flatMap(code -> code.outputs().stream().map(output -> node.portName(code, output.id()))))
                .toList();
    }

    /** What is to be said where all that can be seen is recorded; empty if that is everything. */
    static Optional<String> leftOut(Graph graph) {
        List<String> names = graph.applicationInputs().stream()
                .map(name -> new InputSource.Application(name).toString())
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("what applications publish as " + names
                        + " is not recorded: it is seen in their own processes only");
    }
}
