package io.millrace.samples.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProgramsGuideTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern QUOTE =
            Pattern.compile("<!-- quoted: (\\S+) -->\n```\\w+\n(.*?)```\n", Pattern.DOTALL);

    @Test
    void shouldQuoteTheNodeThatANewProjectHas() throws IOException {
        List<MatchResult> quotes = QUOTE.matcher(Files.readString(ROOT.resolve("docs/programs-as-nodes.md")))
                .results()
                .toList();

        assertThat(quotes).isNotEmpty();
        for (MatchResult quote : quotes) {
            assertThat(quote.group(2)).as(quote.group(1)).isEqualTo(Files.readString(ROOT.resolve(quote.group(1))));
        }
    }
}
