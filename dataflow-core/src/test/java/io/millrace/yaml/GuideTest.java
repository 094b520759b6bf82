package io.millrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GuideTest {
    private static final Path GUIDE = Path.of("../docs/dataflow-yml.md");

    @Test
    void shouldTellOfEveryKey() throws IOException {
        String guide = Files.readString(GUIDE);
        Set<String> keys = new TreeSet<>();
        KeyCases.mappings().forEach(mapping -> {
            keys.addAll(mapping.keys().keySet());
            keys.addAll(mapping.ignored());
            keys.addAll(mapping.refused());
        });

        assertThat(keys).allSatisfy(key -> assertThat(guide).contains("`" + key + "`"));
    }

    @Test
    void shouldShowAFileThatLoads() throws IOException {
        Matcher example =
                Pattern.compile("```yaml\n(nodes:.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));

        assertThat(example.find()).isTrue();
        assertThat(Loads.errors(example.group(1))).isEmpty();
    }
}
