package io.millrace.samples.marine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of the whole sample, node by node and without a runtime. They were computed from the logs by other means before. */
class SteppedVoyageTest {
    @TempDir
    private Path directory;

    @Test
    void shouldFindTheFiguresOfTheLog() throws IOException {
        assertThat(figuresOf(MarineFiles.LOG)).isEqualTo(MarineFiles.FIGURES_OF_LOG);
    }

    @Test
    void shouldFindTheFiguresOfADamagedLog() throws IOException {
        Path damaged = directory.resolve("damaged.nmea");
        DamagedLog.write(MarineFiles.LOG, damaged);

        assertThat(figuresOf(damaged)).isEqualTo(MarineFiles.FIGURES_OF_DAMAGED_LOG);
    }

    private String figuresOf(Path log) throws IOException {
        new SteppedVoyage(directory).run(log.toAbsolutePath());
        return Files.readString(directory.resolve("out/summary.json"));
    }
}
