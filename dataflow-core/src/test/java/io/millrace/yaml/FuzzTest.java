package io.millrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.graph.GraphAssembler.Assembly;
import io.millrace.graph.Problem;
import io.millrace.graph.ProblemCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file contains, loading it gives a graph or says why not, in printable lines, and never throws. */
@Timeout(60)
class FuzzTest {
    private static final int ROUNDS = 400;
    private static final List<String> FRAGMENTS = List.of(
            ": ",
            "- ",
            "\n",
            "\n  ",
            "\t",
            "[",
            "]",
            "{",
            "}",
            "&a ",
            "*a",
            "!!",
            "!x ",
            "|",
            ">-",
            "\"",
            "'",
            "#",
            "%YAML 1.2\n",
            "---\n",
            "...\n",
            "? ",
            "<<: ",
            "\\U0010FFFF",
            "\\UFFFFFFFF",
            "\\x",
            "null",
            "~",
            "0x",
            "1e999999999",
            ".inf",
            "${",
            "$HOME",
            "$",
            "\u0085",
            "\u2028",
            "\uD83D\uDE00",
            "nodes:",
            "id:",
            "deploy:",
            "dora/timer/hz/0",
            "/",
            "..",
            "\r");

    @TempDir
    Path folder;

    @RepeatedTest(4)
    void shouldAnswerWhenAValidFileIsMutated(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<String> seeds = List.of(Loads.resource("every-key.yml"), Loads.resource("multiple-daemons.yml"));
        for (int i = 0; i < ROUNDS; i++) {
            String text = seeds.get(i % seeds.size());
            for (int edits = 1 + random.nextInt(6); edits > 0; edits--) {
                text = mutate(text, random);
            }
            assertAnswers(Loads.parse(text));
        }
    }

    @RepeatedTest(4)
    void shouldAnswerWhenAFileIsMadeOfFragments(RepetitionInfo repetition) {
        Random random = new Random(100 + repetition.getCurrentRepetition());
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                text.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
            }
            assertAnswers(Loads.parse(text.toString()));
        }
    }

    @RepeatedTest(2)
    void shouldAnswerWhenAFileIsRandomBytes(RepetitionInfo repetition) throws IOException {
        Random random = new Random(200 + repetition.getCurrentRepetition());
        Path file = folder.resolve("fuzz.yml");
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                for (int at = 0; at < bytes.length; at++) {
                    bytes[at] = (byte) (' ' + (bytes[at] & 0x5F) % 95);
                }
            }
            Files.write(file, bytes);
            assertAnswers(YamlDataflow.load(file, YamlOptions.of(Map.of())));
        }
    }

    private static String mutate(String text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(12));
        String fragment = FRAGMENTS.get(random.nextInt(FRAGMENTS.size()));
        return switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at) + text.substring(end);
            case 1 -> text.substring(0, at) + fragment + text.substring(at);
            case 2 -> text.substring(0, at) + fragment + text.substring(end);
            default -> text.substring(0, end) + text.substring(at);
        };
    }

    private static void assertAnswers(Assembly assembly) {
        assertThat(assembly.graph().isPresent())
                .isEqualTo(assembly.problems().stream().noneMatch(Problem::isError));
        assertThat(assembly.problems()).hasSizeLessThanOrEqualTo(3 * (ProblemCollector.LIMIT + 1));
        assertThat(assembly.problems()).allSatisfy(problem -> {
            assertThat(problem.message()).isNotBlank().doesNotContain("\n").doesNotContain("Exception");
            assertThat(problem.location().file()).isNotEmpty();
        });
    }
}
