package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.Question.Case;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final List<String> WITH_FLAG = List.of(Flags.EXPORT);

    private final Map<Case, List<Trial>> trials = new LinkedHashMap<>();

    @Test
    void shouldShowMediansAndRatiosWhenEveryCarrierWasMeasured() throws IOException {
        measured(Carrier.RING_WRITE, true, trial(400, 0.01), trial(420, 0.02), trial(440, 0.01));
        measured(Carrier.RING_CLAIM, true, trial(500, 0.01), trial(500, 0.01), trial(500, 0.01));
        measured(Carrier.NODES, true, trial(630, 0.01), trial(600, 0.01), trial(900, 0.01));

        assertThat(printed())
                .contains("Round trip, 64 bytes")
                .containsPattern("\\| bare ring, write +\\| +420 \\(400-440\\) \\| +1.00 \\| +0.84 \\|")
                .containsPattern("\\| node to node +\\| +630 \\(600-900\\) \\| +1.50 \\| +1.26 \\|")
                .contains("machine: ")
                .contains("JDK: ")
                .contains("flags: " + Flags.EXPORT + System.lineSeparator())
                .containsPattern("\\|-+\\|-+:\\|")
                .doesNotContain("!");
    }

    @Test
    void shouldMarkLinesWhenOthersUsedTheCores() throws IOException {
        measured(Carrier.RING_WRITE, true, trial(400, 0.01));
        measured(Carrier.RING_CLAIM, true, trial(400, 0.01));
        measured(Carrier.NODES, true, trial(400, 0.02), trial(400, 0.31));

        assertThat(printed())
                .containsPattern("node to node .* 17 \\(2-31\\) % ! \\|")
                .contains("! other processes used more than 3 % of the cores");
    }

    @Test
    void shouldSayThatTheLoadIsUnknownWhenTheSystemDoesNotTell() throws IOException {
        Trial blind = new Trial(List.of(400.0, 800.0), 0, Optional.empty(), WITH_FLAG);
        measured(Carrier.RING_WRITE, true, blind);
        measured(Carrier.RING_CLAIM, true, blind);

        assertThat(printed()).contains("unknown").doesNotContain("!");
    }

    private void measured(Carrier carrier, boolean withFlag, Trial... found) {
        trials.put(new Case(Question.ROUND_TRIP, carrier, withFlag), List.of(found));
    }

    private static Trial trial(double p50Ns, double others) {
        return new Trial(List.of(p50Ns, 2 * p50Ns), 0, Optional.of(others), WITH_FLAG);
    }

    private String printed() throws IOException {
        Report report = new Report(0.03);
        report.add(Question.ROUND_TRIP, trials);
        StringWriter text = new StringWriter();
        report.print(new PrintWriter(text));
        return text.toString();
    }
}
