package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundProcessTest {
    @TempDir
    private Path directory;

    private BackgroundProcess process;
    private @Nullable ProcessHandle started;

    @BeforeEach
    void make() {
        process = new BackgroundProcess("worker", directory);
    }

    @AfterEach
    void end() {
        if (started != null) {
            started.destroyForcibly();
        }
    }

    @Test
    void shouldFindAgainWhatItHasStartedWhenItStillRuns() throws Exception {
        started = process.start(
                "127.0.0.1:0",
                List.of(
                        "executor",
                        "--machine-id",
                        "a",
                        "--addr",
                        "127.0.0.1:0",
                        "--working-dir",
                        directory.toString()));

        assertThat(new BackgroundProcess("worker", directory).find()).contains(started);
        assertThat(new BackgroundProcess("worker", directory).place()).contains("127.0.0.1:0");
        assertThat(process.stop(Duration.ofSeconds(60))).isEqualTo(BackgroundProcess.Stopped.IN_ORDER);
        assertThat(started.isAlive()).isFalse();
        assertThat(process.stop(Duration.ofSeconds(60))).isEqualTo(BackgroundProcess.Stopped.DID_NOT_RUN);
    }

    @Test
    void shouldKeepItsLastWordsWhenItEndsAtOnce() throws Exception {
        started = process.start("nowhere", List.of("no-such-command"));
        started.onExit().get(60, TimeUnit.SECONDS);

        assertThat(process.find()).isEmpty();
        assertThat(String.join("\n", process.lastWords())).contains("no-such-command");
    }

    @Test
    void shouldNotTakeAStrangerForItsOwnWhenANumberWasUsedAgain() throws IOException {
        Files.writeString(
                directory.resolve("worker.pid"), ProcessHandle.current().pid() + "\n");

        assertThat(process.find()).isEmpty();
    }

    @Test
    void shouldSayWhichFileWhenItHoldsNoNumber() throws IOException {
        Files.writeString(directory.resolve("worker.pid"), "rubbish");

        assertThatThrownBy(process::find).isInstanceOf(IOException.class).hasMessageContaining("worker.pid");
    }
}
