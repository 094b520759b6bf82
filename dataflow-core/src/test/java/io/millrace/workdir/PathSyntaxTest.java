package io.millrace.workdir;

import static io.millrace.workdir.PathSyntax.POSIX;
import static io.millrace.workdir.PathSyntax.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathSyntaxTest {
    private static final int ROUNDS = 3_000;

    @ParameterizedTest
    @ValueSource(strings = {"/", "/x", "//x", "/x/../y"})
    void shouldBeAbsoluteByPosixRulesWhenPathBeginsWithSlash(String path) {
        assertThat(POSIX.isAbsolute(path)).isTrue();
        assertThat(PathSyntax.isAbsoluteSomewhere(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C:\\",
                "C:\\x",
                "c:/x",
                "\\\\server\\share",
                "//server/share/x",
                "\\\\server/share\\x",
                "\\\\?\\C:\\x"
            })
    void shouldBeAbsoluteByWindowsRulesWhenPathNamesDriveAndRootOrShare(String path) {
        assertThat(WINDOWS.isAbsolute(path)).isTrue();
        assertThat(PathSyntax.isAbsoluteSomewhere(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "x",
                "x/y",
                "x\\y",
                "C:",
                "C:x",
                "\\x",
                "\\\\server",
                "\\\\server\\",
                "1:\\x",
                "$X/y",
                "~/x"
            })
    void shouldBeRelativeSomewhereWhenOnlyAnotherDirectoryCompletesPath(String path) {
        assertThat(PathSyntax.isAbsoluteSomewhere(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x", "/", "//x"})
    void shouldBeRelativeByWindowsRulesWhenPathHasNoDrive(String path) {
        assertThat(WINDOWS.isAbsolute(path)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/flow, x, /flow/x",
        "/flow, ./x//y/., /flow/x/y",
        "/flow, ., /flow",
        "/flow/, '', /flow",
        "/flow, ../x, /flow/../x",
        "/flow, a/../x, /flow/a/../x",
        "/, ../../x, /x",
        "/flow, /opt//x/, /opt/x",
        "/flow, /../opt, /opt",
        "/flow, a\\b, /flow/a\\b",
        "/flow, C:\\x, /flow/C:\\x",
        "/flow, ...x, /flow/...x",
    })
    void shouldResolveByPosixRules(String base, String path, String expected) {
        assertThat(POSIX.resolve(base, path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "C:\\flow, x, C:\\flow\\x",
        "C:\\flow, .\\x//y\\., C:\\flow\\x\\y",
        "C:/flow, '', C:\\flow",
        "C:\\flow, ..\\x, C:\\x",
        "C:\\flow, ../../../x, C:\\x",
        "C:\\flow, D:/opt\\x, D:\\opt\\x",
        "C:\\flow, /opt/x, C:\\opt\\x",
        "\\\\nas\\data\\flow, \\opt, \\\\nas\\data\\opt",
        "\\\\nas\\data\\flow, ..\\..\\..\\x, \\\\nas\\data\\x",
        "//nas//data/flow, x, \\\\nas\\data\\flow\\x",
        "C:\\flow, \\\\nas\\data\\x, \\\\nas\\data\\x",
        "C:\\flow, c:x, C:\\flow\\x",
        "C:\\flow, C:, C:\\flow",
    })
    void shouldResolveByWindowsRules(String base, String path, String expected) {
        assertThat(WINDOWS.resolve(base, path)).isEqualTo(expected);
    }

    @Test
    void shouldStayRelativeWhenWindowsPathNamesDriveThatIsNotTheBases() {
        String resolved = WINDOWS.resolve("C:\\flow", "D:bin\\x\\");

        assertThat(resolved).isEqualTo("D:bin\\x");
        assertThat(WINDOWS.isAbsolute(resolved)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"/a/b, b, /a", "/a, a, /", "/, '', /"})
    void shouldSplitResolvedPosixPath(String path, String name, String parent) {
        assertThat(POSIX.name(path)).isEqualTo(name);
        assertThat(POSIX.parent(path)).isEqualTo(parent);
    }

    @ParameterizedTest
    @CsvSource({"C:\\a\\b, b, C:\\a", "C:\\a, a, C:\\", "C:\\, '', C:\\", "\\\\nas\\data\\x, x, \\\\nas\\data\\"})
    void shouldSplitResolvedWindowsPath(String path, String name, String parent) {
        assertThat(WINDOWS.name(path)).isEqualTo(name);
        assertThat(WINDOWS.parent(path)).isEqualTo(parent);
    }

    @Test
    void shouldNameTheFileThatTheSystemOpensWhenDotsFollowSymbolicLink(@TempDir Path temp) throws IOException {
        assumeTrue(File.separatorChar == '/', "symbolic links as POSIX has them");
        Path wanted = Files.writeString(
                Files.createDirectories(temp.resolve("disk/data")).resolve("../x"), "wanted");
        Files.writeString(temp.resolve("x"), "beside the link");
        Files.createSymbolicLink(temp.resolve("link"), temp.resolve("disk/data"));

        String resolved = POSIX.resolve(temp.toString(), "link/../x");

        assertThat(Path.of(resolved)).hasSameTextualContentAs(wanted);
    }

    @ParameterizedTest
    @EnumSource(PathSyntax.class)
    void shouldNotChangeWhenResolvedAgain(PathSyntax syntax) {
        Paths paths = new Paths(syntax, 11);
        for (int i = 0; i < ROUNDS; i++) {
            String resolved = syntax.resolve(paths.absolute(), paths.relative());

            assertThat(syntax.resolve(paths.absolute(), resolved)).isEqualTo(resolved);
            assertThat(syntax.resolve(resolved, ".")).isEqualTo(resolved);
        }
    }

    @ParameterizedTest
    @EnumSource(PathSyntax.class)
    void shouldStayAbsoluteAndBelowRootWhateverRelativePathFollows(PathSyntax syntax) {
        Paths paths = new Paths(syntax, 12);
        for (int i = 0; i < ROUNDS; i++) {
            String base = paths.absolute();
            String resolved = syntax.resolve(base, paths.relative());

            assertThat(syntax.isAbsolute(resolved)).as(resolved).isTrue();
            assertThat(syntax.split(resolved).root())
                    .isEqualTo(syntax.split(base).root());
        }
    }

    @ParameterizedTest
    @EnumSource(PathSyntax.class)
    void shouldHaveOneSpellingWhenResolved(PathSyntax syntax) {
        Paths paths = new Paths(syntax, 13);
        String separator = syntax == POSIX ? "/" : "\\";
        for (int i = 0; i < ROUNDS; i++) {
            String resolved = syntax.resolve(paths.absolute(), paths.relative());
            String below = resolved.substring(syntax.split(resolved).root().length());

            List<String> names = List.of(below.split(Pattern.quote(separator), -1));
            assertThat(names).as(resolved).doesNotContain(".");
            if (!below.isEmpty()) {
                assertThat(names).as(resolved).doesNotContain("");
            }
            if (syntax == WINDOWS) {
                assertThat(names).as(resolved).doesNotContain("..");
                assertThat(below).doesNotContain("/");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PathSyntax.class)
    void shouldGiveTheSameWhenResolvedInOneStepOrTwo(PathSyntax syntax) {
        Paths paths = new Paths(syntax, 14);
        for (int i = 0; i < ROUNDS; i++) {
            String base = paths.absolute();
            String first = paths.relative();
            String second = paths.relative();

            assertThat(syntax.resolve(syntax.resolve(base, first), second))
                    .as("'%s' + '%s' + '%s'", base, first, second)
                    .isEqualTo(syntax.resolve(base, "./" + first + "/" + second));
        }
    }

    @ParameterizedTest
    @EnumSource(PathSyntax.class)
    void shouldIgnoreBaseWhenPathIsAbsolute(PathSyntax syntax) {
        Paths paths = new Paths(syntax, 15);
        for (int i = 0; i < ROUNDS; i++) {
            String path = paths.absolute();

            assertThat(syntax.resolve(paths.absolute(), path)).isEqualTo(syntax.resolve(path, ""));
        }
    }

    @ParameterizedTest
    @EnumSource(PathSyntax.class)
    void shouldPutNameAndParentTogetherAgain(PathSyntax syntax) {
        Paths paths = new Paths(syntax, 16);
        for (int i = 0; i < ROUNDS; i++) {
            String resolved = syntax.resolve(paths.absolute(), paths.relative());

            if (syntax.name(resolved).equals("..")) {
                continue; // what lies above a link is not in the text
            }
            assertThat(syntax.resolve(syntax.parent(resolved), syntax.name(resolved)))
                    .isEqualTo(resolved);
        }
    }

    @Test
    void shouldMeanWhatTheJdkMeansWhenHostIsPosix() {
        assumeTrue(File.separatorChar == '/', "the JDK knows the rules of its own system only");
        Paths paths = new Paths(POSIX, 17);
        for (int i = 0; i < ROUNDS; i++) {
            String base = paths.absolute();
            String path = i % 2 == 0 ? paths.relative() : paths.absolute();

            assertThat(POSIX.isAbsolute(path)).isEqualTo(Path.of(path).isAbsolute());
            assertThat(Path.of(POSIX.resolve(base, path)).normalize())
                    .isEqualTo(Path.of(base).resolve(path).normalize());
        }
    }

    @Test
    void shouldWalkLikeAReaderOfThePathWhenSystemIsWindows() {
        Paths paths = new Paths(WINDOWS, 18);
        for (int i = 0; i < ROUNDS; i++) {
            String base = paths.absolute();
            String path = paths.relative();

            List<String> place = new ArrayList<>();
            walk(place, base.substring(paths.rootLength));
            walk(place, path);
            String below = String.join("\\", place);

            assertThat(WINDOWS.resolve(base, path))
                    .as("'%s' + '%s'", base, path)
                    .isEqualTo(WINDOWS.split(base).root() + below);
        }
    }

    private static void walk(List<String> place, String path) {
        for (String step : path.split("[/\\\\]+", -1)) {
            switch (step) {
                case "", "." -> {}
                case ".." -> {
                    if (!place.isEmpty()) {
                        place.remove(place.size() - 1);
                    }
                }
                default -> place.add(step);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PathSyntax.class)
    void shouldNeverThrowWhateverTextIsGiven(PathSyntax syntax) {
        Random random = new Random(19);
        String alphabet = "/\\:.?C$ \0\n\u00e9x";
        for (int i = 0; i < 10 * ROUNDS; i++) {
            String base = text(random, alphabet);
            String path = text(random, alphabet);

            String resolved = syntax.resolve(base, path);

            assertThat(syntax.parent(resolved) + syntax.name(resolved)).isNotNull();
            assertThat(syntax.isAbsolute(resolved) || !syntax.isAbsolute(base) || syntax == WINDOWS)
                    .as("'%s' + '%s'", base, path)
                    .isTrue();
        }
    }

    private static String text(Random random, String alphabet) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** Paths as people and programs write them: repeated and mixed separators, dots, empty ends. */
    private static final class Paths {
        private static final List<String> NAMES =
                List.of("a", "B", "flow.yml", "..x", "x..", "...", "with space", "\u00fc", "..", "..", ".", "");
        private static final List<String> DRIVES = List.of("C:\\", "d:/", "\\\\nas\\data\\", "//nas/data/");

        private final PathSyntax syntax;
        private final Random random;
        private int rootLength;

        Paths(PathSyntax syntax, long seed) {
            this.syntax = syntax;
            this.random = new Random(seed);
        }

        String absolute() {
            String root = syntax == POSIX ? "/" : DRIVES.get(random.nextInt(DRIVES.size()));
            rootLength = root.length();
            return root + relative();
        }

        String relative() {
            StringBuilder path = new StringBuilder();
            for (int names = random.nextInt(6); names > 0; names--) {
                String name = NAMES.get(random.nextInt(NAMES.size()));
                // A relative path must not begin with a separator.
                path.append(path.isEmpty() && name.isEmpty() ? "." : name).append(separator());
            }
            return path.toString();
        }

        private String separator() {
            String one = syntax == WINDOWS && random.nextBoolean() ? "\\" : "/";
            return random.nextInt(5) == 0 ? one + one : one;
        }
    }
}
