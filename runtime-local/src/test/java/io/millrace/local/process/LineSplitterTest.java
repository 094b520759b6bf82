package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private static final String TOKEN = "0123456789abcdef";

    private final List<String> lines = new ArrayList<>();
    private LineSplitter splitter = new LineSplitter(TOKEN, lines::add);

    private void accept(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        splitter.accept(bytes, bytes.length);
    }

    @Test
    void shouldTellLinesWithoutTheirEnds() {
        accept("one\n\ntw");
        accept("o\r\n\r\nthr\ree");
        splitter.end();
        splitter.end();

        assertThat(lines).containsExactly("one", "", "two", "", "thr\ree");
        assertThat(splitter.status()).isEmpty();
    }

    @Test
    void shouldFindTheMarkBehindWhateverWasWrittenLast() {
        for (String last : List.of("", "half", "\n", "line\n", TOKEN, TOKEN + "\n", "7", "\r")) {
            lines.clear();
            splitter = new LineSplitter(TOKEN, lines::add);
            accept(last + TOKEN + "42\nafter\n");
            splitter.end();

            assertThat(splitter.status()).as(last).isEqualTo(OptionalInt.of(42));
            List<String> expected = new ArrayList<>(Arrays.asList(last.split("\n", -1)));
            if (expected.get(expected.size() - 1).isEmpty()) {
                expected.remove(expected.size() - 1);
            }
            expected.replaceAll(line -> line.replace("\r", ""));
            assertThat(lines).as(last).isEqualTo(expected);
        }
    }

    @Test
    void shouldNotTakeForTheMarkWhatIsNot() {
        accept(TOKEN + "\n" + TOKEN + "1234\n" + TOKEN + "x\n" + TOKEN.substring(1) + "0\n12\n");

        assertThat(splitter.status()).isEmpty();
        assertThat(lines).hasSize(5);
    }

    @Test
    void shouldReplaceWhatIsNotUtf8() {
        byte[] bytes = {'a', (byte) 0xff, 'b', (byte) 0xe2, (byte) 0x82, '\n', 0, '\n'};
        splitter.accept(bytes, bytes.length);

        assertThat(lines).containsExactly("a\ufffdb\ufffd", "\0");
    }

    @Test
    void shouldCutALineThatIsTooLongAndSayByHowMuch() {
        String cap = "x".repeat(LineSplitter.MAX_LINE_BYTES);
        accept(cap + "\n" + cap + "yz\n");
        for (int i = 0; i < 3; i++) {
            accept(cap);
        }
        accept(TOKEN + "137\n");

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0).equals(cap)).isTrue();
        assertThat(lines.get(1).equals(cap + "... (2 bytes more)")).isTrue();
        assertThat(lines.get(2).equals(cap + "... (" + 2 * LineSplitter.MAX_LINE_BYTES + " bytes more)"))
                .isTrue();
        assertThat(splitter.status()).isEqualTo(OptionalInt.of(137));
    }

    @Test
    void shouldNotCareAboutThePiecesThatBytesComeIn() {
        Random random = new Random(19);
        for (int round = 0; round < 200; round++) {
            int nearTheCap = random.nextInt(10) == 0 ? LineSplitter.MAX_LINE_BYTES - random.nextInt(40) : 0;
            String text = "z".repeat(nearTheCap) + "a".repeat(random.nextInt(30)) + "\nb\n"
                    + "c".repeat(random.nextInt(3)) + TOKEN + random.nextInt(256) + "\n";
            lines.clear();
            splitter = new LineSplitter(TOKEN, lines::add);
            accept(text);
            List<String> whole = List.copyOf(lines);
            OptionalInt status = splitter.status();

            lines.clear();
            splitter = new LineSplitter(TOKEN, lines::add);
            for (int at = 0; at < text.length(); ) {
                int end = Math.min(
                        text.length(), at + 1 + (nearTheCap == 0 ? random.nextInt(9) : random.nextInt(70_000)));
                accept(text.substring(at, end));
                at = end;
            }
            assertThat(status).isPresent();
            assertThat(splitter.status()).isEqualTo(status);
            assertThat(lines.equals(whole)).isTrue();
        }
    }
}
