package io.millrace.local.run;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.InputSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The names by which what flows in a dataflow is subscribed to and tapped. Pure. */
public final class OutputNames {
    /** A bound, and no more: each is an edge with memory of its own. */
    private static final int MAX_OUTPUTS = 1 << 16;

    private final Graph graph;

    public OutputNames(Graph graph) {
        this.graph = graph;
    }

    /** The full names of all outputs of nodes, in the order of the dataflow. */
    public List<String> all() {
        List<String> names = new ArrayList<>();
        for (GraphNode node : graph.nodes()) {
            for (GraphOperator operator : node.operators()) {
                for (GraphOutput output : operator.outputs()) {
                    names.add(node.portName(operator, output.id()));
                }
            }
        }
        return names;
    }

    /**
     * The output of a node.
     *
     * @throws IllegalArgumentException if there is none of this name; the message lists those there are
     */
    public InputSource.OutputRef output(String name) {
        return graph.findOutput(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "dataflow '" + graph.name() + "' has no output '" + name + "'; its outputs are " + all()));
    }

    /**
     * The full names of what a tap names: outputs, edges, or what the application publishes.
     *
     * @throws IllegalArgumentException if there is none of a name, the message lists those there are; if one is named twice; or if there are none
     */
    public List<String> tapped(List<String> names) {
        if (names.isEmpty() || names.size() > MAX_OUTPUTS) {
            throw new IllegalArgumentException("a tap is on 1 to " + MAX_OUTPUTS + " outputs, found " + names.size());
        }
        Set<String> seen = new HashSet<>();
        List<String> resolved = new ArrayList<>();
        for (String name : names) {
            String output = find(name)
                    .orElseThrow(() -> new IllegalArgumentException("dataflow '" + graph.name()
                            + "' has no output or edge '" + name + "'; its outputs are " + all() + fed()));
            if (!seen.add(output)) {
                throw new IllegalArgumentException("output '" + output + "' is to be tapped twice: name it once");
            }
            resolved.add(output);
        }
        return resolved;
    }

    private Optional<String> find(String name) {
        return graph.findOutput(name)
                .or(() -> graph.edges().stream()
                        .filter(edge -> edge.name().equals(name))
                        .map(edge -> edge.from())
                        .findFirst())
                .map(InputSource.OutputRef::toString)
                .or(() -> published().stream().filter(name::equals).findFirst());
    }

    private List<String> published() {
        return graph.applicationInputs().stream()
                .map(name -> new InputSource.Application(name).toString())
                .toList();
    }

    private String fed() {
        return published().isEmpty() ? "" : ", and the application feeds " + published();
    }
}
