package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.client.SubmissionInterruptedException.Fate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    private final Streams streams = new Streams();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    TAKEN_BACK    | was taken back before it ran
                    ASKED_TO_STOP | was asked to stop; 'millrace status 17-4' shows what becomes of it
                    UNKNOWN       | could not be taken back, for no master has answered, and may run: 'millrace list' shows whether it does, and 'millrace stop 17-4' stops it
                    """)
    void shouldSayWhetherAJobRunsWhenItsStartIsInterrupted(Fate fate, String words) {
        assertThat(new Refusal(streams.console(), false).interrupted("flow", "17-4", fate, 130))
                .isEqualTo(130);

        assertThat(streams.err()).isEqualTo("millrace: job 'flow' " + words + "\n");
        assertThat(streams.out()).isEmpty();
    }

    @Test
    void shouldTellProgramsWhichJobItIsWhenItsStartIsInterrupted() {
        new Refusal(streams.console(), true).interrupted("flow", "17-4", Fate.UNKNOWN, 130);

        assertThat(streams.out()).isEqualTo("""
                {
                  "state": "unknown",
                  "exitCode": 130,
                  "dataflow": "flow",
                  "id": "17-4"
                }
                """);
    }
}
