package io.millrace.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(300)
class SoakTest {

    /** A short form of the hour that {@code benchmarks/soak} takes. */
    @Tag("soak")
    @Test
    void shouldLoseNothingAndHoldNoMoreWhenEverythingGoesOnAtOnce() throws Exception {
        SoakResult result = new SoakRun(Duration.ofMinutes(1), 1).run();

        assertThat(result.isGood())
                .as(() -> String.join(System.lineSeparator(), lines(result)))
                .isTrue();
        assertThat(result.status().edges()).allMatch(edge -> edge.received() > 0);
        assertThat(result.status().edges()).anyMatch(edge -> edge.dropped() > 0);
        assertThat(result.status().edges()).anyMatch(edge -> edge.conflated() > 0);
        assertThat(result.ledger().count("visits").get()).isPositive();
        assertThat(result.status().node("relay").incarnation()).isPositive();
        assertThat(result.status().node("large").incarnation()).isPositive();
    }

    @Test
    void shouldSeeGrowthWhenTheLeastOfTheEndIsMoreThanTheMostOfTheBeginning() {
        assertThat(threads(9, 9, 3, 4, 5, 5, 5, 5).isGrowing()).isTrue();
        assertThat(threads(9, 9, 3, 4, 5, 5, 5, 5))
                .hasToString("threads: at most 4.0 in the second quarter, at least 5.0 in the last: GROWS");
    }

    @Test
    void shouldSeeNoGrowthWhenItOnlyGoesUpAndDown() {
        assertThat(threads(1, 1, 3, 5, 9, 9, 9, 4).isGrowing()).isFalse();
    }

    @Test
    void shouldRefuseWhenTheSamplesAreTooFew() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> threads(1, 1, 1))
                .withMessage("too few samples to see growth: expected at least 8, found 3");
    }

    @Test
    void shouldRefuseWhenTheDurationIsNone() {
        StringWriter errors = new StringWriter();
        CommandLine command = new CommandLine(new Soak()).setErr(new PrintWriter(errors));

        assertThat(command.execute("soon")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(command.execute("1s")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString())
                .contains("'soon' is no duration: expected one such as 30s, 10m or 1h")
                .contains("'1s' is too short: expected at least 4s");
    }

    private static Growth threads(long... counts) {
        List<Vitals> samples = new ArrayList<>();
        for (long count : counts) {
            samples.add(new Vitals(0, 0, count, 0));
        }
        return Growth.of("threads", samples, Vitals::threads, 0, 1);
    }

    private static List<String> lines(SoakResult result) {
        try {
            return result.lines("mvn verify");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
