package io.millrace.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {

    @Test
    void shouldPrintAsMuchOfTheLocationAsIsKnown() {
        assertThat(Problem.error(new Location("flow.yml", 14, 7), "bad")).hasToString("flow.yml:14:7: error: bad");
        assertThat(Problem.warning(new Location("flow.yml", 14, 0), "odd")).hasToString("flow.yml:14: warning: odd");
        assertThat(Problem.note(Location.of("flow.yml"), "so")).hasToString("flow.yml: note: so");
        assertThat(Problem.error(Location.NONE, "bad")).hasToString("error: bad");
    }

    @Test
    void shouldListEveryProblemInTheOrderOfTheFileWhenThrown() {
        InvalidDataflowException invalid = new InvalidDataflowException(List.of(
                Problem.note(new Location("f.yml", 2, 1), "c"),
                Problem.error(new Location("f.yml", 10, 1), "d"),
                Problem.error(new Location("f.yml", 2, 1), "b"),
                Problem.error(new Location("f.yml", 1, 9), "a")));

        assertThat(invalid)
                .hasMessage("f.yml:1:9: error: a\nf.yml:2:1: error: b\nf.yml:2:1: note: c\nf.yml:10:1: error: d");
        assertThat(invalid.problems()).extracting(Problem::message).containsExactly("a", "b", "c", "d");
    }

    @Test
    void shouldCountProblemsOfOneSeverityWhenThereAreTooMany() {
        ProblemCollector collector = new ProblemCollector();
        for (int i = 0; i < ProblemCollector.LIMIT + 5; i++) {
            collector.note(new Location("f.yml", i + 1, 1), "note " + i);
        }
        assertThat(collector.hasErrors()).isFalse();
        collector.error(new Location("f.yml", 1, 1), () -> "still told");

        assertThat(collector.hasErrors()).isTrue();
        assertThat(collector.problems()).hasSize(ProblemCollector.LIMIT + 2);
        assertThat(collector.problems().get(0).message()).isEqualTo("still told");
        assertThat(collector.problems().get(ProblemCollector.LIMIT + 1))
                .isEqualTo(Problem.note(new Location("f.yml", 1_000, 1), "5 more of this kind are not listed"));
    }

    @Test
    void shouldStayOnePrintableLineWhenAFileIsHostile() {
        assertThat(Problem.note(Location.NONE, "a\nb\u001b[31mc").message()).isEqualTo("a\\nb\\u001b[31mc");
        assertThat(Problem.note(Location.NONE, "a\u202Eb\u2028c").message()).isEqualTo("a\\u202eb\\u2028c");
        assertThat(Problem.note(Location.NONE, "x".repeat(5_000)).message()).hasSize(2_003);
        assertThat(Problem.quote("x".repeat(129))).isEqualTo("'" + "x".repeat(40) + "...'");
    }
}
