package io.millrace.graph;

import io.millrace.graph.InputSource.OutputRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the output that an input names. */
final class InputResolver {
    private final Map<String, GraphNode> nodes = new LinkedHashMap<>();
    private final OutputIndex outputs;
    private final Map<String, List<String>> outputNames = new HashMap<>();
    private final Set<String> incomplete;
    private final ProblemCollector problems;

    InputResolver(List<GraphNode> nodes, Set<String> incomplete, ProblemCollector problems) {
        for (GraphNode node : nodes) {
            this.nodes.putIfAbsent(node.id(), node);
        }
        this.outputs = new OutputIndex(nodes);
        this.incomplete = incomplete;
        this.problems = problems;
    }

    /** The node with its inputs in canonical form, which names the operator; an input that names nothing stays as it is. */
    GraphNode resolve(GraphNode node) {
        List<GraphOperator> operators = new ArrayList<>();
        for (GraphOperator operator : node.operators()) {
            List<GraphInput> inputs = new ArrayList<>();
            for (GraphInput input : operator.inputs()) {
                inputs.add(resolve(node.portName(operator, input.id()), input));
            }
            operators.add(operator.withPorts(inputs, operator.outputs()));
        }
        return node.withOperators(operators);
    }

    private GraphInput resolve(String reader, GraphInput input) {
        if (input.source() instanceof InputSource.Logs logs) {
            checkLoggingNode(reader, input, logs);
        }
        if (!(input.source() instanceof OutputRef wanted)) {
            return input;
        }
        Optional<OutputRef> found = outputs.find(wanted.toString());
        if (found.isEmpty() && !incomplete.contains(wanted.node())) {
            problems.error(input.location(), () -> missing(reader, wanted));
        }
        return found.isPresent() ? input.withSource(found.get()) : input;
    }

    private void checkLoggingNode(String reader, GraphInput input, InputSource.Logs logs) {
        if (!logs.node().isEmpty() && !nodes.containsKey(logs.node())) {
            problems.error(input.location(), () -> noSuchNode(reader, logs.toString(), logs.node()));
        }
    }

    private String missing(String reader, OutputRef wanted) {
        GraphNode producer = nodes.get(wanted.node());
        if (producer == null) {
            return noSuchNode(reader, wanted.toString(), wanted.node());
        }
        String prefix = producer.id() + "/";
        List<String> existing = outputNames.computeIfAbsent(producer.id(), id -> names(producer, prefix.length()));
        String sentence = reads(reader, wanted.toString()) + "but '" + producer.id() + "' has "
                + (existing.isEmpty() ? "no outputs" : "outputs " + Suggestions.list(existing));
        return sentence + Suggestions.sentence(nearest(wanted, prefix, existing));
    }

    private static Optional<String> nearest(OutputRef wanted, String prefix, List<String> existing) {
        String rest = wanted.toString().substring(prefix.length());
        return existing.stream()
                .filter(name -> name.endsWith("/" + rest))
                .findFirst()
                .or(() -> Suggestions.nearest(rest, existing))
                .map(prefix::concat);
    }

    private static List<String> names(GraphNode producer, int prefixLength) {
        return OutputIndex.outputs(producer).stream()
                .map(ref -> ref.toString().substring(prefixLength))
                .toList();
    }

    private String noSuchNode(String reader, String source, String node) {
        return reads(reader, source) + "but there is no node " + Problem.quote(node) + " among "
                + Suggestions.list(nodes.keySet()) + Suggestions.didYouMean(node, nodes.keySet());
    }

    private static String reads(String reader, String source) {
        return "input " + Problem.quote(reader) + " reads " + Problem.quote(source) + ", ";
    }
}
