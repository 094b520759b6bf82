package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.Operator;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.Subscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample as it stands in its file, run for real. */
class MarineDataflowTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void shouldHaveNothingToComplainOfWhenLoaded() {
        assertThat(load(Map.of()).findings()).isEmpty();
    }

    @Test
    void shouldLeaveFiguresAndPageWhenItFinishes() throws Exception {
        DataflowResult result = run(Map.of());

        assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
        assertThat(summary()).isEqualTo(MarineFiles.FIGURES_OF_LOG);
        assertThat(page())
                .startsWith("<!DOCTYPE html>")
                .contains("<h1>A yacht in the Finnish archipelago</h1>", "116,000", "18.96", "09:55:59 to 14:03:24 UTC")
                .doesNotContain("@DATA@", "NaN", "://")
                .endsWith("</html>\n");
    }

    @Test
    void shouldLoseNothingOnAnyEdge() throws Exception {
        DataflowResult result = run(Map.of());

        assertThat(result.status().edges()).hasSize(10).allSatisfy(edge -> {
            assertThat(edge.received()).as(edge.name()).isEqualTo(edge.sent()).isPositive();
            assertThat(edge.dropped() + edge.conflated() + edge.discarded())
                    .as(edge.name())
                    .isZero();
        });
        assertThat(result.status().edges())
                .filteredOn(edge -> edge.name().startsWith("feed/line"))
                .extracting(EdgeStatus::sent)
                .containsExactly(116_000L);
    }

    @Test
    void shouldFindTheFiguresOfADamagedLog() throws Exception {
        Path damaged = directory.resolve("damaged.nmea");
        DamagedLog.write(MarineFiles.LOG, damaged);

        run(Map.of("LOG", damaged.toString()));

        assertThat(summary()).isEqualTo(MarineFiles.FIGURES_OF_DAMAGED_LOG);
    }

    @Test
    void shouldDrawTheSamePageWhateverTheOrderOfArrival() throws Exception {
        Path stepped = directory.resolve("stepped");
        new SteppedVoyage(stepped).run(MarineFiles.LOG.toAbsolutePath());

        run(Map.of("TITLE", "Voyage"));

        assertThat(page().equals(Files.readString(stepped.resolve("out/voyage.html"))))
                .as("byte for byte")
                .isTrue();
    }

    @Test
    void shouldChartHowFarItCameWhenItIsStopped() throws Exception {
        try (RunningDataflow running = start(Map.of("SPEED", "5000"))) {
            Subscription alarms = running.subscribe("lookout/alarm");
            assertThat(alarms.poll(alarm -> {}, LONG_ENOUGH))
                    .as("well under way")
                    .isPositive();
            running.stop(Duration.ofSeconds(20));
            DataflowResult result = running.await(LONG_ENOUGH);

            assertThat(result.state()).isEqualTo(DataflowState.STOPPED);
        }
        assertThat(summary()).contains("\"firstTime\": \"09:55:59\"").doesNotContain("14:03:24");
    }

    @Test
    void shouldFailAndSaySoInTheFiguresWhenTheLogIsCutOff() throws Exception {
        Path cutOff = directory.resolve("cut.gz");
        Files.write(cutOff, Arrays.copyOf(Files.readAllBytes(MarineFiles.LOG), 200_000));

        DataflowResult result = run(Map.of("LOG", cutOff.toString()));

        assertThat(result.state()).isEqualTo(DataflowState.FAILED);
        assertThat(result.failures()).singleElement().asString().contains("feed", "cut off or damaged behind line");
        assertThat(summary()).contains("\"complete\": false");
        assertThat(page()).contains("This chart is incomplete");
    }

    @Test
    void shouldSayWhereWhenTheLogIsMissing() {
        Path missing = directory.resolve("missing.nmea");

        assertThatThrownBy(() -> start(Map.of("LOG", missing.toString())))
                .hasMessageContaining("feed")
                .hasStackTraceContaining("'" + missing + "'");
    }

    /** The navigator, which fails twice: while it has a wind in its hand, and when it is done with a position. */
    public static final class FailingNavigator implements Operator {
        private final Navigator navigator = new Navigator();
        private int incarnation;
        private int winds;
        private int positions;

        @Override
        public void open(NodeContext context) {
            incarnation = context.incarnation();
            navigator.open(context);
        }

        @Override
        public void onInput(Input input, Message message) {
            if (incarnation == 0 && input.id().equals("wind") && ++winds == 1500) {
                throw new IllegalStateException("struck while it had a wind in its hand");
            }
            navigator.onInput(input, message);
            if (incarnation == 1 && input.id().equals("position") && ++positions == 2500) {
                throw new IllegalStateException("struck when it was done with a position");
            }
        }

        @Override
        public void onInputClosed(Input input) {
            navigator.onInputClosed(input);
        }

        @Override
        public void onStop() {
            navigator.onStop();
        }
    }

    private Dataflow failing() throws IOException {
        String text = Files.readString(MarineFiles.DATAFLOW)
                .replace(Navigator.class.getName(), FailingNavigator.class.getName());
        return Dataflow.parse(
                text,
                LoadOptions.builder()
                        .directory(MarineFiles.DATAFLOW.toAbsolutePath().getParent())
                        .environment(Map.of("OUT", directory.resolve("out").toString()))
                        .build());
    }

    @Test
    void shouldFindTheSameDistanceWhenTheNavigatorIsKilledInTheMiddle() throws Exception {
        try (RunningDataflow running = failing().start()) {
            DataflowResult result = running.await(LONG_ENOUGH);

            assertThat(result.state()).isEqualTo(DataflowState.FINISHED);
            assertThat(result.failures()).isEmpty();
            assertThat(result.status().node("navigator").incarnation()).isEqualTo(2);
        }
        assertThat(summary())
                .contains(MarineFiles.FIGURES_OF_LOG
                        .lines()
                        .filter(line -> line.contains("positions"))
                        .findFirst()
                        .orElseThrow())
                .contains(MarineFiles.FIGURES_OF_LOG
                        .lines()
                        .filter(line -> line.contains("distanceMeters"))
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void shouldFindTheSameFiguresWhenItWasStoppedInTheMiddleAndIsRunAgain() throws Exception {
        StartOptions kept = StartOptions.builder()
                .stateDirectory(directory.resolve("state"))
                .build();
        try (RunningDataflow running = load(Map.of("SPEED", "5000")).start(kept)) {
            Subscription alarms = running.subscribe("lookout/alarm");
            assertThat(alarms.poll(alarm -> {}, LONG_ENOUGH)).isPositive();
            running.stop(Duration.ofSeconds(20));
            assertThat(running.await(LONG_ENOUGH).state()).isEqualTo(DataflowState.STOPPED);
        }
        try (RunningDataflow running = load(Map.of()).start(kept)) {
            assertThat(running.await(LONG_ENOUGH).state()).isEqualTo(DataflowState.FINISHED);
        }
        assertThat(summary()).isEqualTo(MarineFiles.FIGURES_OF_LOG);
    }

    private DataflowResult run(Map<String, String> variables) throws Exception {
        try (RunningDataflow running = start(variables)) {
            return running.await(LONG_ENOUGH);
        }
    }

    private RunningDataflow start(Map<String, String> variables) {
        return load(variables).start(StartOptions.builder().debug(true).build());
    }

    private Dataflow load(Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("OUT", directory.resolve("out").toString());
        return Dataflow.load(
                MarineFiles.DATAFLOW,
                LoadOptions.builder().environment(environment).build());
    }

    private String summary() throws IOException {
        return Files.readString(directory.resolve("out/summary.json"));
    }

    private String page() throws IOException {
        return Files.readString(directory.resolve("out/voyage.html"));
    }
}
