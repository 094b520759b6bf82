package io.millrace.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That measuring JVMs give the figures that the tables show. */
@Timeout(120)
class JvmRowTest {

    @ParameterizedTest
    @ValueSource(strings = {"rate", "flood", "drop", "wake"})
    void shouldFindItsFiguresWhenAHopIsMeasured(String what) throws InterruptedException {
        Outcome outcome = run(what, "carrier=MILLRACE", "length=64", "rate=1000", "waiting=park", "seconds=0.2");

        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.figures())
                .containsKey(JvmRow.FIRST_LINE)
                .containsKeys(
                        switch (what) {
                            case "flood" -> new String[] {"median", "mean"};
                            case "drop" -> new String[] {"sent", "received"};
                            default -> new String[] {"p50", "p90", "p99", "p99.9", "most", "samples"};
                        });
    }

    @Test
    void shouldFindItsFiguresWhenNodesAreMany() throws InterruptedException {
        Outcome outcome = run("many", "nodes=5", "times=1");

        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.figures()).containsKeys("build", "start", "pass", "stop", "memory");
    }

    @Test
    void shouldSayWhyWhenTheJvmFailed() throws InterruptedException {
        Outcome outcome = run("rate", "carrier=MILLRACE", "rate=1000");

        assertThat(outcome.figures()).isEmpty();
        assertThat(outcome.failure().orElseThrow())
                .startsWith("exit code 1: ")
                .contains("the argument 'length' is missing");
    }

    private static Outcome run(String... arguments) throws InterruptedException {
        return new JvmRow("row", "a row", Probe.class, List.of(), List.of(arguments)).run(Pace.QUICK);
    }
}
