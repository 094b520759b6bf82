package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void shouldAlignWordsLeftAndFiguresRightWhenWidthsDiffer() {
        Table table = new Table(List.of("node", "received", "p50"), List.of(0))
                .row(List.of("feed", "0", "-"))
                .row(List.of("a-long-name", "1,234,567,890", "8.4 us"));

        assertThat(table.toString()).isEqualTo("""
                        node              received     p50
                        feed                     0       -
                        a-long-name  1,234,567,890  8.4 us
                        """);
    }

    @Test
    void shouldStayOneLineARowWhenACellHasLineFeedsOrControls() {
        Table table = new Table(List.of("node"), List.of(0)).row(List.of("a\nb\u001b[31m"));

        assertThat(table.toString()).isEqualTo("node\na b\\u001b[31m\n");
    }

    @Test
    void shouldRefuseWhenARowHasAnotherNumberOfCells() {
        Table table = new Table(List.of("a", "b"), List.of(0));

        assertThatIllegalArgumentException().isThrownBy(() -> table.row(List.of("one")));
    }
}
