package io.millrace.workdir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VariablesTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("LONG", "x".repeat(1_000));

    @Test
    void shouldNameTheBeginningOfATextOnlyWhenItIsLongAndEachOfItsVariablesWrong() {
        Variables variables = Variables.expand("${".repeat(60_000), ENVIRONMENT);

        assertThat(variables.expanded()).isEmpty();
        assertThat(variables.faults())
                .containsExactly("'" + "${".repeat(20) + "...' has a '${' that is not followed by NAME} or"
                        + " NAME:-default}; write '$$' for a dollar sign");
    }

    @Test
    void shouldNotLookForFurtherFaultsWhenATextHasMany() {
        String text = IntStream.range(0, 10_000).mapToObj(i -> "$NONE" + i).collect(Collectors.joining());

        assertThat(Variables.expand(text, ENVIRONMENT).faults())
                .hasSize(4)
                .last()
                .asString()
                .startsWith("the environment has no variable 'NONE3'");
    }

    @Test
    void shouldNameTheBeginningOfAVariableOnlyWhenItsNameIsLong() {
        assertThat(Variables.expand("$" + "N".repeat(100_000), ENVIRONMENT).faults())
                .singleElement()
                .asString()
                .startsWith("the environment has no variable '" + "N".repeat(40) + "...': set it")
                .hasSizeLessThan(300);
    }

    @Test
    void shouldStopWhenVariablesMakeATextTooLong() {
        Variables variables = Variables.expand("$LONG".repeat(20_000), ENVIRONMENT);

        assertThat(variables.expanded()).isEmpty();
        assertThat(variables.faults())
                .containsExactly("the variables in '" + "$LONG".repeat(8)
                        + "...' make a text of more than 1048576 characters of it: name shorter ones");
        assertThat(Variables.expand("$LONG".repeat(1_000), ENVIRONMENT).expanded())
                .contains("x".repeat(1_000_000));
    }

    @Test
    void shouldBeStricterWhenTheTextIsAPath() {
        Map<String, String> environment = Map.of("LONG", "x".repeat(1_000), "EMPTY", "");

        assertThat(Variables.expandPath("/$LONG", environment).expanded()).contains("/" + "x".repeat(1_000));
        assertThat(Variables.expandPath("$LONG/$LONG/$LONG/$LONG/$LONG", environment)
                        .faults())
                .containsExactly("the variables in '$LONG/$LONG/$LONG/$LONG/$LONG' make a text of more than 4096"
                        + " characters of it: name shorter ones");
        assertThat(Variables.expandPath("$EMPTY", environment).faults())
                .containsExactly("what the variables in '$EMPTY' stand for is blank: set them, or leave the key out");
    }
}
