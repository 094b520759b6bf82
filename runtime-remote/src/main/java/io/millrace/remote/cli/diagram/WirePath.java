package io.millrace.remote.cli.diagram;

import io.millrace.graph.Edge;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A drawn piece of one edge or, where several leave a node together, of several.
 *
 * @param edges their numbers
 */
record WirePath(String style, List<Integer> edges, String tooltip) {

    static WirePath of(Wiring wiring, List<Integer> edges) {
        Edge first = wiring.edge(edges.get(0));
        boolean alike =
                edges.stream().allMatch(i -> wiring.edge(i).input().policy() == first.input().policy());
        String style = alike ? Chip.policyStyle(first.input().policy()) : "drop-oldest";
        String tooltip = edges.stream().map(wiring::edge).map(WirePath::describe).collect(Collectors.joining("\n"));
        return new WirePath(style, edges, tooltip);
    }

    private static String describe(Edge edge) {
        return edge.name() + "\n    " + Labels.queueInFull(edge.input());
    }

    void draw(Svg svg, Route route) {
        String numbers = edges.stream().map(String::valueOf).collect(Collectors.joining(" "));
        svg.open("g", "class", "wire " + style, "data-e", numbers).tooltip(tooltip);
        svg.leaf("path", "class", "reach", "d", route.pathText());
        svg.leaf("path", "class", "line", "d", route.pathText());
        svg.close("g");
    }
}
