package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowMetrics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopProgressTest {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";
    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final DataflowMetrics EMPTY = new DataflowMetrics("flow", List.of(), List.of(), List.of());

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @BeforeEach
    void beATerminal() {
        System.setErr(terminal);
        System.setOut(terminal);
    }

    @AfterEach
    void beAProcessAgain() {
        System.setErr(realErr);
        System.setOut(realOut);
    }

    private Progress progress() {
        return Progress.on(new Console(terminal, terminal, true, true, 40, 10), false, true);
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void shouldDrawOnAScreenOfItsOwnAndGiveTheOldOneBackWithWhatWasPrinted() {
        try (Progress progress = progress()) {
            progress.onMetrics(() -> EMPTY, Duration.ofSeconds(1));
            System.out.print("half a ");
            System.out.println("line \u00fc");
            progress.onEvent(new DataflowEvent.NodeFailed("b", new IllegalStateException("no")));
            System.err.print("the end");
            progress.onMetrics(() -> EMPTY, Duration.ofSeconds(2));
        }

        assertThat(written())
                .startsWith(ENTER + "\u001b[Hflow  1.00 s  0/0 nodes")
                .contains("half a line \u00fc\u001b[K");
        assertThat(written().split(Pattern.quote(LEAVE), -1)[1])
                .isEqualTo(
                        "half a line \u00fc\nmillrace: node 'b' failed: java.lang.IllegalStateException: no\nthe end\n");
        assertThat(System.out).isSameAs(terminal);
        assertThat(System.err).isSameAs(terminal);
    }

    @Test
    void shouldNotBeRedrawnMoreOftenThanPeopleCanRead() {
        try (Progress progress = progress()) {
            for (int millis = 1000; millis <= 2000; millis += 100) {
                progress.onMetrics(() -> EMPTY, Duration.ofMillis(millis));
            }
        }

        assertThat(written().split("\u001b\\[H", -1)).hasSize(1 + 3);
    }

    @Test
    void shouldTakeWhatIsPrintedWhileItWaitsForTheMetrics() {
        try (Progress progress = progress()) {
            progress.onMetrics(
                    () -> {
                        CompletableFuture.runAsync(() -> progress.say("meanwhile"))
                                .orTimeout(10, TimeUnit.SECONDS)
                                .join();
                        return EMPTY;
                    },
                    Duration.ofSeconds(1));
        }

        assertThat(written().split(Pattern.quote(LEAVE), -1)[0]).contains("millrace: meanwhile");
    }

    @Test
    void shouldLeaveTheTerminalAloneWhenNothingWasDrawn() {
        progress().close();

        assertThat(written()).isEmpty();
    }

    @Test
    void shouldKeepTheLastLinesWhenNodesPrintALot() {
        try (Progress progress = progress()) {
            for (int i = 0; i < TopProgress.MAX_KEPT + 5; i++) {
                System.out.println("line " + i);
            }
            progress.onMetrics(() -> EMPTY, Duration.ofSeconds(1));
        }

        List<String> after =
                written().split(Pattern.quote(LEAVE), -1)[1].lines().toList();
        assertThat(after)
                .hasSize(TopProgress.MAX_KEPT + 1)
                .startsWith("... 5 lines", "line 5")
                .endsWith("line 1004");
    }

    @Test
    void shouldKeepControlCharactersFromTheScreenOfTables() {
        try (Progress progress = progress()) {
            System.out.println("a\u001b[2Jb");
            progress.onMetrics(() -> EMPTY, Duration.ofSeconds(1));
        }

        assertThat(written().split(Pattern.quote(LEAVE), -1)[0]).contains("a\\u001b[2Jb");
    }

    @Test
    void shouldBePlainLinesWhenThereIsNoTerminal() {
        Console pipe = new Console(terminal, terminal, false, false, 80);

        assertThat(Progress.on(pipe, false, true)).isInstanceOf(PlainProgress.class);
        assertThat(Progress.on(pipe, true, true)).isInstanceOf(SilentProgress.class);
    }
}
