package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void shouldShowEscapesWhenTextWouldSteerATerminal() {
        assertThat(Printable.of("a\u001b[2Jb\u0007\u009b\u202ec")).isEqualTo("a\\u001b[2Jb\\u0007\\u009b\\u202ec");
    }

    @Test
    void shouldKeepTextWhenItIsHarmless() {
        assertThat(Printable.of("p\u00e9rception \u611f\u77e5\n\tend"))
                .isEqualTo("p\u00e9rception \u611f\u77e5\n\tend");
    }

    @Test
    void shouldBeOneLineWhenALineIsAskedFor() {
        assertThat(Printable.line(" one \r\n  two\nthree ")).isEqualTo("one two three");
    }
}
