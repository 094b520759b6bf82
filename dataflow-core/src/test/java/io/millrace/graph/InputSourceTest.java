package io.millrace.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.graph.InputSource.Application;
import io.millrace.graph.InputSource.Logs;
import io.millrace.graph.InputSource.OutputRef;
import io.millrace.graph.InputSource.Timer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputSourceTest {

    @ParameterizedTest
    @CsvSource({
        "dora/timer/secs/2, 2000000000",
        "dora/timer/millis/100, 100000000",
        "dora/timer/micros/250, 250000",
        "dora/timer/nanos/1, 1",
        "dora/timer/hz/30, 33333333",
        "dora/timer/hz/0.5, 2000000000",
        "dora/timer/hz/.5, 2000000000",
        "millrace/timer/millis/5, 5000000"
    })
    void shouldReadATimerWhenUnitAndNumberAreGiven(String text, long nanos) {
        assertThat(InputSource.parse(text)).isEqualTo(new Timer(Duration.ofNanos(nanos), text));
    }

    @Test
    void shouldReadEachOtherKindOfSource() {
        assertThat(InputSource.parse("camera/image")).isEqualTo(new OutputRef("camera", "", "image"));
        assertThat(InputSource.parse("robot/arm/pose")).isEqualTo(new OutputRef("robot", "", "arm/pose"));
        assertThat(InputSource.parse("dora/logs")).isEqualTo(new Logs("", ""));
        assertThat(InputSource.parse("dora/logs/warn")).isEqualTo(new Logs("warn", ""));
        assertThat(InputSource.parse("millrace/logs/warn/camera")).isEqualTo(new Logs("warn", "camera"));
        assertThat(InputSource.parse("millrace/app/orders")).isEqualTo(new Application("orders"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    camera                 | expected node/output, node/operator/output or a built-in source
                    camera/                | expected node/output, node/operator/output or a built-in source
                    /image                 | expected node/output, node/operator/output or a built-in source
                    dora/clock/1           | there is no such built-in source; expected dora/timer/UNIT/N
                    dora/timer             | expected dora/timer/UNIT/N, where UNIT is one of [secs, millis, micros
                    dora/timer/milis/5     | 'milis' is not a unit of timers: expected one of [secs, millis, micros
                    dora/timer/milis/5     | did you mean 'millis'?
                    dora/timer/millis/0    | the interval of a timer must not be zero
                    dora/timer/hz/0        | the rate of a timer must not be zero
                    dora/timer/hz/0.0      | the rate of a timer must not be zero
                    dora/timer/hz/-1       | '-1' is not a decimal number
                    dora/timer/hz/1e3      | '1e3' is not a decimal number
                    dora/timer/millis/1.5  | '1.5' is not a whole number
                    dora/timer/millis/-5   | '-5' is not a whole number
                    dora/timer/millis/     | '' is not a whole number
                    dora/timer/hz/10000000000 | the interval of a timer must be at least a nanosecond
                    dora/timer/secs/99999999999 | the interval of a timer must be less than 292 years
                    dora/timer/secs/5/6    | expected dora/timer/UNIT/N
                    dora/logs/loud         | 'loud' is not a log level: expected one of
                    dora/logs/info/a/b     | expected dora/logs, dora/logs/LEVEL or dora/logs/LEVEL/NODE
                    millrace/app           | expected millrace/app/NAME
                    millrace/app/a b       | the name 'a b' has characters other than
                    """)
    void shouldSayWhatIsExpectedWhenASourceIsMalformed(String text, String message) {
        assertThatThrownBy(() -> InputSource.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("source '" + text + "': ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dora/timer/millis/20", "dora/logs/info/camera", "millrace/app/orders", "robot/arm/pose"})
    void shouldPrintASourceAsItWasWritten(String text) {
        assertThat(InputSource.parse(text)).hasToString(text);
    }
}
