package io.millrace.remote.cli.diagram;

import io.millrace.graph.GraphInput;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import io.millrace.graph.GraphOutput;
import io.millrace.graph.InputSource.OutputRef;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A node as it is drawn: one panel, or a frame around the panels of its operators. */
sealed interface NodeShape permits NodeShape.Plain, NodeFrame {

    double width();

    double height();

    /** Room at its left for what stands before its inputs. */
    double lead();

    /** Where edges come in, from its top. */
    double inputY(String operator, String input);

    /** Where edges go out, from its top. */
    double outputY(String operator, String output);

    void draw(Svg svg, double x, double y);

    static NodeShape of(GraphNode node, Wiring wiring) {
        if (node.hasOperators()) {
            return new NodeFrame(node, wiring);
        }
        GraphOperator code = node.operators().get(0);
        List<String> lines = new ArrayList<>(headingLines(node));
        lines.add(lines.isEmpty() ? 0 : node.name().isPresent() ? 1 : 0, Labels.shortSource(code.source()));
        return new Plain(code, panel("node", node, code, new Panel.Heading(node.id(), lines), wiring));
    }

    /** Its name and traits. */
    static List<String> headingLines(GraphNode node) {
        List<String> lines = new ArrayList<>();
        node.name().filter(name -> !name.equals(node.id())).ifPresent(lines::add);
        lines.add(String.join(" \u00b7 ", Labels.traits(node)));
        return lines;
    }

    static Panel panel(String style, GraphNode node, GraphOperator code, Panel.Heading heading, Wiring wiring) {
        List<Port> inputs = code.inputs().stream()
                .map(input -> input(node, code, input, wiring))
                .toList();
        List<Port> outputs = code.outputs().stream()
                .map(output -> output(node, code, output, wiring))
                .toList();
        return new Panel(style, heading, inputs, outputs);
    }

    private static Port input(GraphNode node, GraphOperator code, GraphInput input, Wiring wiring) {
        boolean direct = wiring.isDirectCall(node.id(), code.id(), input);
        String queue = input.source() instanceof OutputRef
                ? "\n" + (direct ? "a direct call, without a queue" : Labels.queueInFull(input))
                : "";
        String type = input.type().map(t -> "\ntype " + t).orElse("");
        String tooltip = node.portName(code, input.id()) + "\nfrom " + input.source() + queue + type;
        return new Port(input.id(), java.util.Optional.of(Chip.of(input, direct)), true, tooltip);
    }

    private static Port output(GraphNode node, GraphOperator code, GraphOutput output, Wiring wiring) {
        int readers = wiring.from(node.id(), code.id(), output.id()).size();
        String read = readers == 0 ? "nobody reads it" : readers == 1 ? "one reader" : readers + " readers";
        String type = output.type().map(t -> "\ntype " + t).orElse("");
        String tooltip = node.portName(code, output.id()) + "\n" + read + type;
        return new Port(output.id(), java.util.Optional.empty(), readers > 0, tooltip);
    }

    /** The row of an input, by its id. */
    static int rowOfInput(GraphOperator code, String input) {
        return IntStream.range(0, code.inputs().size())
                .filter(i -> code.inputs().get(i).id().equals(input))
                .findFirst()
                .orElseThrow();
    }

    /** The row of an output, by its id. */
    static int rowOfOutput(GraphOperator code, String output) {
        return IntStream.range(0, code.outputs().size())
                .filter(i -> code.outputs().get(i).id().equals(output))
                .findFirst()
                .orElseThrow();
    }

    /** A node that is not made of operators. */
    record Plain(GraphOperator code, Panel panel) implements NodeShape {
        @Override
        public double width() {
            return panel.width();
        }

        @Override
        public double height() {
            return panel.height();
        }

        @Override
        public double lead() {
            return panel.lead();
        }

        @Override
        public double inputY(String operator, String input) {
            return panel.portY(rowOfInput(code, input));
        }

        @Override
        public double outputY(String operator, String output) {
            return panel.portY(rowOfOutput(code, output));
        }

        @Override
        public void draw(Svg svg, double x, double y) {
            panel.draw(svg, x, y);
        }
    }
}
