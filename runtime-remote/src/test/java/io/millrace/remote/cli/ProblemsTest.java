package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.Location;
import io.millrace.graph.Problem;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    private static final Problem ERROR = Problem.error(new Location("flow.yml", 14, 7), "node 'x' is odd");
    private static final Problem WARNING = Problem.warning(Location.of("flow.yml"), "so so");
    private static final Problem NOTE = Problem.note(Location.NONE, "by the way");

    private static String printed(boolean coloured, Problem... problems) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Problems.print(List.of(problems), new PrintStream(bytes, true, StandardCharsets.UTF_8), coloured);
        return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    }

    @Test
    void shouldBeginWithThePlaceWhenPrinted() {
        assertThat(printed(false, ERROR, WARNING, NOTE))
                .isEqualTo("flow.yml:14:7: error: node 'x' is odd\nflow.yml: warning: so so\nnote: by the way\n");
    }

    @Test
    void shouldColourTheSeverityAloneWhenPeopleLook() {
        Problem markup = Problem.error(new Location("@|red a|@.yml", 1, 1), "@|blink boo|@");

        assertThat(printed(true, markup))
                .startsWith("@|red a|@.yml:1:1: \u001b[")
                .contains("error:")
                .endsWith(" @|blink boo|@\n");
    }

    @Test
    void shouldNotSteerTheTerminalWhenAMessageHoldsEscapes() {
        Problem hostile = Problem.error(new Location("\u001b]0;x\u0007.yml", 1, 1), "found '\u001b[2J'");

        assertThat(printed(false, hostile)).doesNotContain("\u001b", "\u0007");
        assertThat(printed(true, hostile)).doesNotContain("\u001b]", "\u001b[2J", "\u0007");
    }

    @Test
    void shouldHaveNullsWhenAPlaceIsNotKnown() {
        assertThat(Problems.toJson(List.of(NOTE)).get(0))
                .containsEntry("severity", "note")
                .containsEntry("file", null)
                .containsEntry("line", null)
                .containsEntry("column", null)
                .containsEntry("message", "by the way");
    }

    @Test
    void shouldCountBySeverityWhenTallied() {
        assertThat(Problems.tally(List.of(ERROR, WARNING, ERROR))).isEqualTo("2 errors, 1 warning");
        assertThat(Problems.tally(List.of())).isEqualTo("no problems");
    }
}
