package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import io.millrace.runtime.NodeState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveProgressTest {
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @BeforeEach
    void beATerminal() {
        System.setErr(terminal);
    }

    @AfterEach
    void beAProcessAgain() {
        System.setErr(realErr);
    }

    private Progress progress() {
        return Progress.on(new Console(terminal, terminal, false, true, 100), false);
    }

    private static DataflowStatus status(long received, long dropped) {
        return new DataflowStatus(
                "flow",
                DataflowState.RUNNING,
                List.of(
                        new NodeStatus("a", NodeState.FINISHED, 0, 0, received, 0, 0, 0),
                        new NodeStatus("b", NodeState.RUNNING, 0, received, 0, dropped, 5, 9)),
                List.of());
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void shouldShowTheRateSinceTheLastLineWhenItIsRedrawn() {
        try (Progress progress = progress()) {
            progress.onStatus(status(1_000, 0), Duration.ofSeconds(1));
            progress.onStatus(status(4_000, 1_200), Duration.ofSeconds(3));
        }

        assertThat(written())
                .isEqualTo(ERASE + "flow: running  1.00 s  1/2 nodes  1,000/s" + ERASE
                        + "flow: running  3.00 s  1/2 nodes  1,500/s  1,200 dropped" + ERASE);
    }

    @Test
    void shouldStandBelowWhenNodesPrintAndFail() {
        try (Progress progress = progress()) {
            progress.onStatus(status(0, 0), Duration.ofSeconds(1));
            System.err.println("a log line");
            progress.onEvent(new DataflowEvent.NodeFailed("b", new IllegalStateException("no")));
        }

        assertThat(written())
                .isEqualTo(ERASE + "flow: running  1.00 s  1/2 nodes  0/s" + ERASE
                        + "a log line\nmillrace: node 'b' failed: java.lang.IllegalStateException: no\n");
    }

    @Test
    void shouldGiveTheStreamsBackWhenClosed() {
        progress().close();

        assertThat(System.err).isSameAs(terminal);
    }
}
