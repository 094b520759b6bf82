package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private static final String ERASE = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final StatusLine line = new StatusLine(terminal, 20);
    private final PrintStream others = line.above(terminal);

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldRedrawInPlaceWhenShownAgain() {
        line.show("one");
        line.show("two");

        assertThat(written()).isEqualTo(ERASE + "one" + ERASE + "two");
    }

    @Test
    void shouldGiveWayWhenOthersPrint() {
        line.show("status");
        others.print("a log line\n");
        line.show("status");

        assertThat(written()).isEqualTo(ERASE + "status" + ERASE + "a log line\n" + ERASE + "status");
    }

    @Test
    void shouldStayAwayWhenOthersHaveNotEndedTheirLine() {
        others.print("half a ");
        line.show("status");
        others.print("line\n");

        assertThat(written()).isEqualTo("half a line\n");
    }

    @Test
    void shouldFitTheTerminalWhenTheTextIsLong() {
        line.show("x".repeat(100));

        assertThat(written()).isEqualTo(ERASE + "x".repeat(19));
    }

    @Test
    void shouldEraseOnlyWhenSomethingIsShown() {
        line.erase();
        line.show("status");
        line.erase();
        line.erase();

        assertThat(written()).isEqualTo(ERASE + "status" + ERASE);
    }
}
