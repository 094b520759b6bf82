package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.testkit.HarnessBuilder;
import io.millrace.testkit.NodeHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartTest {
    @TempDir
    private Path directory;

    @Test
    void shouldWriteFiguresAndPageWhenNothingMoreComes() throws IOException {
        NodeHarness chart = builder().open();
        chart.feed("track", out -> Track.write(out, 1000, 60, 20, 0, 5));
        chart.feed("track", out -> Track.write(out, 2000, 60.001, 20, 111.2, Double.NaN));
        chart.feed("depth", out -> Depth.write(out, 1000, 2.5));
        chart.feed("depth", out -> Depth.write(out, 2000, 12.5));
        chart.feed("wind", out -> Wind.write(out, 1000, 10, 15.25, Double.NaN, Double.NaN));
        chart.feed("alarm", out -> Alarm.write(out, 1000, 2.5, 3, true));
        chart.feed("alarm", out -> Alarm.write(out, 2000, 12.5, 3.5, false));
        chart.feed("quality", out -> Quality.write(out, 12, 1, 0, 0, 1000, 2000, true));
        closeAll(chart);

        chart.run();

        assertThat(summary()).isEqualTo("""
                        {
                          "sentences": 12,
                          "badChecksums": 1,
                          "positions": 2,
                          "distanceMeters": 111.2,
                          "depthMinMeters": 2.5,
                          "depthMaxMeters": 12.5,
                          "apparentWindMaxKnots": 15.25,
                          "shallowAlarms": 1,
                          "firstTime": "00:00:01",
                          "lastTime": "00:00:02"
                        }
                        """);
        assertThat(page())
                .contains("\"trackTime\": [1000,2000],")
                .contains("\"trackDepth\": [2.5,12.5],")
                .contains("\"speed\": [5,null],")
                .contains("\"alarms\": [[1000,1,2.5,3],[2000,0,12.5,3.5]]")
                .doesNotContain("incomplete")
                .endsWith("</html>\n");
    }

    @Test
    void shouldCountButNotDrawWhenATimeIsNotKnown() throws IOException {
        NodeHarness chart = builder().open();
        chart.feed("depth", out -> Depth.write(out, LogTime.UNKNOWN, 1.5));
        chart.feed("alarm", out -> Alarm.write(out, LogTime.UNKNOWN, 1.5, 3, true));
        chart.feed("wind", out -> Wind.write(out, LogTime.UNKNOWN, 10, 15.25, Double.NaN, Double.NaN));
        chart.feed("track", out -> Track.write(out, LogTime.UNKNOWN, 60, 20, 0, 5));
        closeAll(chart);

        chart.run();

        assertThat(summary())
                .contains("\"depthMinMeters\": 1.5")
                .contains("\"shallowAlarms\": 1")
                .contains("\"apparentWindMaxKnots\": 15.25")
                .contains("\"positions\": 1");
        assertThat(page())
                .contains("\"depthTime\": []")
                .contains("\"windTime\": []")
                .contains("\"trackTime\": []")
                .contains("\"alarms\": []");
    }

    @Test
    void shouldSayThatItIsIncompleteWhenANodeHasFailed() throws IOException {
        NodeHarness chart = builder().open();
        chart.feed("quality", out -> Quality.write(out, 12, 1, 0, 0, 1000, 2000, true));
        chart.nodeFailed("upstream", "capsized");
        closeAll(chart);

        chart.run();

        assertThat(summary()).contains("\"complete\": false");
        assertThat(page()).contains("This chart is incomplete");
    }

    @Test
    void shouldWriteWhatItHasWhenStopped() throws IOException {
        NodeHarness chart = builder().open();
        chart.feed("depth", out -> Depth.write(out, 1000, 2.5));
        chart.stop();

        chart.run();

        assertThat(summary()).contains("\"depthMinMeters\": 2.5");
    }

    @Test
    void shouldReplaceBothFilesAndLeaveNothingElse() throws IOException {
        Files.createDirectories(directory.resolve("out"));
        Files.writeString(directory.resolve("out/summary.json"), "of yesterday");
        NodeHarness chart = builder().open();
        closeAll(chart);

        chart.run();

        assertThat(summary()).doesNotContain("yesterday");
        try (var files = Files.list(directory.resolve("out"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("summary.json", "voyage.html");
        }
    }

    @Test
    void shouldEscapeTheTitleWhenItHasMarkup() throws IOException {
        NodeHarness chart =
                builder().config("title", "<b>\"Tom & Jerry\"</b> @DATA@").open();
        closeAll(chart);

        chart.run();

        assertThat(page())
                .contains("<h1>&lt;b&gt;&quot;Tom &amp; Jerry&quot;&lt;/b&gt; @DATA@</h1>")
                .doesNotContain("<b>\"Tom");
    }

    @Test
    void shouldFailTheStartWhenItCannotWrite() throws IOException {
        Files.writeString(directory.resolve("out"), "a file where the directory should be");

        assertThatThrownBy(() -> builder().open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.resolve("out").toString());
    }

    private HarnessBuilder builder() {
        return NodeHarness.of(new Chart())
                .workingDirectory(directory)
                .input("track")
                .input("wind")
                .input("depth")
                .input("alarm")
                .input("quality");
    }

    private static void closeAll(NodeHarness chart) {
        for (String input : new String[] {"track", "wind", "depth", "alarm", "quality"}) {
            chart.closeInput(input);
        }
    }

    private String summary() throws IOException {
        return Files.readString(directory.resolve("out/summary.json"));
    }

    private String page() throws IOException {
        return Files.readString(directory.resolve("out/voyage.html"));
    }
}
