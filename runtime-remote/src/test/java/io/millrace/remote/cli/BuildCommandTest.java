package io.millrace.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace build} with real commands. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are those of Unix")
class BuildCommandTest {
    @TempDir
    private Path given;

    private Path directory;
    private final Streams streams = new Streams();

    @BeforeEach
    void resolveLinks() throws IOException {
        directory = given.toRealPath();
    }

    private String flow(String yaml) throws IOException {
        return Files.writeString(directory.resolve("flow.yml"), yaml).toString();
    }

    @Test
    void shouldRunEachCommandWhereItsNodeRunsWhenDirectoriesDiffer() throws Exception {
        String file = flow("""
                nodes:
                  - {id: beside, path: ./made, build: pwd}
                  - {id: below, path: made, build: pwd, deploy: {working_dir: sub/dir}}
                  - {id: fresh, class: x.Y, build: pwd}
                  - id: parts
                    operators:
                      - {id: first, python: first.py, build: pwd}
                      - {id: second, python: second.py, build: echo second}
                """);

        assertThat(streams.execute("build", file)).as(streams.err()).isZero();

        assertThat(streams.out()).isEqualTo("""
                        beside $ pwd
                        beside | @
                        below $ pwd
                        below | @/sub/dir
                        fresh $ pwd
                        fresh | @
                        parts $ pwd
                        parts | @
                        parts $ echo second
                        parts | second
                        """.replace("@", directory.toString()));
        assertThat(streams.err()).isEqualTo("millrace: built 4 nodes of dataflow 'flow' with 5 commands\n");
    }

    @Test
    void shouldHandOnTheWordsAndTheEnvironmentWithoutAShell() throws Exception {
        String file = flow("""
                env: {COLOUR: red, SIZE: large}
                nodes:
                  - id: a
                    path: x
                    env: {SIZE: small}
                    build: |
                      echo $COLOUR > 'a  b' && "c d"
                      # a comment

                      sh -c 'echo $COLOUR $SIZE; echo wrong >&2; cat'
                """);

        assertThat(streams.execute("build", file)).as(streams.err()).isZero();

        assertThat(streams.out())
                .contains("a | $COLOUR > a  b && c d\n", "a | red small\n", "a | wrong\n")
                .doesNotContain("comment");
    }

    @Test
    void shouldCompileAJavaNodeWithoutBeingToldWhereMillraceIs() throws Exception {
        Files.writeString(
                directory.resolve("Mine.java"), "public class Mine implements io.millrace.node.Operator {}\n");
        String file = flow("nodes: [{id: a, class: Mine, build: javac -proc:none -d made Mine.java}]\n");

        assertThat(streams.execute("build", file)).as(streams.out()).isZero();

        assertThat(directory.resolve("made/Mine.class")).exists();
    }

    @Test
    void shouldStopAndNameTheLineWhenACommandFails() throws Exception {
        String file = flow("""
                nodes:
                  - id: a
                    path: x
                    build: |
                      echo well
                      sh -c 'echo ill; exit 3'
                      echo never
                  - {id: b, path: x, build: echo never}
                """);

        assertThat(streams.execute("build", file)).isEqualTo(ExitCode.FAILED);

        assertThat(streams.out()).contains("a | well", "a | ill").doesNotContain("never");
        assertThat(streams.err())
                .isEqualTo(file + ":6: error: node 'a': the build command 'sh -c 'echo ill; exit 3'' ended with exit"
                        + " code 3, in '" + directory + "'\n");
    }

    @Test
    void shouldNameTheSignalWhenOneEndsACommand() throws Exception {
        String file = flow("nodes: [{id: a, path: x, build: \"sh -c 'kill -9 $$'\"}]\n");

        assertThat(streams.execute("build", file)).isEqualTo(ExitCode.FAILED);

        assertThat(streams.err()).contains("flow.yml:1:", "was killed by signal 9 (SIGKILL)");
    }

    @Test
    void shouldSayWhatIsWrongWhenAProgramCannotBeRun() throws Exception {
        Files.writeString(directory.resolve("script"), "echo\n");

        assertThat(streams.execute("build", flow("nodes: [{id: a, path: x, build: no-such-program it}]\n")))
                .isEqualTo(ExitCode.FAILED);
        assertThat(streams.execute("build", flow("nodes: [{id: a, path: x, build: ./missing}]\n")))
                .isEqualTo(ExitCode.FAILED);
        assertThat(streams.execute("build", flow("nodes: [{id: a, path: x, build: ./script}]\n")))
                .isEqualTo(ExitCode.FAILED);

        assertThat(streams.err())
                .contains("'no-such-program it' cannot be run: the command 'no-such-program' is in none of /")
                .contains("'./missing' cannot be run: '" + directory + "/./missing' does not exist")
                .contains("/./script' is not executable: make it so with 'chmod +x'")
                .doesNotContain("\tat ");
    }

    @Test
    void shouldRunNothingWhenTheFileIsBad() throws Exception {
        assertThat(streams.execute("build", flow("nodes: [{id: a, pth: x, build: echo never}]\n")))
                .isEqualTo(ExitCode.INVALID);
        String unsplit =
                flow("nodes:\n  - {id: a, path: x, build: echo never}\n  - {id: b, path: x, build: echo 'x}\n");
        assertThat(streams.execute("build", unsplit)).isEqualTo(ExitCode.INVALID);
        assertThat(streams.execute("build", directory.resolve("none.yml").toString()))
                .isEqualTo(ExitCode.INVALID);

        assertThat(streams.out()).isEmpty();
        assertThat(streams.err())
                .contains("'pth'", "none.yml")
                .contains(
                        ":3:29: error: node 'b': the build command cannot be split: ",
                        "' at character 6 that is not closed");
    }

