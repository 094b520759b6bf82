package io.millrace.samples.mixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.samples.mixed.IndependentSpectra.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sample's files, and what is known of them. Tests run in the directory of this module. */
final class MixedFiles {
    static final Path DATAFLOW = Path.of("mixed-languages", "dataflow.yml");
    static final Path LOG = Path.of("marine", "data", "plaka.nmea.gz");

    private static final double PRECISION = 1e-6;

    private MixedFiles() {}

    /** Holds a summary of the sample's own log against figures that were found in another way. */
    static void assertFigures(String summary) throws IOException {
        IndependentSpectra expected = new IndependentSpectra(LOG);
        assertFigures(summary, "wind", "kn", expected.wind());
        assertFigures(summary, "depth", "m", expected.depth());
        assertThat(summary).doesNotContain("complete");
    }

    private static void assertFigures(String summary, String signal, String unit, Figures expected) {
        Matcher found = Pattern.compile("\"" + signal + "\": \\{([^}]*)}").matcher(summary);
        assertThat(found.find()).as(summary).isTrue();
        String figures = found.group(1);
        assertThat(figures).contains("\"unit\": \"" + unit + "\"");
        assertThat(expected.spectra()).as("%s in blocks", signal).isGreaterThan(40);
        assertFigure(figures, "spectra", expected.spectra());
        assertFigure(figures, "mean", expected.mean());
        assertFigure(figures, "standardDeviation", expected.standardDeviation());
        assertFigure(figures, "shareSlowerThan60s", expected.shareSlowerThan60s());
        assertFigure(figures, "shareSlowerThan10s", expected.shareSlowerThan10s());
        assertFigure(figures, "slope", expected.slope());
    }

    private static void assertFigure(String figures, String name, double expected) {
        Matcher found = Pattern.compile("\"" + name + "\": (\\S+?),?\n").matcher(figures);
        assertThat(found.find()).as("%s in %s", name, figures).isTrue();
        assertThat(Double.parseDouble(found.group(1)))
                .as(name)
                .isCloseTo(expected, within(PRECISION * Math.abs(expected)));
    }
}
