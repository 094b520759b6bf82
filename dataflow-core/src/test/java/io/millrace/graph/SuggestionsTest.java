package io.millrace.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {

    @ParameterizedTest
    @CsvSource({
        "queue_sise, queue_size",
        "queue-size, queue_size",
        "Queue_Size, queue_size",
        "queuesize, queue_size",
        "qeueu_size, queue_size",
        "inptus, inputs",
        "input, inputs"
    })
    void shouldFindTheMeantWordWhenASlipIsSmall(String written, String meant) {
        assertThat(Suggestions.nearest(written, List.of("queue_policy", "queue_size", "inputs", "outputs")))
                .contains(meant);
    }

    @Test
    void shouldSuggestNothingWhenNoWordIsNear() {
        assertThat(Suggestions.nearest("banana", List.of("queue_size", "inputs")))
                .isEmpty();
        assertThat(Suggestions.nearest("x".repeat(65), List.of("x".repeat(65)))).isEmpty();
        assertThat(Suggestions.didYouMean("banana", List.of("inputs"))).isEmpty();
        assertThat(Suggestions.didYouMean("input", List.of("inputs"))).isEqualTo("; did you mean 'inputs'?");
    }

    @Test
    void shouldCutAListShortWhenItIsLong() {
        assertThat(Suggestions.list(List.of("a", "b"))).isEqualTo("[a, b]");
        assertThat(Suggestions.list(
                        IntStream.range(0, 25).mapToObj(Integer::toString).toList()))
                .startsWith("[0, 1, ")
                .endsWith(", 19 and 5 more]");
    }

    @Test
    void shouldMeasureADistanceWhenWordsAreRandom() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            String a = word(random);
            String b = word(random);
            int distance = Suggestions.distance(a, b);
            assertThat(distance).isEqualTo(Suggestions.distance(b, a));
            assertThat(distance).isBetween(Math.abs(a.length() - b.length()), Math.max(a.length(), b.length()));
            assertThat(distance == 0).isEqualTo(a.equals(b));
        }
        assertThat(Suggestions.distance("abcd", "abdc")).isEqualTo(1);
    }

    private static String word(Random random) {
        return random.ints(random.nextInt(8), 'a', 'd')
                .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                .toString();
    }
}
