package io.millrace.local.logs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalCodesTest {
    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "^[31mred^[0m text, red text",
        "^[1;38;5;208mbright^[m, bright",
        "^[2K^[1Gprogress 50 %, progress 50 %",
        "^[?25lhidden^[?25h, hidden",
        "^]0;title^Gtext, text",
        "^]8;;http://x^\\link^]8;;^\\, link",
        "^(Bcharset, charset",
        "^Mreversed, reversed",
        "cut off^[31, cut off",
        "cut off^[, cut off",
        "cut off^, cut off",
        "cut off^]0;tit, cut off",
        "not one: [31m, not one: [31m",
    })
    void shouldLeaveOutWhatIsMeantForATerminal(String printed, String expected) {
        assertThat(TerminalCodes.strip(printed.replace("^G", "\u0007").replace('^', '\u001b')))
                .isEqualTo(expected);
    }

    @Test
    void shouldGiveBackATextWithoutThemAsItIs() {
        String text = "nothing of the kind";
        assertThat(TerminalCodes.strip(text)).isSameAs(text);
    }

    @Test
    void shouldTakeNoLongerForALongTextOfUnfinishedOnes() {
        assertThat(TerminalCodes.strip("\u001b]x".repeat(300_000))).isEmpty();
        assertThat(TerminalCodes.strip("\u001b[".repeat(500_000) + "m")).isEmpty();
    }
}
