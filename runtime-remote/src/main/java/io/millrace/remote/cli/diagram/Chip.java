package io.millrace.remote.cli.diagram;

import io.millrace.graph.GraphInput;
import io.millrace.graph.InputSource;
import io.millrace.graph.QueuePolicy;
import java.util.Locale;
import java.util.Optional;

/**
 * The pill before an input: its queue where an edge comes in, else what it hears of.
 *
 * @param style the last part of its classes in the style sheet
 * @param icon the symbol before its text
 */
record Chip(String style, Optional<String> icon, String text) {
    private static final double HEIGHT = 17;
    private static final double FONT = 10.5;
    private static final double ICON = 13;
    private static final double PADDING = 7;
    private static final int LONGEST = 26;

    /** @param direct whether a call stands for the queue */
    static Chip of(GraphInput input, boolean direct) {
        InputSource source = input.source();
        if (source instanceof InputSource.OutputRef) {
            return direct
                    ? new Chip("direct", Optional.empty(), "call")
                    : new Chip(policyStyle(input.policy()), Optional.empty(), Labels.queue(input));
        }
        String kind = source instanceof InputSource.Timer
                ? "timer"
                : source instanceof InputSource.Application ? "app" : "logs";
        return new Chip(kind, Optional.of(kind), Texts.shorten(Labels.shortSource(source), LONGEST));
    }

    static String policyStyle(QueuePolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    double width() {
        return Texts.monospaceWidth(text, FONT) + 2 * PADDING + (icon.isPresent() ? ICON + 3 : 0);
    }

    /** Ends at {@code right}. */
    void draw(Svg svg, double right, double middle) {
        double left = right - width();
        svg.open("g", "class", "chip chip-" + style);
        svg.leaf("rect", "x", left, "y", middle - HEIGHT / 2, "width", width(), "height", HEIGHT, "rx", HEIGHT / 2);
        icon.ifPresent(name -> svg.leaf(
                "use",
                "href",
                "#icon-" + name,
                "x",
                left + PADDING - 1,
                "y",
                middle - ICON / 2,
                "width",
                ICON,
                "height",
                ICON));
        svg.text(text, "text", "x", right - PADDING, "y", middle + FONT * 0.35, "text-anchor", "end");
        svg.close("g");
    }
}
