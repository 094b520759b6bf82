package io.millrace.local.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.contract.nodes.Pattern;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real process that records is really killed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KilledRecordingTest {
    private static final List<String> FLAGS = List.of(
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED");

    @TempDir
    private Path scratch;

    /** The first that begins so; between them are those of the log. */
    private static Optional<String> line(BufferedReader output, String begin) {
        return output.lines().filter(line -> line.startsWith(begin)).findFirst();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5_000, 30_000, 100_000})
    void shouldReadUpToTheLastCompleteMessageWhenTheProcessWasKilled(long step) throws Exception {
        Process process = RecordedProcess.start(scratch.resolve("r"), step, FLAGS);
        try (BufferedReader output = RecordedProcess.output(process)) {
            assertThat(line(output, "recorded ")).isPresent();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 9);

        try (RecordingReader reader = Recording.open(scratch.resolve("r")).read(Selection.ALL)) {
            long sequence = 0;
            for (RecordedMessage next = reader.next(); next != null; next = reader.next()) {
                assertThat(next.message().sequence()).isEqualTo(sequence);
                Pattern.check(next.message(), sequence);
                sequence++;
            }
            // The one that was being written may be counted and not complete.
            assertThat(sequence).isGreaterThanOrEqualTo(step - 1);
            assertThat(reader.isComplete()).isFalse();
            assertThat(reader.isAtEnd()).isTrue();
        }
    }

    @Test
    void shouldNameTheFlagsWhenTheJvmLacksThem() throws Exception {
        Process process = RecordedProcess.start(scratch.resolve("r"), 1, List.of());
        try (BufferedReader output = RecordedProcess.output(process)) {
            assertThat(line(output, "recording needs Chronicle Queue").orElseThrow())
                    .contains(FLAGS);
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(scratch.resolve("r")).doesNotExist();
    }

    @Test
    void shouldNameTheModuleWhenChronicleIsOne() {
        Module base = Object.class.getModule();
        Module named = java.util.logging.Logger.class.getModule();
        assertThat(Chronicle.missingFlags(base, named))
                .containsExactly(
                        "--add-opens=java.base/java.lang.reflect=java.logging",
                        "--add-opens=java.base/sun.nio.ch=java.logging");
    }
}
