package io.millrace.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The time limit is generous: it tells bounded from unbounded, not fast from slow. */
@Timeout(30)
class HostileTextTest {
    @TempDir
    Path folder;

    private List<String> load(Path file) {
        return YamlDataflow.load(file, YamlOptions.of(Map.of())).problems().stream()
                .map(Problem::toString)
                .map(problem -> problem.replace(folder + "/", ""))
                .toList();
    }

    private List<String> load(byte[] content) throws IOException {
        return load(Files.write(folder.resolve("flow.yml"), content));
    }

    @Test
    void shouldSayWhatIsThereWhenItIsNoReadableFile() throws IOException {
        assertThat(load(folder.resolve("none.yml"))).containsExactly("none.yml: error: there is no such file");
        assertThat(load(Files.createDirectory(folder.resolve("dir"))))
                .containsExactly("dir: error: is a directory: expected a dataflow file, such as dataflow.yml");
        assertThat(load(new byte[0]))
                .containsExactly("flow.yml: error: the file is empty: expected a mapping with the key 'nodes'");
        assertThat(Loads.errors("# only a remark\n"))
                .containsExactly("flow.yml: error: the file is empty: expected a mapping with the key 'nodes'");
    }

    @Test
    void shouldSaySoWhenAFileMayNotBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("secret.yml"), "nodes: []");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeTrue(!Files.isReadable(file), "SKIPPED: this user may read every file");

        assertThat(load(file)).containsExactly("secret.yml: error: the file may not be read: access is denied");
    }

    @Test
    void shouldNotReadAFileWhenItIsTooLarge() throws IOException {
        Path file = folder.resolve("big.yml");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(100L << 20);
        }

        assertThat(load(file))
                .containsExactly("big.yml: error: has 104857600 bytes: a dataflow file has at most 4194304");
        assertThat(Loads.errors("#".repeat(DataflowText.MAX_BYTES + 1)))
                .containsExactly("flow.yml: error: has 4194305 characters: a dataflow file has at most 4194304");
    }

    @Test
    void shouldStopReadingWhenAFileHasNoEnd() {
        Path endless = Path.of("/dev/zero");
        assumeTrue(Files.isReadable(endless), "SKIPPED: this system has no /dev/zero");

        assertThat(load(endless))
                .containsExactly("/dev/zero: error: has more than 4194304 bytes: a dataflow file has at most 4194304");
    }

    @Test
    void shouldShowTheByteWhenAFileIsNotUtf8() throws IOException {
        assertThat(load("nodes:\n  - id: a\n    path: \u00FC/caf\u00E9\n".getBytes(StandardCharsets.ISO_8859_1)))
                .containsExactly("flow.yml:3:11: error: byte 0xFC at offset 27 is not UTF-8: save the file as UTF-8");
        assertThat(load(new byte[] {'a', ':', ' ', (byte) 0xC3}))
                .containsExactly("flow.yml:1:4: error: byte 0xC3 at offset 3 is not UTF-8: save the file as UTF-8");
        assertThat(load("\uFEFFnodes: []".getBytes(StandardCharsets.UTF_16LE)))
                .containsExactly("flow.yml:1:1: error: byte 0xFF at offset 0 is not UTF-8, the file looks like UTF-16:"
                        + " save the file as UTF-8");
    }

    @Test
    void shouldReadPastAByteOrderMarkWhenThereIsOne() {
        assertThat(Loads.errors("\uFEFFnodes: [{id: a, path: x}]")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0000", "001B", "007F", "0090", "FFFE"})
    void shouldNameTheCharacterWhenItHasNoPlaceInAText(String code) {
        String character = Character.toString(Integer.parseInt(code, 16));

        assertThat(Loads.errors("nodes:\n  - id: a" + character + "\n"))
                .containsExactly(
                        "flow.yml:2:10: error: the character U+" + code + " has no place in a text file: remove it");
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of("nodes:\n\t- id: a\n", "2:1: error: not valid YAML: a tab stands where a value may begin"),
                Arguments.of("nodes:\n  - id: a\n\tpath: x\n", "3:1: error: not valid YAML: a tab stands where"),
                Arguments.of("nodes: a: b\n", "1:9: error: not valid YAML: mapping values are not allowed here"),
                Arguments.of("nodes: [\"a", "1:11: error: not valid YAML: while scanning a quoted scalar"),
                Arguments.of("nodes: *nope\n", "1:8: error: not valid YAML: found undefined alias nope"),
                Arguments.of("nodes: \"\\UFFFFFFFF\"\n", "1:11: error: not valid YAML: the escape before this is no"),
                Arguments.of("nodes: [{id: \"a\\0\"}]\n", "1:14: error: the text contains a NUL character: remove it"),
                Arguments.of("nodes: []\n---\nnodes: []\n", "3:1: error: a second document begins here"),
                Arguments.of("- a\n", "1:1: error: found a list, expected a mapping with the key 'nodes'"),
                Arguments.of("hello", "1:1: error: found the text 'hello', expected a mapping with the key 'nodes'"),
                Arguments.of("~", "1:1: error: found nothing, expected a mapping with the key 'nodes'"),
                Arguments.of(
                        "nodes: !!javax.script.ScriptEngineManager [x]\n",
                        "1:8: error: the tag 'tag:yaml.org,2002:javax.script.ScriptEngineManager' is refused"),
                Arguments.of("nodes:\n  - id: !foo a\n", "2:9: error: the tag '!foo' is refused"),
                Arguments.of("nodes: &a [*a, *a]\n", "1:8: error: aliases nest deeper than 64 levels"),
                Arguments.of("nodes: &a {b: *a}\n", "1:12: error: aliases nest deeper than 64 levels"),
                Arguments.of("a".repeat(140_000) + ": 1\n", "1:1: error: the line has more than 131072 characters"),
                Arguments.of("#\n" + "[".repeat(140_000), "2:1: error: the line has more than 131072 characters"),
                Arguments.of("nodes:\n" + "- x\n".repeat(210_000), "error: more than 200000 values"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void shouldSayWhereAndWhyWhenATextCannotBeRead(String text, String problem) {
        assertThat(Loads.errors(text))
                .singleElement()
                .asString()
                .startsWith("flow.yml:")
                .contains(problem);
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 5_000, 100_000})
    void shouldRefuseWhenNestingIsDeep(int levels) {
        for (String level : List.of("[", "{a: ", "- ", "? ", "[{a: ")) {
            // Brackets nest across lines, so there even the longest text gets past the limit on lines.
            String text = level.repeat(levels).replace("[", "[\n");

            assertThat(Loads.errors(text))
                    .singleElement()
                    .asString()
                    .startsWith("flow.yml:")
                    .containsAnyOf("nested deeper than 64 levels", "the line has more than");
        }
    }

    @Test
    void shouldRefuseWhenBlocksAreNestedByIndentation() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2_500; i++) {
            text.append(" ".repeat(i)).append("a:\n");
        }

        assertThat(Loads.errors(text.toString()))
                .containsExactly("flow.yml:65:65: error: nested deeper than 64 levels");
    }

    @Test
    void shouldRefuseALaughWhenItIsABillion() {
        StringBuilder text = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i <= 12; i++) {
            String alias = "*a" + (i - 1);
            text.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", java.util.Collections.nCopies(10, alias))));
        }
        text.append("nodes: *a12\n");

        assertThat(Loads.errors(text.toString()))
                .containsExactly("flow.yml:6:5: error: aliases stand for more than 200000 values: write less");
    }

    @Test
    void shouldRefuseWhenAliasesMakeAShallowTextDeep() {
        StringBuilder text = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i <= 100; i++) {
            text.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
        }

        assertThat(Loads.errors(text.toString()))
                .singleElement()
                .asString()
                .endsWith("error: aliases nest deeper than 64 levels");
    }

    @Test
    void shouldMakeNoObjectWhenATagAsksForOne() {
        int before = Canary.made;

        assertThat(Loads.errors("nodes: !!" + Canary.class.getName() + " {}\n"))
                .singleElement()
                .asString()
                .contains("is refused");
        assertThat(Canary.made).isEqualTo(before);
    }

    /** Would be made by a parser that makes what tags name. */
    public static final class Canary {
        private static int made;

        public Canary() {
            made++;
        }
    }

    @Test
    void shouldRefuseWhenAliasesRepeatALongText() {
        String text = "a: &a \"" + "x".repeat(100_000) + "\"\nb: [" + "*a, ".repeat(100) + "]\nnodes: []\n";

        assertThat(Loads.errors(text))
                .containsExactly("flow.yml:2:4: error: aliases stand for more than 4194304 characters: write less");
    }

    @Test
    void shouldAcceptLongTextsWhenTheyAreWrittenOut() {
        String line = "  x: \"" + "x".repeat(100_000) + "\"\n";
        StringBuilder text = new StringBuilder("nodes: [{id: a, path: x}]\nenv:\n");
        for (int i = 0; i < 40; i++) {
            text.append(line.replace("x:", "X" + i + ":"));
        }

        assertThat(Loads.errors(text.toString())).isEmpty();
    }

    static Stream<Arguments> tooLong() {
        String name = "n".repeat(100_000);
        return Stream.of(
                Arguments.of("nodes: [{id: " + name + ", path: x}]", "1:14: error: 'id': found the text "),
                Arguments.of(
                        "nodes: [{id: a, class: a" + ".a".repeat(50_000) + "}]", "1:24: error: 'class': found the"),
                Arguments.of(
                        "nodes: [{id: a, path: x, outputs: [" + name + "]}]", "1:36: error: 'outputs[0]': found the"),
                Arguments.of(
                        "nodes: [{id: a, path: x, inputs: {in: a/" + name + "}}]",
                        "1:39: error: 'inputs.in': found the text "));
    }

    @ParameterizedTest
    @MethodSource("tooLong")
    void shouldRefuseANameWhenItIsFarTooLong(String text, String problem) {
        assertThat(Loads.errors(text))
                .first()
                .asString()
                .startsWith("flow.yml:" + problem)
                .containsPattern("\\.\\.\\.' of 10000[0-9] characters, expected at most [0-9]+$");
    }

    @Test
    void shouldRefuseAPathWhenItIsFarTooLongOrBecomesSo() {
        String dir = "d".repeat(4_097);
        YamlOptions options = YamlOptions.of(Map.of("LONG", dir));

        assertThat(Loads.errors("nodes: [{id: a, path: x, deploy: {working_dir: " + dir + "}}]"))
                .containsExactly("flow.yml:1:48: error: 'working_dir': found the text '" + "d".repeat(40)
                        + "...' of 4097 characters, expected at most 4096");
        assertThat(Loads.errors(YamlDataflow.parse("nodes: [{id: a, path: $LONG/x}]", "flow.yml", options)))
                .containsExactly("flow.yml:1:23: error: 'path': the variables in '$LONG/x' make a text of more than"
                        + " 4096 characters of it: name shorter ones");
    }

    @Test
    void shouldRefuseAKeyWhenItIsFarTooLong() {
        assertThat(Loads.errors("env: {" + "K".repeat(1_000) + ": 1}\nnodes: [{id: a, path: x}]"))
                .containsExactly("flow.yml:1:7: error: the key '" + "K".repeat(40)
                        + "...' has 1000 characters: expected at most 512");
    }

    @Test
    void shouldStayQuickWhenWhatIsWrongStandsDeepBelowLongKeys() {
        StringBuilder text = new StringBuilder("nodes:\n  - id: a\n    class: a.B\n    config:\n");
        String indent = "      ";
        for (int i = 0; i < 50; i++) {
            text.append(indent).append("k".repeat(500)).append(":\n");
            indent += " ";
        }
        text.append(indent).append("[").append("~, ".repeat(40_000)).append("1]\n");

        assertThat(Loads.errors(text.toString()))
                .hasSize(1_001)
                .last()
                .asString()
                .endsWith("39000 more of this kind are not listed");
    }

    private static String entries(int count) {
        return IntStream.range(0, count).mapToObj(i -> "K" + i + ": 1").collect(Collectors.joining(",\n ", "{", "}"));
    }

    @Test
    void shouldShareDefaultsWhenNodesAddNothingToThem() {
        String text = "env: " + entries(4_096) + "\ndeploy: {labels: " + entries(4_096) + "}\nnodes:\n"
                + IntStream.range(0, 15_000)
                        .mapToObj(i -> "- {id: n" + i + ", path: x}\n")
                        .collect(Collectors.joining());

        Graph graph = Loads.graph(text);

        GraphNode first = graph.nodes().get(0);
        assertThat(first.env()).hasSize(4_096);
        assertThat(first.deployment().labels()).hasSize(4_096);
        assertThat(graph.nodes()).allSatisfy(node -> {
            assertThat(node.env()).isSameAs(first.env());
            assertThat(node.deployment().labels()).isSameAs(first.deployment().labels());
        });
    }

    @Test
    void shouldRefuseVariablesAndLabelsWhenThereAreFarTooMany() {
        assertThat(Loads.errors("nodes: [{id: a, path: x, env: " + entries(4_097) + "}]"))
                .containsExactly("flow.yml:1:31: error: 'env': found 4097 entries, expected at most 4096");
        assertThat(Loads.errors("nodes: [{id: a, path: x, deploy: {labels: " + entries(4_097) + "}}]"))
                .containsExactly("flow.yml:1:43: error: 'labels': found 4097 entries, expected at most 4096");
    }

    @ParameterizedTest
    @ValueSource(strings = {"env: %s", "deploy: {labels: %s}", "deploy: {machines: {A: {labels: %s}}, machine: A}"})
    void shouldStopWhenDefaultsAreCopiedToTooManyNodes(String defaults) {
        StringBuilder all = new StringBuilder(defaults.formatted(entries(4_000))).append("\nnodes:\n");
        for (int i = 0; i < 2_000; i++) {
            all.append("- {id: n").append(i).append(", path: x, env: {OWN: 1}, deploy: {labels: {OWN: 1}}}\n");
        }

        assertThat(Loads.errors(all.toString()))
                .singleElement()
                .asString()
                .endsWith("error: with the defaults of the dataflow, the nodes up to here have more than 1000000"
                        + " variables and labels: write fewer defaults");
    }

    @Test
    void shouldStopWhenVariablesMakeMoreTextThanAFileMayHave() {
        YamlOptions options = YamlOptions.of(Map.of("V", "v".repeat(1_000)));
        String text = "nodes: [{id: a, class: a.B, config: {list: [\n" + "$V,\n".repeat(50_000) + "]}}]";

        assertThat(Loads.errors(YamlDataflow.parse(text, "flow.yml", options)))
                .singleElement()
                .asString()
                .endsWith("error: with what variables stand for, the texts up to here have more than 16777216"
                        + " characters: name shorter ones, or fewer");
    }
}
