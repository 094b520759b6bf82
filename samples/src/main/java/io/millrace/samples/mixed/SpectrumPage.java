package io.millrace.samples.mixed;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One HTML page that needs nothing else: the figures stand in it as text, the rest as data that its script draws. */
final class SpectrumPage {
    private static final String TEMPLATE = "spectrum.html";
    private static final Pattern SLOT = Pattern.compile("@([A-Z]+)@");

    private final String title;
    private final List<Signal> signals;
    private final boolean isComplete;

    SpectrumPage(String title, List<Signal> signals, boolean isComplete) {
        this.title = title;
        this.signals = signals;
        this.isComplete = isComplete;
    }

    String toHtml() throws IOException {
        Map<String, String> slots = Map.of(
                "TITLE", escaped(title),
                "NOTICE",
                        isComplete
                                ? ""
                                : "<p class=\"notice\">This page is incomplete: a node of the dataflow failed on the way.</p>",
                "TILES", signals.stream().map(SpectrumPage::tiles).collect(Collectors.joining("\n")),
                "DATA", signals.stream().map(SpectrumPage::data).collect(Collectors.joining(",", "[", "]")));
        return SLOT.matcher(template())
                .replaceAll(slot -> Matcher.quoteReplacement(slots.getOrDefault(slot.group(1), slot.group())));
    }

    private static String template() throws IOException {
        try (InputStream resource = SpectrumPage.class.getResourceAsStream(TEMPLATE)) {
            if (resource == null) {
                throw new FileNotFoundException(
                        "the resource '" + TEMPLATE + "' is missing beside " + SpectrumPage.class);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String tiles(Signal signal) {
        String name = signal.name().substring(0, 1).toUpperCase(Locale.ROOT)
                + signal.name().substring(1);
        String unit = signal.unit();
        return tile(
                        name + " moves by",
                        decimal(signal.standardDeviation(), 2),
                        unit,
                        "about a mean of " + decimal(signal.mean(), 2) + " " + unit)
                + tile(
                        name + ", slow",
                        decimal(100 * signal.shareSlowerThan(60), 0),
                        "%",
                        "of the power in periods above a minute")
                + tile(
                        name + ", slope",
                        decimal(signal.line().slope(), 2),
                        "",
                        "from 100 s to 6 s; turbulence has \u22121.67");
    }

    private static String tile(String name, String value, String unit, String detail) {
        return "<div class=\"tile\"><dt>" + escaped(name) + "</dt><dd><span class=\"value\">" + value
                + "</span> <span class=\"unit\">" + escaped(unit) + "</span><span class=\"detail\">" + escaped(detail)
                + "</span></dd></div>";
    }

    private static String decimal(double value, int decimals) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%,." + decimals + "f", value).replace('-', '\u2212')
                : "\u2013";
    }

    private static String data(Signal signal) {
        double[] density = signal.density();
        Signal.Line line = signal.line();
        return "{\"name\":" + JsonText.text(signal.name())
                + ",\"unit\":" + JsonText.text(signal.unit())
                + ",\"resolution\":" + JsonText.number(signal.resolutionHz(), 12)
                + ",\"mean\":" + JsonText.array(density.length, 5, i -> density[i])
                + ",\"line\":"
                + JsonText.array(
                        4, 8, i -> new double[] {line.slope(), line.log10At1Hz(), line.fromHz(), line.toHz()}[i])
                + ",\n\"blocks\":"
                + signal.blocks().stream().map(SpectrumPage::block).collect(Collectors.joining(",\n", "[", "]"))
                + ",\n\"spectra\":"
                + signal.spectra().stream().map(SpectrumPage::spectrum).collect(Collectors.joining(",\n", "[", "]"))
                + "}";
    }

    private static String block(Block block) {
        double[] samples = block.samples();
        return "{\"start\":" + block.startMs() + ",\"interval\":" + JsonText.number(block.intervalSeconds(), 9)
                + ",\"samples\":" + JsonText.array(samples.length, 4, i -> samples[i]) + "}";
    }

    /** Logarithms: the picture has colours for nothing else. */
    private static String spectrum(Spectrum spectrum) {
        double[] density = spectrum.density();
        return "{\"start\":" + spectrum.startMs() + ",\"logs\":"
                + JsonText.array(density.length, 3, i -> Math.log10(Math.max(density[i], 1e-12))) + "}";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