    @Test
    void shouldBuildOnlyThoseThatAreAskedFor() throws Exception {
        String file = flow("""
                nodes:
                  - {id: near, path: x, build: echo near}
                  - {id: far, path: /x, build: echo far, deploy: {machine: B, local: false, working_dir: %s}}
                """.formatted(directory));

        assertThat(streams.execute("build", file)).isZero();
        assertThat(streams.out()).contains("near | near").doesNotContain("far");
        assertThat(streams.err()).contains("node 'far' is not local: build it where it runs, with --node far");

        assertThat(streams.execute("build", file, "--node", "far")).isZero();
        assertThat(streams.out()).contains("far | far").containsOnlyOnce("near | near");

        assertThat(streams.execute("build", file, "--node", "fahr")).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err()).contains("has no node 'fahr', but [near, far]; did you mean 'far'?");
    }

    @Test
    void shouldBuildBelowTheBaseDirectoryOfTheExecutorWhenItIsGiven() throws Exception {
        String file = flow("nodes: [{id: far, path: x, build: pwd, deploy: {local: false, working_dir: maps}}]\n");

        assertThat(streams.execute("build", file, "--node", "far")).isEqualTo(ExitCode.INVALID);
        assertThat(streams.out()).isEmpty();
        assertThat(streams.err())
                .isEqualTo(file + ":1:14: error: node 'far' is not local, and its working_dir 'maps' is seen from its"
                        + " executor's base directory: say which that is with --working-dir, as for 'millrace"
                        + " executor', or write an absolute working_dir\n");

        String base = directory.resolve("base").toString();
        assertThat(streams.execute("build", file, "--node", "far", "--working-dir", base))
                .isZero();
        assertThat(streams.out()).isEqualTo("far $ pwd\nfar | " + base + "/maps\n");
    }

    @Test
    void shouldExpandTheWorkingDirectoryWhenANodeIsNotLocal() throws Exception {
        String file = flow("""
                nodes:
                  - {id: far, path: x, build: pwd, deploy: {local: false, working_dir: "${MILLRACE_NIL:-%s}/w"}}
                  - {id: lost, path: x, build: pwd, deploy: {local: false, working_dir: $MILLRACE_NIL/w}}
                """.formatted(directory));

        assertThat(streams.execute("build", file, "--node", "far"))
                .as(streams.err())
                .isZero();
        assertThat(streams.out()).isEqualTo("far $ pwd\nfar | " + directory + "/w\n");
        assertThat(streams.execute("build", file, "--node", "lost")).isEqualTo(ExitCode.INVALID);
        assertThat(streams.err())
                .contains(":3:10: error: node 'lost', working_dir, on machine 'this machine': the"
                        + " environment has no variable 'MILLRACE_NIL'");
    }

    @Test
    void shouldSaySoWhenThereIsNothingToBuild() throws Exception {
        assertThat(streams.execute("build", flow("nodes: [{id: a, path: x}]\n")))
                .isZero();

        assertThat(streams.err()).isEqualTo("millrace: there is nothing to build in dataflow 'flow'\n");
    }

    @Test
    void shouldEndWhatACommandLeavesRunning() throws Exception {
        String file = flow("nodes: [{id: a, path: x, build: \"sh -c 'sleep 600 & echo $!'\"}]\n");

        assertThat(streams.execute("build", file)).isZero();

        String id = started(streams.out());
        await().atMost(Duration.ofMinutes(1)).until(() -> isGone(id));
    }

    /** The process whose id the command has printed. */
    private static String started(String out) {
        return out.lines()
                .filter(line -> line.matches("a \\| \\d+"))
                .findFirst()
                .orElseThrow()
                .substring(4);
    }

    private static boolean isGone(String id) {
        return ProcessHandle.of(Long.parseLong(id))
                .filter(ProcessHandle::isAlive)
                .isEmpty();
    }

    @Test
    void shouldEndTheWholeGroupWhenItIsInterrupted() throws Exception {
        String file = flow("""
                nodes:
                  - id: a
                    path: x
                    build: |
                      sh -c 'sleep 600 & echo $!; wait'
                      echo never
                """);
        try (MillraceProcess build = MillraceProcess.start(directory, "build", file)) {
            build.awaitOut("a | ");
            String child = started(build.out());
            build.signal("INT");

            assertThat(build.exitCode()).isEqualTo(130);
            assertThat(build.out()).doesNotContain("never");
            assertThat(build.err()).isEqualTo("millrace: interrupted; once more to end at once\n");
            await().atMost(Duration.ofMinutes(1)).until(() -> isGone(child));
        }
    }

    @Test
    void shouldEndAtOnceWhenItIsInterruptedTwice() throws Exception {
        String file = flow(
                "nodes: [{id: a, path: x, build: \"sh -c 'trap : TERM; sleep 600 & echo $!; while :; do wait; done'\"}]\n");
        try (MillraceProcess build = MillraceProcess.start(directory, "build", file)) {
            build.awaitOut("a | ");
            String child = started(build.out());
            build.signal("TERM");
            build.awaitErr("interrupted");
            build.signal("TERM");

            assertThat(build.exitCode()).isEqualTo(143);
            await().atMost(Duration.ofMinutes(1)).until(() -> isGone(child));
        }
    }
}
