package io.millrace.remote.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of chaos find what they look for. */
class TracesTest {
    private static final String FIRST = "relay,9,0,100,aa";
    private static final String SECOND = "relay,12,1,200,bb";

    @TempDir
    Path directory;

    private void write(String life, String... lines) throws IOException {
        Files.writeString(
                directory.resolve(life),
                String.join("\n", lines) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private Traces read() {
        Traces traces = new Traces(directory);
        traces.readOn();
        return traces;
    }

    @Test
    void shouldFindNothingWhenAllIsInOrder() throws Exception {
        write(FIRST, "O 10", "R 11 counter,1,0,1,a 5 1", "R 12 counter,1,0,1,a 6 2", "C 13");
        write(SECOND, "O 14", "R 15 counter,1,0,1,a 9 3", "R 16 counter,2,1,1,b 0 9");
        Traces traces = read();
        assertThat(traces.takeBroken(Set.of())).isEmpty();
        assertThat(traces.received()).isEqualTo(4);
        assertThat(traces.hasNews("relay", 8)).isTrue();
        assertThat(traces.hasNews("relay", 9)).isFalse();
    }

    @Test
    void shouldFindTwoIncarnationsThatOverlap() throws Exception {
        write(FIRST, "O 10", "C 3000014");
        write(SECOND, "O 14");
        Traces traces = read();
        assertThat(traces.takeBroken(Set.of(FIRST))).isEmpty();
        assertThat(traces.takeBroken(Set.of())).containsExactly(FIRST + " has written 3 ms after " + SECOND + " began");
    }

    @Test
    void shouldFindWhatIsMissingOrComesTwiceOrLate() throws Exception {
        write(FIRST, "O 10", "R 11 a,1,0,1,a 5 1", "R 12 a,1,0,1,a 7 2", "R 13 a,1,0,1,a 7 2");
        write(FIRST, "R 14 a,2,1,1,b 0 3", "R 15 a,1,0,1,a 8 4");
        assertThat(read().takeBroken(Set.of()))
                .containsExactly(
                        FIRST + " has received 7 after 5 from a,1,0,1,a",
                        FIRST + " has received 7 after 7 from a,1,0,1,a",
                        FIRST + " has received 8 from a,1,0,1,a after messages from a,2,1,1,b");
    }

    @Test
    void shouldReadOnWhereALineWasNotWholeYet() throws Exception {
        Files.writeString(directory.resolve(FIRST), "O 10\nR 2000010 a,1,0,");
        Traces traces = read();
        assertThat(traces.received()).isZero();
        Files.writeString(directory.resolve(FIRST), "1,a 5 1\n", StandardOpenOption.APPEND);
        traces.readOn();
        assertThat(traces.received()).isEqualTo(1);
        assertThat(traces.takeLongestGapNs("relay")).isEqualTo(2_000_000);
        assertThat(traces.takeLongestGapNs("relay")).isZero();
    }
}
