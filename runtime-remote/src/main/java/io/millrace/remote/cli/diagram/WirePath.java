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
        String style = style(wiring, first);
        boolean alike =
                edges.stream().allMatch(i -> style(wiring, wiring.edge(i)).equals(style));
        String tooltip =
                edges.stream().map(wiring::edge).map(WirePath::describe).collect(Collectors.joining("\n"));
        return new WirePath(alike ? style : "mixed", edges, tooltip);
    }

    /** The last part of its classes in the style sheet. */
    static String style(Wiring wiring, Edge edge) {
        boolean direct = wiring.isDirectCall(edge.node(), edge.operator(), edge.input());
        return direct ? "direct" : Chip.policyStyle(edge.input().policy());
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
