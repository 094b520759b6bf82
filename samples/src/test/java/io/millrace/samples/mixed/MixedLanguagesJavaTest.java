package io.millrace.samples.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.node.Claim;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.node.Parameters;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java half of the sample as it stands in its file: what its Python node does is done here in Java. */
class MixedLanguagesJavaTest {
    @TempDir
    private Path directory;

    /** In place of {@code spectrum.py}. */
    public static final class JavaSpectrum implements Operator {
        private NodeContext context;

        @Override
        public void open(NodeContext opened) {
            context = opened;
        }

        @Override
        public void onInput(Input input, Message message) {
            Block block = Block.read(message);
            double[] density = IndependentSpectra.density(block.samples(), block.intervalSeconds());
            double resolution = 1 / (block.samples().length * block.intervalSeconds());
            Claim claim = context.output(input.id())
                    .claim(
                            density.length * Double.BYTES,
                            Parameters.of(Map.of(
                                    "number", block.number(),
                                    "start_ms", block.startMs(),
                                    "resolution_hz", resolution,
                                    "mean",
                                            Arrays.stream(block.samples())
                                                    .average()
                                                    .orElseThrow(),
                                    "variance", Arrays.stream(density).sum() * resolution)));
            for (int i = 0; i < density.length; i++) {
                claim.putDouble(i * Double.BYTES, density[i]);
            }
            claim.commit();
        }
    }

    private Dataflow dataflow(Path log) throws IOException {
        Path file = MixedFiles.DATAFLOW;
        String text = Files.readString(file);
        String java = text.replaceFirst(
                "path: spectrum.py\n *build: .*\n",
                Matcher.quoteReplacement("class: " + JavaSpectrum.class.getName() + "\n"));
        assertThat(java).isNotEqualTo(text);
        return Dataflow.parse(
                java,
                LoadOptions.builder()
                        .directory(file.toAbsolutePath().getParent())
                        .environment(Map.of(
                                "OUT",
                                directory.resolve("out").toString(),
                                "LOG",
                                log.toAbsolutePath().toString()))
                        .build());
    }

    @Test
    void shouldFindTheFiguresAndDrawThemWhenItRuns() throws Exception {
        try (RunningDataflow running = dataflow(MixedFiles.LOG).start()) {
            DataflowResult result = running.await(Duration.ofMinutes(1));

            assertThat(result.state()).as(result.toString()).isEqualTo(DataflowState.FINISHED);
        }
        MixedFiles.assertFigures(Files.readString(directory.resolve("out/summary.json")));
        assertThat(Files.readString(directory.resolve("out/spectrum.html")))
                .startsWith("<!DOCTYPE html>")
                .contains("<h1>How restless are wind and depth?</h1>", "Wind moves by", "Depth, slope")
                .doesNotContain("@DATA@", "NaN", "://")
                .endsWith("</html>\n");
    }

    @Test
    void shouldSayThatNothingCameWhenTheLogIsTooShort() throws Exception {
        Path log = Files.writeString(directory.resolve("short.nmea"), "$IIDBT,,f,3.1,M,,F*21\n");

        try (RunningDataflow running = dataflow(log).start()) {
            assertThat(running.await(Duration.ofMinutes(1)).state()).isEqualTo(DataflowState.FINISHED);
        }
        assertThat(Files.readString(directory.resolve("out/summary.json")))
                .contains("\"spectra\": 0", "\"mean\": null", "\"slope\": null");
        assertThat(Files.readString(directory.resolve("out/spectrum.html"))).doesNotContain("NaN", "@DATA@");
    }
}
