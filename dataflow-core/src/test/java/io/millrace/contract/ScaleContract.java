package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowState;
import io.millrace.runtime.SubscribeOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for a few nodes holds for hundreds. */
@Tag("slow")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
public abstract class ScaleContract extends DataflowContract {
    private static final int NODES = 200;

    private static final String SOURCE = """
            queue_policy: backpressure
            queue_size: 1000
            nodes:
              - {id: n0, class: Driver, inputs: {command: millrace/app/n0}, outputs: [out, report]}
            """;

    /** Each of them over hundreds of edges, whose rings they fill many times over. */
    private long messages() {
        return many() / 10;
    }

    /** Waits long, for the one line that comes at the end; holds one message, for there are hundreds of these. */
    private static Tap patient(Trial trial, String output) {
        return new Tap(trial.running().subscribe(output, SubscribeOptions.backpressure(1)), Duration.ofSeconds(100));
    }

    @Test
    void shouldLoseNothingWhenChainIsTwoHundredNodesLong() throws Exception {
        StringBuilder yaml = new StringBuilder(SOURCE);
        IntStream.rangeClosed(1, NODES)
                .forEach(n -> yaml.append(
                        "  - {id: n" + n + ", class: Relay, inputs: {in: n" + (n - 1) + "/out}, outputs: [out]}\n"));
        yaml.append("  - {id: sink, class: Collector, inputs: {in: n" + NODES + "/out}, outputs: [report]}\n");
        Trial trial = run(yaml.toString());
        Tap report = patient(trial, "sink/report");
        try (Commands driver = trial.drive("n0")) {
            driver.tell("pattern " + messages() + " 16");
        }
        assertThat(report.restTexts())
                .containsExactly("in: " + messages() + " messages, 0 to " + (messages() - 1) + ", 0 missing");
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }

    @Test
    void shouldLoseNothingWhenOneOutputFeedsTwoHundredNodes() throws Exception {
        StringBuilder yaml = new StringBuilder(SOURCE);
        IntStream.rangeClosed(1, NODES)
                .forEach(n -> yaml.append(
                        "  - {id: n" + n + ", class: Collector, inputs: {in: n0/out}, outputs: [report]}\n"));
        Trial trial = run(yaml.toString());
        List<Tap> reports = new ArrayList<>();
        IntStream.rangeClosed(1, NODES).forEach(n -> reports.add(patient(trial, "n" + n + "/report")));
        try (Commands driver = trial.drive("n0")) {
            driver.tell("pattern " + messages() + " 16");
        }
        for (Tap report : reports) {
            assertThat(report.restTexts())
                    .containsExactly("in: " + messages() + " messages, 0 to " + (messages() - 1) + ", 0 missing");
        }
        assertThat(trial.result().state()).isEqualTo(DataflowState.FINISHED);
    }
}
