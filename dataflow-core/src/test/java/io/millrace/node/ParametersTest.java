package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {

    @Test
    void shouldGiveEachValueByItsType() {
        Instant time = Instant.parse("2026-03-04T05:06:07Z");
        Parameters parameters = Parameters.of("text", "t")
                .with("number", 1L)
                .with("decimal", 2.5)
                .with("flag", true)
                .with("time", time);

        assertThat(parameters.text("text")).contains("t");
        assertThat(parameters.number("number")).contains(1L);
        assertThat(parameters.decimal("decimal")).contains(2.5);
        assertThat(parameters.flag("flag")).contains(true);
        assertThat(parameters.time("time")).contains(time);
        assertThat(parameters.value("number")).contains(1L);
    }

    @Test
    void shouldHaveNothingWhenTheNameIsUnknown() {
        assertThat(Parameters.EMPTY.isEmpty()).isTrue();
        assertThat(Parameters.EMPTY.text("x")).isEmpty();
        assertThat(Parameters.of("y", 1L).value("x")).isEmpty();
    }

    @Test
    void shouldNameBothTypesWhenAValueIsOfAnother() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameters.of("speed", 3L).text("speed"))
                .withMessage("parameter 'speed' is a Long, not a String");
    }

    @Test
    void shouldTakeAnIntegerAsALong() {
        assertThat(Parameters.of("n", 3).number("n")).contains(3L);
    }

    @Test
    void shouldKeepWhatItHadWhenOneIsAdded() {
        Parameters first = Parameters.of("a", 1L);

        Parameters second = first.with("a", 2L).with("b", 3L);

        assertThat(first.asMap()).containsExactly(Map.entry("a", 1L));
        assertThat(second.asMap()).containsExactly(Map.entry("a", 2L), Map.entry("b", 3L));
    }

    @Test
    void shouldStandInTheOrderOfTheNames() {
        Parameters parameters = Parameters.of("c", 1L).with("a", 2L).with("b", 3L);

        assertThat(parameters.asMap().keySet()).containsExactly("a", "b", "c");
        assertThat(parameters).hasToString("{a=2, b=3, c=1}");
    }

    @Test
    void shouldBeEqualWhenTheValuesAre() {
        assertThat(Parameters.of("a", List.of(1L)))
                .isEqualTo(Parameters.of("a", List.of(1L)))
                .hasSameHashCodeAs(Parameters.of("a", List.of(1L)))
                .isNotEqualTo(Parameters.of("a", List.of(2L)))
                .isNotEqualTo("{a=[1]}");
    }

    @Test
    void shouldNotChangeWhenTheListItWasGivenDoes() {
        List<Long> numbers = Arrays.asList(1L, 2L);
        Parameters parameters = Parameters.of("n", numbers);

        numbers.set(0, 9L);

        assertThat(parameters.value("n")).contains(List.of(1L, 2L));
    }

    @Test
    void shouldNotBeChangedThroughItsMap() {
        Map<String, Object> map = Parameters.of("n", 1L).asMap();

        assertThatThrownBy(() -> map.put("m", 2L)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void shouldRefuseATypeThatCannotTravel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameters.of("n", 1.5f))
                .withMessage("parameter 'n' cannot be a Float: it must be a boolean, long, double, text, time,"
                        + " or a list of longs, doubles or texts");
    }

    @Test
    void shouldRefuseAListWhenItIsMixed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameters.of("n", List.of(1L, "two")))
                .withMessage("parameter 'n' must be a list of longs only, of doubles only or of texts only");
        assertThatIllegalArgumentException().isThrownBy(() -> Parameters.of("n", Arrays.asList(1L, null)));
    }

    @Test
    void shouldRefuseANullValueByItsName() {
        assertThatThrownBy(() -> Parameters.of("speed", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("speed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "half a pair: \uD83D"})
    void shouldRefuseANameThatIsNoText(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Parameters.of(name, 1L));
    }

    @Test
    void shouldCountANamesBytesAndNotItsLetters() {
        String longest = "é".repeat(Parameters.MAX_NAME_BYTES / 2);

        assertThat(Parameters.of(longest, 1L).number(longest)).contains(1L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Parameters.of(longest + "x", 1L))
                .withMessageStartingWith("a parameter's name has 1 to 256 bytes of UTF-8: 'é");
    }

    @Test
    void shouldRefuseMoreThanAMessageMayCarry() {
        Map<String, Long> most = new LinkedHashMap<>();
        for (long i = 0; i < Parameters.MAX_COUNT; i++) {
            most.put("p" + i, i);
        }
        Parameters full = Parameters.of(most);

        assertThat(full.with("p0", 7L).asMap()).hasSize(Parameters.MAX_COUNT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> full.with("one more", 1L))
                .withMessage("a message carries at most 1024 parameters");
        most.put("one more", 1L);
        assertThatIllegalArgumentException().isThrownBy(() -> Parameters.of(most));
    }

    @Test
    void shouldTakeManyAtOnce() {
        assertThat(Parameters.of(Map.of("a", 1, "b", "two")))
                .isEqualTo(Parameters.of("a", 1L).with("b", "two"));
        assertThat(Parameters.of(Map.of())).isEqualTo(Parameters.EMPTY);
    }
}
