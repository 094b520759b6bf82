package io.millrace.remote.cli.diagram;

import java.util.ArrayList;
import java.util.List;

/** The box of a piece of code: a heading, inputs along its left side and outputs along its right. */
record Panel(String style, Heading heading, List<Port> inputs, List<Port> outputs) {
    static final double ROW = 21;
    private static final double FONT = 11.5;
    private static final double SIDE = 13;
    private static final double BETWEEN = 26;
    private static final double NARROWEST = 96;
    /** From a chip to the box. */
    private static final double ARROW = 13;

    double width() {
        double rows = 0;
        for (int i = 0; i < Math.max(inputs.size(), outputs.size()); i++) {
            double in = i < inputs.size() ? portWidth(inputs.get(i)) : 0;
            double out = i < outputs.size() ? portWidth(outputs.get(i)) : 0;
            rows = Math.max(rows, in + out + (in > 0 && out > 0 ? BETWEEN : 0));
        }
        return Math.max(NARROWEST, Math.max(rows, heading.width()) + 2 * SIDE);
    }

    private static double portWidth(Port port) {
        return Texts.monospaceWidth(port.shortId(), FONT);
    }

    double height() {
        int rows = Math.max(inputs.size(), outputs.size());
        return heading.height() + (rows == 0 ? 0 : rows * ROW + 7);
    }

    /** Room for the chips at its left. */
    double lead() {
        return inputs.stream()
                .flatMap(port -> port.chip().stream())
                .mapToDouble(chip -> chip.width() + ARROW + 6)
                .max()
                .orElse(0);
    }

    /** From its top. */
    double portY(int row) {
        return heading.height() + 4 + (row + 0.5) * ROW - 1;
    }

    void draw(Svg svg, double x, double y) {
        boolean ports = !inputs.isEmpty() || !outputs.isEmpty();
        svg.leaf("rect", "class", "panel " + style, "x", x, "y", y, "width", width(), "height", height(), "rx", 9.0);
        heading.draw(svg, x + SIDE, y);
        if (ports) {
            double line = y + heading.height();
            svg.leaf(
                    "path",
                    "class",
                    "rule",
                    "d",
                    "M" + Svg.number(x) + "," + Svg.number(line) + "h" + Svg.number(width()));
        }
        for (int i = 0; i < inputs.size(); i++) {
            drawInput(svg, inputs.get(i), x, y + portY(i));
        }
        for (int i = 0; i < outputs.size(); i++) {
            drawOutput(svg, outputs.get(i), x + width(), y + portY(i));
        }
    }

    private static void drawInput(Svg svg, Port port, double x, double y) {
        String style = port.chip().map(chip -> " to-" + chip.style()).orElse("");
        svg.open("g", "class", "port" + style).tooltip(port.tooltip());
        port.chip().ifPresent(chip -> {
            svg.leaf(
                    "path",
                    "class",
                    "stub",
                    "d",
                    "M" + Svg.number(x - ARROW) + "," + Svg.number(y) + "H" + Svg.number(x));
            chip.draw(svg, x - ARROW, y);
        });
        String triangle = "M" + Svg.number(x - 6) + "," + Svg.number(y - 4.5) + "l7,4.5l-7,4.5z";
        svg.leaf("path", "class", "arrow", "d", triangle);
        svg.text(port.shortId(), "text", "x", x + SIDE, "y", y + FONT * 0.35);
        svg.close("g");
    }

    private static void drawOutput(Svg svg, Port port, double x, double y) {
        svg.open("g", "class", port.used() ? "port" : "port unread").tooltip(port.tooltip());
        svg.leaf("circle", "cx", x, "cy", y, "r", 3.5);
        svg.text(port.shortId(), "text", "x", x - SIDE, "y", y + FONT * 0.35, "text-anchor", "end");
        svg.close("g");
    }

    /**
     * What stands at the top of a box.
     *
     * @param lines smaller, under the title
     */
    record Heading(String title, List<String> lines) {
        private static final int LONGEST = 36;
        private static final double TITLE = 14;
        private static final double LINE = 11;

        Heading {
            lines = new ArrayList<>(lines)
                    .stream().filter(line -> !line.isBlank()).toList();
        }

        private String shortTitle() {
            return Texts.shorten(title, LONGEST);
        }

        private static String shortLine(String line) {
            return Texts.shorten(line, LONGEST + 4);
        }

        double width() {
            double widest = lines.stream()
                    .mapToDouble(line -> Texts.sansWidth(shortLine(line), LINE))
                    .max()
                    .orElse(0);
            return Math.max(widest, 1.04 * Texts.sansWidth(shortTitle(), TITLE));
        }

        double height() {
            return 31 + lines.size() * 15.0;
        }

        void draw(Svg svg, double x, double y) {
            svg.text(shortTitle(), "text", "class", "title", "x", x, "y", y + 20.5);
            for (int i = 0; i < lines.size(); i++) {
                svg.text(shortLine(lines.get(i)), "text", "class", "line", "x", x, "y", y + 36 + i * 15.0);
            }
        }
    }
}
