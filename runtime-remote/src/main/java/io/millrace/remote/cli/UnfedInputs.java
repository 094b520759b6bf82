package io.millrace.remote.cli;

import io.millrace.graph.Graph;
import io.millrace.graph.InputSource;
import io.millrace.graph.Problem;
import java.util.List;

/** Inputs that wait for an application: on the command line there is none. */
final class UnfedInputs {
    private UnfedInputs() {}

    /** One error for each. */
    static List<Problem> of(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node -> node.operators().stream()
                        .flatMap(code -> code.inputs().stream()
                                .filter(input -> input.source() instanceof InputSource.Application)
                                .map(input -> Problem.error(
                                        input.location(),
                                        "input '" + node.portName(code, input.id()) + "' reads '" + input.source()
                                                + "', which only an application that embeds the dataflow can feed:"
                                                + " start it from one, or give the input another source"))))
                .toList();
    }
}
