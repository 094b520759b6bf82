package io.millrace.remote.cli.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SvgTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "12, 12", "12.34, 12.3", "12.36, 12.4", "-0.2, -0.2", "-3, -3", "-12.5, -12.5", "0.04, 0"})
    void shouldHaveOneDecimalAtMostWhenANumberIsWritten(double value, String written) {
        assertThat(Svg.number(value)).isEqualTo(written);
    }

    @Test
    void shouldEscapeWhenTextOrAttributesHoldMarkup() {
        Svg svg = new Svg().text("a < b & 'c'", "text", "class", "\"><script>", "x", 1.25);

        assertThat(svg.toString())
                .isEqualTo("<text class=\"&quot;&gt;&lt;script&gt;\" x=\"1.3\">a &lt; b &amp; &#39;c&#39;</text>\n");
    }

    @Test
    void shouldReplaceWhenACharacterHasNoPlaceInXml() {
        assertThat(Svg.escape("a\u0000b\u001bc\ud800d\uffffe\u0085f\n\t"))
                .isEqualTo("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\n\t");
    }
}
