package io.millrace.local.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogEndingsTest {

    /** Nodes of these inputs, each {@code id <- source source}. */
    private static LogEndings of(String... nodes) {
        StringBuilder yaml = new StringBuilder("nodes:\n");
        for (String node : nodes) {
            String[] parts = node.split(" <- ", 2);
            yaml.append("  - {id: ").append(parts[0]).append(", class: x.Y, outputs: [out], inputs: {");
            int number = 0;
            for (String source : parts.length == 1 ? List.<String>of() : List.of(parts[1].split(" ", -1))) {
                yaml.append(number == 0 ? "" : ", ")
                        .append("i")
                        .append(number++)
                        .append(": ")
                        .append(source);
            }
            yaml.append("}}\n");
        }
        return new LogEndings(Dataflow.parse(yaml.toString()).graph());
    }

    @Test
    void shouldAwaitAllOthersWhenItReadsAll() {
        LogEndings endings = of("source", "sink <- source/out", "viewer <- dora/logs");

        assertThat(endings.awaitedBy("viewer", "")).containsExactlyInAnyOrder("source", "sink");
    }

    @Test
    void shouldAwaitTheOneWhenItReadsOne() {
        LogEndings endings = of("source", "sink <- source/out", "viewer <- dora/logs/info/sink");

        assertThat(endings.awaitedBy("viewer", "sink")).containsExactly("sink");
    }

    @Test
    void shouldNotAwaitWhatReadsFromItDirectlyOrNot() {
        LogEndings endings =
                of("source", "viewer <- dora/logs source/out", "alarm <- viewer/out", "horn <- alarm/out source/out");

        assertThat(endings.awaitedBy("viewer", "")).containsExactly("source");
    }

    @Test
    void shouldAwaitEachOtherInOneDirectionOnlyWhenTwoReadAll() {
        LogEndings endings = of("source", "one <- dora/logs", "two <- dora/logs");

        assertThat(endings.awaitedBy("one", "")).containsExactlyInAnyOrder("source", "two");
        assertThat(endings.awaitedBy("two", "")).containsExactly("source");
    }

    @Test
    void shouldAwaitThoseThatDependOnNoReaderWhenNobodyElseIsLeft() {
        LogEndings endings = of("source", "one <- dora/logs", "two <- one/out", "three <- dora/logs/info/two");

        assertThat(endings.awaitedBy("one", "")).containsExactlyInAnyOrder("source", "three");
        assertThat(endings.awaitedBy("three", "two")).containsExactly("source");
    }

    @Test
    void shouldAwaitNobodyWhenAllAreReaders() {
        LogEndings endings = of("one <- dora/logs");

        assertThat(endings.awaitedBy("one", "")).isEmpty();
    }

    @Test
    void shouldAwaitNobodyTwiceWhenANodeHasTwoSuchInputs() {
        LogEndings endings = of("source", "viewer <- dora/logs dora/logs/error");

        assertThat(endings.awaitedBy("viewer", "")).containsExactly("source");
        assertThat(endings.awaitedBy("viewer", "")).containsExactly("source");
    }
}
