package io.millrace.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern QUOTE =
            Pattern.compile("<!-- quoted: (\\S+) -->\n```\\w+\n(.*?)```\n", Pattern.DOTALL);

    @Test
    void shouldQuoteSourcesAsTheyAreWhenItQuotesThem() throws IOException {
        List<MatchResult> quotes = QUOTE.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .toList();

        assertThat(quotes).extracting(quote -> quote.group(1)).contains("samples/hello/Greeter.java");
        for (MatchResult quote : quotes) {
            assertThat(quote.group(2)).as(quote.group(1)).isEqualTo(Files.readString(ROOT.resolve(quote.group(1))));
        }
    }

    @Test
    void shouldLinkToWhatIsThereWhenItLinksIntoTheRepository() throws IOException {
        List<String> links = Pattern.compile("]\\(([^)#:]+)\\)")
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(link -> link.group(1))
                .toList();

        assertThat(links)
                .isNotEmpty()
                .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
    }
}
