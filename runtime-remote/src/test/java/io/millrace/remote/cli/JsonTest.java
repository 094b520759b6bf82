package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void shouldIndentWhenMapsAndListsAreNested() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("name", "flow");
        value.put("nodes", List.of(1, 2.5, true));
        value.put("none", null);
        value.put("empty", List.of());
        value.put("nothing", Map.of());

        assertThat(Json.write(value)).isEqualTo("""
                        {
                          "name": "flow",
                          "nodes": [
                            1,
                            2.5,
                            true
                          ],
                          "none": null,
                          "empty": [],
                          "nothing": {}
                        }
                        """);
    }

    @Test
    void shouldEscapeWhenTextHasQuotesControlsOrLoneSurrogates() {
        assertThat(Json.write(Arrays.asList("\"\\\n\r\t\u0001\u007f", "\ud800", "\u611f", "a/b")))
                .isEqualTo("""
                        [
                          "\\"\\\\\\n\\r\\t\\u0001\\u007f",
                          "\\ud800",
                          "\u611f",
                          "a/b"
                        ]
                        """);
    }

    @Test
    void shouldRefuseWhenAValueHasNoFormInJson() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.write(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.write(List.of(new Object())))
                .withMessageContaining("java.lang.Object");
    }
}
