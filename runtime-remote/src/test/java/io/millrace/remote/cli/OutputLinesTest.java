package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputLinesTest {
    private static List<String> read(byte[] bytes) throws IOException {
        List<String> lines = new ArrayList<>();
        OutputLines.read(new ByteArrayInputStream(bytes), lines::add);
        return lines;
    }

    @Test
    void shouldEndALineWhereverAProgramDoes() throws Exception {
        byte[] printed = "one\r\n10 %\r20 %\r\n\nlast \u00fc".getBytes(StandardCharsets.UTF_8);

        assertThat(read(printed)).containsExactly("one", "10 %", "20 %", "last \u00fc");
    }

    @Test
    void shouldCutALineWhenItDoesNotEnd() throws Exception {
        byte[] endless = new byte[2 * OutputLines.MAX_LINE_BYTES + 3];
        Arrays.fill(endless, (byte) 'x');

        assertThat(read(endless))
                .extracting(String::length)
                .containsExactly(OutputLines.MAX_LINE_BYTES, OutputLines.MAX_LINE_BYTES, 3);
    }
}
