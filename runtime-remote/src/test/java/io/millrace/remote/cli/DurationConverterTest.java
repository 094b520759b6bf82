package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    @ParameterizedTest
    @CsvSource({"250ms, 250", "10s, 10000", "1.5m, 90000", "2h, 7200000", "3, 3000", "0.25, 250", "0, 0", "5 s, 5000"})
    void shouldReadWhenAUnitIsGivenOrNot(String written, long millis) {
        assertThat(new DurationConverter().convert(written)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1d", "1e9", "1.s", "ten", "1 000", "99999999999s"})
    void shouldSayWhatIsExpectedWhenItIsNoDuration(String written) {
        assertThatThrownBy(() -> new DurationConverter().convert(written))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("such as 250ms, 10s, 2m")
                .hasMessageContaining("'" + written + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0ms", "0.0h", "0.0000000001s"})
    void shouldRefuseWhenItIsNoTimeAtAllAndSomeIsNeeded(String written) {
        assertThatThrownBy(() -> new PositiveDurationConverter().convert(written))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + written + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999h"})
    void shouldRefuseWhenNanosecondsWouldOverflow(String written) {
        assertThatThrownBy(() -> new DurationConverter().convert(written)).hasMessageContaining("292 years");
    }
}
