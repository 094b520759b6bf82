package io.millrace.remote.cli.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {
    @ParameterizedTest
    @CsvSource({"short, short", "exactly-ten, exactly-ten", "abcdefghijklmnop, abcde\u2026lmnop", "a  b, a b"})
    void shouldKeepBothEndsWhenTextIsTooLong(String text, String shortened) {
        assertThat(Texts.shorten(text, 11)).isEqualTo(shortened);
    }

    @Test
    void shouldNotBreakACharacterWhenItIsMadeOfTwo() {
        assertThat(Texts.shorten("\ud83d\ude80".repeat(10), 5))
                .isEqualTo("\ud83d\ude80\ud83d\ude80\u2026\ud83d\ude80\ud83d\ude80");
    }

    @Test
    void shouldBeWiderWhenCharactersAre() {
        assertThat(Texts.sansWidth("MMM", 10)).isGreaterThan(Texts.sansWidth("nnn", 10));
        assertThat(Texts.sansWidth("nnn", 10)).isGreaterThan(Texts.sansWidth("iii", 10));
        assertThat(Texts.monospaceWidth("\u611f", 10)).isGreaterThan(Texts.monospaceWidth("i", 10));
        assertThat(Texts.monospaceWidth("iii", 10)).isEqualTo(Texts.monospaceWidth("MMM", 10));
    }
}
