package io.millrace.samples.codecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The code in the guide is code that is compiled and tested. */
class CodecsGuideTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK =
            Pattern.compile("(?:<!-- quoted: (\\S+) -->\n)?```java\n(.*?)```\n", Pattern.DOTALL);

    private static List<MatchResult> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(ROOT.resolve("docs/codecs.md")))
                .results()
                .toList();
    }

    @Test
    void shouldSayWhereItIsFromWhenItShowsCode() throws IOException {
        assertThat(blocks())
                .hasSizeGreaterThan(5)
                .allSatisfy(
                        block -> assertThat(block.group(1)).as(block.group(2)).isNotNull());
    }

    @Test
    void shouldStandInTheSourceWhenItIsQuoted() throws IOException {
        for (MatchResult block : blocks()) {
            List<String> source = Files.readAllLines(ROOT.resolve(block.group(1)));

            assertThat(stands(source, block.group(2)))
                    .as("the lines stand in " + block.group(1) + ", one after the other:\n" + block.group(2))
                    .isTrue();
        }
    }

    /** Whether these are lines of the source, but for how far all of them are indented. */
    private static boolean stands(List<String> source, String quote) {
        int lines = (int) quote.lines().count();
        return IntStream.rangeClosed(0, source.size() - lines)
                .mapToObj(begin -> String.join("\n", source.subList(begin, begin + lines)))
                .anyMatch(piece -> piece.stripIndent().equals(quote.stripTrailing()));
    }
}
