package io.millrace.remote.cli.diagram;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A graph as one HTML page that needs nothing else: no network, no font, no script of others.
 *
 * <p>The page forbids itself whatever it does not bring along, by a content security policy with the hashes of its one style sheet and its one script, so that
 * even a fault in escaping could not run what a dataflow file contains.
 */
public final class HtmlPage {
    private static final int MAX_BOXES = 1_000;
    private static final int MAX_EDGES = 4_000;
    private static final String STYLE = resource("page.css");
    private static final String SCRIPT = resource("page.js");

    private static final List<Legend> LEGEND = List.of(
            new Legend("drop-oldest", "10", "a queue of 10: the oldest message gives way"),
            new Legend("backpressure", "10 backpressure", "a queue of 10: the producer waits, nothing is lost"),
            new Legend("latest", "latest", "only the newest message counts"),
            new Legend("direct", "call", "a direct call between operators of one node"));

    private HtmlPage() {}

    /**
     * The page's text, to be written in UTF-8.
     *
     * @throws TooLargeException if the graph is too large to be drawn
     */
    public static String of(Graph graph) {
        checkSize(graph);
        Svg page = new Svg();
        page.raw("<!DOCTYPE html>\n").open("html", "lang", "en");
        head(page, graph);
        page.open("body");
        header(page, graph);
        page.open("main");
        new Picture(graph).draw(page);
        controls(page);
        page.close("main");
        footer(page, graph);
        page.open("script").raw(SCRIPT).close("script");
        return page.close("body").close("html").toString();
    }

    private static void checkSize(Graph graph) {
        int boxes =
                graph.nodes().stream().mapToInt(node -> node.operators().size()).sum();
        if (boxes > MAX_BOXES || graph.edges().size() > MAX_EDGES) {
            throw new TooLargeException("the graph is too large for a page: it has " + boxes
                    + " nodes and operators and " + counted(graph.edges().size(), "edge") + ", the most are "
                    + MAX_BOXES + " and " + MAX_EDGES);
        }
    }

    private static void head(Svg page, Graph graph) {
        String policy = "default-src 'none'; style-src '" + hash(STYLE) + "'; script-src '" + hash(SCRIPT)
                + "'; base-uri 'none'; form-action 'none'";
        page.open("head");
        page.leaf("meta", "charset", "utf-8");
        page.leaf("meta", "http-equiv", "Content-Security-Policy", "content", policy);
        page.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.leaf("meta", "name", "generator", "content", "millrace graph");
        page.leaf("meta", "name", "color-scheme", "content", "light dark");
        page.text(graph.name() + ": dataflow", "title");
        page.open("style").raw(STYLE).close("style").close("head");
    }

    private static void header(Svg page, Graph graph) {
        page.open("header").open("div", "class", "names");
        page.text(graph.name(), "h1").text(summary(graph), "p").close("div");
        page.open("div", "class", "tools");
        page.leaf(
                "input",
                "id",
                "search",
                "type",
                "search",
                "placeholder",
                "Find a node",
                "aria-label",
                "Find a node",
                "autocomplete",
                "off");
        page.text("Theme", "button", "id", "theme", "type", "button", "title", "Light or dark");
        page.close("div").close("header");
    }

    private static String summary(Graph graph) {
        long operators = graph.nodes().stream()
                .filter(GraphNode::hasOperators)
                .mapToLong(node -> node.operators().size())
                .sum();
        long machines = graph.nodes().stream()
                .flatMap(node -> node.deployment().machine().stream())
                .distinct()
                .count();
        return Stream.of(
                        counted(graph.nodes().size(), "node"),
                        operators == 0 ? "" : counted(operators, "operator"),
                        counted(graph.edges().size(), "edge"),
                        machines == 0 ? "" : counted(machines, "machine"))
                .filter(part -> !part.isEmpty())
                .reduce((a, b) -> a + " \u00b7 " + b)
                .orElse("");
    }

    private static String counted(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static void controls(Svg page) {
        page.open("div", "class", "zoom", "role", "group", "aria-label", "Zoom");
        page.text("+", "button", "id", "zoom-in", "type", "button", "title", "Zoom in (+)");
        page.text("\u2212", "button", "id", "zoom-out", "type", "button", "title", "Zoom out (-)");
        page.text("Fit", "button", "id", "zoom-fit", "type", "button", "title", "Show everything (0)");
        page.close("div");
    }

    private static void footer(Svg page, Graph graph) {
        page.open("footer").open("ul", "class", "legend");
        Wiring wiring = new Wiring(graph);
        Set<String> used = wiring.edges().stream()
                .map(edge -> WirePath.style(wiring, edge))
                .collect(Collectors.toSet());
        LEGEND.stream().filter(entry -> used.contains(entry.style())).forEach(entry -> legend(page, entry));
        page.close("ul");
        page.open("details").text("Nodes and edges as tables", "summary").open("div", "class", "tables");
        GraphTables.write(page, graph);
        page.close("div").close("details").close("footer");
    }

    private static void legend(Svg page, Legend entry) {
        page.open("li");
        page.open("svg", "class", "key", "width", "34", "height", "8", "aria-hidden", "true");
        page.open("g", "class", "wire " + entry.style())
                .leaf("path", "class", "line", "d", "M0,4H34")
                .close("g");
        page.close("svg");
        page.text(entry.chip(), "span", "class", "key-chip chip-" + entry.style())
                .text(entry.meaning(), "span")
                .close("li");
    }

    private static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line of the legend: how wires of a style are drawn, and what that means. */
    private record Legend(String style, String chip, String meaning) {}
}
