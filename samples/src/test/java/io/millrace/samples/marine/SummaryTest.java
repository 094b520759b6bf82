package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class SummaryTest {

    @Test
    void shouldSayNullWhenTheLogSaysNothing() {
        Summary summary =
                new Summary(0, 0, 0, 0, Double.NaN, Double.NaN, Double.NaN, 0, LogTime.UNKNOWN, LogTime.UNKNOWN, true);

        assertThat(summary.toJson()).isEqualTo("""
                        {
                          "sentences": 0,
                          "badChecksums": 0,
                          "positions": 0,
                          "distanceMeters": 0,
                          "depthMinMeters": null,
                          "depthMaxMeters": null,
                          "apparentWindMaxKnots": null,
                          "shallowAlarms": 0,
                          "firstTime": null,
                          "lastTime": null
                        }
                        """);
    }

    @Test
    void shouldSaySoWhenItIsNotComplete() {
        Summary summary = new Summary(0, 0, 0, 0, 1, 2, 3, 0, LogTime.UNKNOWN, LogTime.UNKNOWN, false);

        assertThat(summary.toJson()).contains("\"complete\": false");
    }

    @Test
    void shouldWritePlainNumbersWhateverTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            Summary summary = new Summary(
                    1_000_000_000_000L, 0, 0, 12_345_678_912.34567, 0.0004, 1e-7, 100, 0, 3_600_000, 3_600_000, true);

            assertThat(summary.toJson())
                    .contains("\"sentences\": 1000000000000,")
                    .contains("\"distanceMeters\": 12345678912.346,")
                    .contains("\"depthMinMeters\": 0,")
                    .contains("\"depthMaxMeters\": 0,")
                    .contains("\"apparentWindMaxKnots\": 100,")
                    .contains("\"firstTime\": \"01:00:00\"");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void shouldEscapeTextWhenItHasWhatJsonOrHtmlWouldTrip() {
        assertThat(Json.quoted("a\"b\\c\n</script>")).isEqualTo("\"a\\u0022b\\u005cc\\u000a\\u003c/script>\"");
    }
}
