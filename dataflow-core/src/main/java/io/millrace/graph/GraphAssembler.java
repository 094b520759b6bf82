package io.millrace.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns a draft into a graph, or says everything that is wrong with it.
 *
 * <p>Stateless; any thread. Takes time and memory in proportion to the draft.
 */
public final class GraphAssembler {
    private GraphAssembler() {}

    /**
     * Checks the name and ids, completes outputs, resolves every input to an existing output and refuses what can deadlock.
     *
     * @return the graph if neither the draft nor the checks have an error, and in any case all problems with those of the draft, in
     *     the order of the file
     */
    public static Assembly assemble(GraphDraft draft) {
        ProblemCollector problems = new ProblemCollector();
        for (Problem problem : draft.problems()) {
            problems.add(problem);
        }
        return assemble(draft, problems);
    }

    /**
     * As {@link #assemble(GraphDraft)}, for who has gathered the draft's problems where more may come to them.
     *
     * @param problems those of the draft, to which those found here are added
     */
    public static Assembly assemble(GraphDraft draft, ProblemCollector problems) {
        checkName(draft, problems);
        List<GraphNode> complete = new ArrayList<>();
        for (GraphNode node : draft.nodes()) {
            complete.add(withLogOutputs(node));
        }
        new IdCheck(problems).check(complete);
        InputResolver resolver = new InputResolver(complete, draft.incomplete(), problems);
        List<GraphNode> resolved = new ArrayList<>();
        for (GraphNode node : complete) {
            resolved.add(resolver.resolve(node));
        }
        List<Edge> edges = edges(resolved);
        EdgeChecks.check(resolved, edges, draft.settings().strictTypes(), problems);
        return new Assembly(graph(draft, resolved, edges, problems), problems.problems());
    }

    private static void checkName(GraphDraft draft, ProblemCollector problems) {
        if (!DataflowNames.isName(draft.name())) {
            String fix = draft.file().isPresent() ? "write the key 'name'" : "give it another one";
            problems.error(
                    Location.NONE,
                    "the dataflow's name is " + Problem.quote(draft.name()) + ", expected " + DataflowNames.EXPECTED
                            + ": " + fix);
        }
    }

    private static Optional<Graph> graph(
            GraphDraft draft, List<GraphNode> nodes, List<Edge> edges, ProblemCollector problems) {
        return problems.hasErrors()
                ? Optional.empty()
                : Optional.of(new Graph(draft.name(), draft.file(), draft.directory(), draft.settings(), nodes, edges));
    }

    /** What {@code send_stdout_as} and {@code send_logs_as} name is an output, listed or not. */
    private static GraphNode withLogOutputs(GraphNode node) {
        List<GraphOperator> operators = new ArrayList<>();
        for (GraphOperator operator : node.operators()) {
            operators.add(withLogOutputs(operator));
        }
        return node.withOperators(operators);
    }

    private static GraphOperator withLogOutputs(GraphOperator operator) {
        List<GraphOutput> outputs = new ArrayList<>(operator.outputs());
        addMissing(outputs, operator.logs().sendStdoutAs(), operator.location());
        addMissing(outputs, operator.logs().sendLogsAs(), operator.location());
        return operator.withPorts(operator.inputs(), outputs);
    }

    private static void addMissing(List<GraphOutput> outputs, Optional<String> id, Location location) {
        if (id.isPresent() && outputs.stream().noneMatch(output -> output.id().equals(id.get()))) {
            outputs.add(new GraphOutput(id.get(), Optional.empty(), location));
        }
    }

    private static List<Edge> edges(List<GraphNode> nodes) {
        List<Edge> edges = new ArrayList<>();
        for (GraphNode node : nodes) {
            for (GraphOperator operator : node.operators()) {
                for (GraphInput input : operator.inputs()) {
                    if (input.source() instanceof InputSource.OutputRef from) {
                        edges.add(new Edge(from, node.id(), operator.id(), input));
                    }
                }
            }
        }
        return edges;
    }

    /**
     * What came of a draft.
     *
     * @param graph empty if a problem is an error
     * @param problems errors, warnings and notes, in the order of the file
     * @param sound where there is no graph, the nodes with which nothing is wrong by themselves
     */
    public record Assembly(Optional<Graph> graph, List<Problem> problems, List<GraphNode> sound) {

        public Assembly {
            problems = List.copyOf(problems);
            sound = List.copyOf(sound);
        }

        public Assembly(Optional<Graph> graph, List<Problem> problems) {
            this(graph, problems, List.of());
        }

        /**
         * The graph.
         *
         * @throws InvalidDataflowException with every problem, if one is an error
         */
        public Graph orThrow() {
            return graph.orElseThrow(() -> new InvalidDataflowException(problems));
        }
    }
}
