package io.millrace.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What is to be said of edges that end in a program. */
public final class ProgramEdges {
    /**
     * What a program is told of the {@code queue_size} of an input under backpressure. dora's node library takes whatever it can get, and drops what it holds beyond ten times
     * that.
     */
    public static final int BACKPRESSURE_QUEUE_SIZE = 100_000;

    private ProgramEdges() {}

    /** A note for each edge under backpressure whose program does not keep it up. */
    public static List<Problem> notes(Collection<GraphNode> nodes) {
        List<Problem> notes = new ArrayList<>();
        for (GraphNode node : nodes) {
            for (GraphOperator operator : node.operators()) {
                if (isProgram(operator.source())) {
                    operator.inputs().stream()
                            .filter(input -> input.policy() == QueuePolicy.BACKPRESSURE && input.isDataInput())
                            .forEach(input -> notes.add(note(node, operator, input)));
                }
            }
        }
        return notes;
    }

    private static boolean isProgram(Source source) {
        return source instanceof Source.ProgramSource || source instanceof Source.PythonSource;
    }

    private static Problem note(GraphNode node, GraphOperator operator, GraphInput input) {
        return Problem.note(
                input.location(),
                "edge '" + input.source() + " -> " + node.portName(operator, input.id())
                        + "' is under backpressure only as far as the program: dora's library in it takes messages before they"
                        + " are wanted, and drops the oldest when it holds more than "
                        + 10L * BACKPRESSURE_QUEUE_SIZE + "; a Java node loses none");
    }
}
