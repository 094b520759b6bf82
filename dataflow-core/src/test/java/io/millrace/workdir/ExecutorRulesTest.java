package io.millrace.workdir;

import static io.millrace.workdir.NodeBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.workdir.Finding.Severity;
import io.millrace.workdir.LocatedTarget.LocatedFile;
import io.millrace.workdir.LocatedTarget.Readiness;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorRulesTest {
    private final FakeFiles files = new FakeFiles(PathSyntax.POSIX)
            .directory("/flow")
            .directory("/base")
            .directory("/home/robot");
    private OperatingSystem system = OperatingSystem.LINUX;
    private SearchPath searchPath = new SearchPath(Optional.empty(), List.of());
    private boolean requireWorkingDir;
    private boolean allowShell;
    private boolean sameFlowFile;
    private ShippedCopies copies = (nodeId, written) -> Optional.empty();

    private Resolution resolve(NodeLocation node) {
        ExecutorFacts executor = new ExecutorFacts(
                "B", system, "/base", "/home/robot", searchPath, requireWorkingDir, allowShell, files);
        return ExecutorRules.resolve(node, new JobFacts("job7", "/flow", sameFlowFile, copies), executor);
    }

    private static void assertRunsIn(Resolution resolution, Row row, String directory) {
        assertThat(resolution.row()).isEqualTo(row);
        assertThat(resolution.workingDirectory()).contains(directory);
    }

    private static void assertFound(Resolution resolution, Row row, String path) {
        assertThat(resolution.targets()).hasSize(1);
        assertThat(resolution.targets().get(0).readiness()).isEqualTo(Readiness.READY);
        assertThat(resolution.targets().get(0).files()).hasSize(1);
        LocatedFile file = resolution.targets().get(0).files().get(0);
        assertThat(file.row()).isEqualTo(row);
        assertThat(file.found()).contains(path);
        assertThat(resolution.hasErrors()).isFalse();
    }

    private static void assertRefused(Resolution resolution, String... errors) {
        assertThat(resolution.hasErrors()).isTrue();
        assertThat(resolution.findings())
                .filteredOn(Finding::isError)
                .extracting(Finding::text)
                .containsExactly(errors);
    }

    @Nested
    class Table {
        @Test
        void shouldUseFlowDirWhenLocalAndPathRelative() {
            files.file("/flow/bin/cam");

            Resolution resolution = resolve(node().local(true).path("bin/cam"));

            assertRunsIn(resolution, Row.LOCAL_RELATIVE, "/flow");
            assertFound(resolution, Row.LOCAL_RELATIVE, "/flow/bin/cam");
            assertThat(resolution.createWorkingDirectory()).isFalse();
        }

        @Test
        void shouldUseFlowDirAndPathItselfWhenLocalAndPathAbsolute() {
            files.file("/opt/cam");

            Resolution resolution = resolve(node().local(true).path("/opt/cam"));

            assertRunsIn(resolution, Row.LOCAL_ABSOLUTE, "/flow");
            assertFound(resolution, Row.LOCAL_ABSOLUTE, "/opt/cam");
        }

        @Test
        void shouldUseWorkingDirWhenLocalAndGivenAndPathRelative() {
            files.directory("/srv").file("/srv/bin/cam");

            Resolution resolution =
                    resolve(node().local(true).workingDir("/srv").path("bin/cam"));

            assertRunsIn(resolution, Row.LOCAL_WORKING_DIR_RELATIVE, "/srv");
            assertFound(resolution, Row.LOCAL_WORKING_DIR_RELATIVE, "/srv/bin/cam");
        }

        @Test
        void shouldSeeWorkingDirFromFlowDirWhenLocalAndGivenRelative() {
            files.directory("/flow/maps").file("/flow/maps/bin/cam");

            Resolution resolution =
                    resolve(node().local(true).workingDir("maps").path("bin/cam"));

            assertRunsIn(resolution, Row.LOCAL_WORKING_DIR_RELATIVE, "/flow/maps");
            assertFound(resolution, Row.LOCAL_WORKING_DIR_RELATIVE, "/flow/maps/bin/cam");
        }

        @Test
        void shouldUseWorkingDirAndPathItselfWhenLocalAndGivenAndPathAbsolute() {
            files.directory("/flow/maps").file("/opt/cam");

            Resolution resolution =
                    resolve(node().local(true).workingDir("maps").path("/opt/cam"));

            assertRunsIn(resolution, Row.LOCAL_WORKING_DIR_ABSOLUTE, "/flow/maps");
            assertFound(resolution, Row.LOCAL_WORKING_DIR_ABSOLUTE, "/opt/cam");
        }

        @Test
        void shouldUseWorkingDirWhenNotLocalAndGivenAndPathRelative() {
            files.directory("/srv").file("/srv/bin/cam");

            Resolution resolution =
                    resolve(node().local(false).workingDir("/srv").path("bin/cam"));

            assertRunsIn(resolution, Row.NOT_LOCAL_WORKING_DIR, "/srv");
            assertFound(resolution, Row.NOT_LOCAL_WORKING_DIR, "/srv/bin/cam");
        }

        @Test
        void shouldUseWorkingDirAndPathItselfWhenNotLocalAndGivenAndPathAbsolute() {
            files.directory("/srv").file("/opt/cam");

            Resolution resolution =
                    resolve(node().local(false).workingDir("/srv").path("/opt/cam"));

            assertRunsIn(resolution, Row.NOT_LOCAL_WORKING_DIR, "/srv");
            assertFound(resolution, Row.NOT_LOCAL_WORKING_DIR, "/opt/cam");
        }

        @Test
        void shouldSeeWorkingDirFromBaseDirectoryWhenNotLocalAndGivenRelative() {
            files.directory("/base/maps").file("/base/maps/bin/cam");

            Resolution resolution =
                    resolve(node().local(false).workingDir("maps").path("bin/cam"));

            assertRunsIn(resolution, Row.NOT_LOCAL_WORKING_DIR, "/base/maps");
            assertFound(resolution, Row.NOT_LOCAL_WORKING_DIR, "/base/maps/bin/cam");
        }

        @Test
        void shouldUseHomeWithWarningWhenNotLocalAndPathAbsolute() {
            files.file("/opt/cam");

            Resolution resolution = resolve(node().local(false).path("/opt/cam"));

            assertRunsIn(resolution, Row.NOT_LOCAL_ABSOLUTE, "/home/robot");
            assertFound(resolution, Row.NOT_LOCAL_ABSOLUTE, "/opt/cam");
            assertThat(resolution.findings())
                    .containsExactly(new Finding(
                            Severity.WARNING,
                            Optional.empty(),
                            "node 'cam' on machine 'B' has no working_dir and will run in the home directory "
                                    + "'/home/robot' of the executor's user: give it one to choose another place"));
        }

        @Test
        void shouldFailWhenNotLocalAndPathAbsoluteAndWorkingDirIsRequired() {
            files.file("/opt/cam");
            requireWorkingDir = true;

            assertRefused(
                    resolve(node().local(false).path("/opt/cam")),
                    "node 'cam' on machine 'B' has no working_dir, which --require-working-dir demands instead of the "
                            + "home directory '/home/robot' of the executor's user: give it one");
        }

        @Test
        void shouldFailWhenNotLocalAndPathRelative() {
            Resolution resolution = resolve(node().local(false).path("bin/cam"));

            assertThat(resolution.row()).isEqualTo(Row.NOT_LOCAL_RELATIVE);
            assertThat(resolution.workingDirectory()).isEmpty();
            assertThat(resolution.createWorkingDirectory()).isFalse();
            assertThat(resolution.targets().get(0).readiness()).isEqualTo(Readiness.REFUSED);
            assertRefused(
                    resolution,
                    "node 'cam' on machine 'B' has the relative path 'bin/cam': give it a working_dir or an absolute "
                            + "path");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void shouldUseFreshDirectoryAndCopyWhenShipped(boolean local) {
            files.file("/base/cache/3f9a");
            copies = (nodeId, written) -> nodeId.equals("cam") && written.equals("bin/cam")
                    ? Optional.of("/base/cache/3f9a")
                    : Optional.empty();

            Resolution resolution = resolve(node().local(local).ship().path("bin/cam"));

            assertRunsIn(resolution, Row.SHIPPED, "/base/" + FreshDirectory.name("job7", "cam"));
            assertThat(resolution.createWorkingDirectory()).isTrue();
            assertFound(resolution, Row.SHIPPED, "/base/cache/3f9a");
        }

        @ParameterizedTest
        @CsvSource({"true, /flow/maps", "false, /base/maps"})
        void shouldUseWorkingDirWhenShippedAndGiven(boolean local, String expected) {
            files.file("/cache/1");
            copies = (nodeId, written) -> Optional.of("/cache/1");

            Resolution resolution =
                    resolve(node().local(local).ship().workingDir("maps").path("bin/cam"));

            assertRunsIn(resolution, Row.SHIPPED, expected);
            assertThat(resolution.createWorkingDirectory()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "/base/cache/gone"})
        void shouldFailWhenShippedFileHasNotArrivedOrIsGone(String copy) {
            copies = (nodeId, written) -> copy.isEmpty() ? Optional.empty() : Optional.of(copy);

            assertRefused(
                    resolve(node().ship().path("bin/cam")),
                    "node 'cam': path 'bin/cam' is to be shipped, but no copy of it is on machine 'B': start the "
                            + "dataflow again from the client that has it");
        }

        @ParameterizedTest
        @CsvSource({"true, LOCAL_ABSOLUTE, /flow", "false, NOT_LOCAL_ABSOLUTE, /home/robot"})
        void shouldRunBareCommandWhereAbsolutePathWould(boolean local, Row row, String directory) {
            files.file(directory + "/cam");

            Resolution resolution = resolve(node().local(local).path("cam"));

            assertRunsIn(resolution, row, directory);
            assertFound(resolution, Row.BARE_COMMAND, directory + "/cam");
        }

        @ParameterizedTest
        @CsvSource({"true, /flow/maps", "false, /base/maps"})
        void shouldRunBareCommandInWorkingDirWhenGiven(boolean local, String directory) {
            files.file(directory + "/cam");

            Resolution resolution =
                    resolve(node().local(local).workingDir("maps").path("cam"));

            assertThat(resolution.workingDirectory()).contains(directory);
            assertFound(resolution, Row.BARE_COMMAND, directory + "/cam");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void shouldUseFreshDirectoryWhenClassHasNoClasspath(boolean local) {
            Resolution resolution =
                    resolve(node().local(local).runs(new Target.JavaClass("org.example.Cam", List.of())));

            assertRunsIn(resolution, Row.CLASS_WITHOUT_CLASSPATH, "/base/" + FreshDirectory.name("job7", "cam"));
            assertThat(resolution.createWorkingDirectory()).isTrue();
            assertThat(resolution.targets().get(0).readiness()).isEqualTo(Readiness.READY);
            assertThat(resolution.findings()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"true, /flow/maps", "false, /base/maps"})
        void shouldUseWorkingDirWhenClassHasNoClasspathAndGiven(boolean local, String expected) {
            Resolution resolution =
                    resolve(node().local(local).workingDir("maps").runs(new Target.JavaClass("Cam", List.of())));

            assertRunsIn(resolution, Row.CLASS_WITHOUT_CLASSPATH, expected);
        }
    }

    @Nested
    class LocalNotWritten {
        @Test
        void shouldBeLocalWhenExecutorReadsTheSameFlowFile() {
            sameFlowFile = true;
            files.file("/flow/bin/cam");

            Resolution resolution = resolve(node().path("bin/cam"));

            assertThat(resolution.isLocal()).isTrue();
            assertFound(resolution, Row.LOCAL_RELATIVE, "/flow/bin/cam");
        }

        @Test
        void shouldNotBeLocalWhenExecutorHasAnotherFileThere() {
            files.file("/flow/bin/cam");

            assertRefused(
                    resolve(node().path("bin/cam")),
                    "node 'cam' on machine 'B' has the relative path 'bin/cam': give it a working_dir or an absolute "
                            + "path; it is not local, for machine 'B' does not have the client's dataflow file in "
                            + "'/flow'");
        }

        @Test
        void shouldSayThatFlowDirIsMissingWhenNotLocalForThatReason() {
            files.without("/flow");

            assertRefused(
                    resolve(node().path("bin/cam")),
                    "node 'cam' on machine 'B' has the relative path 'bin/cam': give it a working_dir or an absolute "
                            + "path; it is not local, for machine 'B' does not have the dataflow file's directory "
                            + "'/flow'");
        }

        @ParameterizedTest
        @CsvSource({"true, false", "false, true"})
        void shouldYieldToWrittenValueWhateverExecutorReads(boolean written, boolean proven) {
            sameFlowFile = proven;

            assertThat(resolve(node().local(written).path("/opt/cam")).isLocal())
                    .isEqualTo(written);
        }
    }

    @Nested
    class NotPaths {
        @Test
        void shouldAwaitWhenDynamic() {
            requireWorkingDir = true;

            Resolution resolution = resolve(node().local(false).path("dynamic"));

            assertThat(resolution.row()).isEqualTo(Row.NOT_A_PATH);
            assertThat(resolution.workingDirectory()).isEmpty();
            assertThat(resolution.targets())
                    .containsExactly(new LocatedTarget(new Target.Dynamic(), Readiness.AWAITED, List.of()));
            assertThat(resolution.findings()).isEmpty();
        }

        @Test
        void shouldRefuseShellWhenNotAllowed() {
            Resolution resolution = resolve(node().local(true).path("shell"));

            assertThat(resolution.targets().get(0).readiness()).isEqualTo(Readiness.REFUSED);
            assertRefused(
                    resolution,
                    "node 'cam' runs a shell, which is not allowed on machine 'B': allow it there (an executor: --allow-shell"
                            + " or ExecutorConfig.allowShell; one process: DORA_ALLOW_SHELL_NODES=true), or write the path of a program");
        }

        @Test
        void shouldRunShellInWorkingDirectoryWhenAllowed() {
            allowShell = true;

            Resolution resolution = resolve(node().local(true).path("shell"));

            assertRunsIn(resolution, Row.LOCAL_ABSOLUTE, "/flow");
            assertThat(resolution.targets().get(0).readiness()).isEqualTo(Readiness.READY);
            assertThat(resolution.findings()).isEmpty();
        }

        @Test
        void shouldRefuseUrlAsNotSupportedYet() {
            Resolution resolution = resolve(node().runs(Target.script("https://example.org/op.py")));

            assertThat(resolution.row()).isEqualTo(Row.NOT_A_PATH);
            assertThat(resolution.targets().get(0).readiness()).isEqualTo(Readiness.REFUSED);
            assertRefused(
                    resolution,
                    "node 'cam': python 'https://example.org/op.py' is a URL, recognised but not supported yet: "
                            + "download it and write its path");
        }

        @Test
        void shouldRefuseUrlInClassPathByItsNameAndStillLookForTheRest() {
            Resolution resolution = resolve(
                    node().local(true).runs(new Target.JavaClass("Op", List.of("HTTPS://example.org/a.jar", "b.jar"))));

            assertThat(resolution.row()).isEqualTo(Row.LOCAL_RELATIVE);
            assertThat(resolution.targets().get(0).readiness()).isEqualTo(Readiness.REFUSED);
            assertThat(resolution.findings()).hasSize(2);
            assertThat(resolution.findings().get(0).text())
                    .isEqualTo(
                            "node 'cam': classpath 'HTTPS://example.org/a.jar' is a URL, recognised but not supported"
                                    + " yet: download it and write its path");
            assertThat(resolution.findings().get(1).text()).contains("'/flow/b.jar'");
        }

        @Test
        void shouldSayNothingOfDirectoriesWhenClassPathIsOfUrlsOnly() {
            Resolution resolution =
                    resolve(node().local(false).runs(new Target.JavaClass("Op", List.of("https://example.org/a.jar"))));

            assertThat(resolution.row()).isEqualTo(Row.NOT_A_PATH);
            assertThat(resolution.findings()).singleElement().matches(Finding::isError);
        }
    }

    @Nested
    class Directories {
        @Test
        void shouldCreateWorkingDirWhenWrittenAndMissing() {
            files.file("/opt/cam");

            Resolution resolution =
                    resolve(node().local(false).workingDir("maps/x").path("/opt/cam"));

            assertThat(resolution.workingDirectory()).contains("/base/maps/x");
            assertThat(resolution.createWorkingDirectory()).isTrue();
            assertThat(resolution.findings()).isEmpty();
        }

        @Test
        void shouldNotCreateFlowDirWhenMissingButSaySo() {
            files.without("/flow").file("/opt/cam");

            Resolution resolution = resolve(node().local(true).path("/opt/cam"));

            assertThat(resolution.createWorkingDirectory()).isFalse();
            assertRefused(
                    resolution,
                    "node 'cam': the working directory resolved to '/flow' by the rule 'local node, no working_dir, "
                            + "absolute path' on machine 'B', which does not have the dataflow file's directory "
                            + "'/flow': make it available there, or write local: false and a working_dir");
        }

        @Test
        void shouldNotCreateWorkingDirBelowFlowDirWhenThatIsMissing() {
            files.without("/flow").file("/opt/cam");

            Resolution resolution =
                    resolve(node().local(true).workingDir("maps").path("/opt/cam"));

            assertThat(resolution.createWorkingDirectory()).isFalse();
            assertRefused(
                    resolution,
                    "node 'cam': the working directory resolved to '/flow/maps' by the rule 'local node, working_dir "
                            + "given, absolute path' on machine 'B', which does not have the dataflow file's directory "
                            + "'/flow': make it available there, or write local: false and a working_dir");
        }

        @Test
        void shouldNotNeedFlowDirWhenLocalAndWorkingDirAbsolute() {
            files.without("/flow").file("/srv/bin/cam");

            Resolution resolution =
                    resolve(node().local(true).workingDir("/srv").path("bin/cam"));

            assertFound(resolution, Row.LOCAL_WORKING_DIR_RELATIVE, "/srv/bin/cam");
            assertThat(resolution.createWorkingDirectory()).isTrue();
        }

        @Test
        void shouldNotCreateHomeWhenMissing() {
            files.without("/home/robot").file("/opt/cam");

            Resolution resolution = resolve(node().local(false).path("/opt/cam"));

            assertThat(resolution.createWorkingDirectory()).isFalse();
            assertRefused(
                    resolution,
                    "node 'cam': the working directory resolved to '/home/robot' by the rule 'node not local, no "
                            + "working_dir, absolute path' on machine 'B', where there is no such directory: give the "
                            + "node a working_dir");
        }

        @Test
        void shouldFailWhenWorkingDirIsFile() {
            files.file("/base/maps").file("/opt/cam");

            Resolution resolution =
                    resolve(node().local(false).workingDir("maps").path("/opt/cam"));

            assertThat(resolution.createWorkingDirectory()).isFalse();
            assertRefused(
                    resolution,
                    "node 'cam': the working directory resolved to '/base/maps' by the rule 'node not local, "
                            + "working_dir given' on machine 'B', where that is a file, not a directory: remove the "
                            + "file, or choose another working_dir");
        }

        @Test
        void shouldFailWhenWorkingDirIsToBeMadeBelowAFile() {
            files.file("/etc/passwd");

            Resolution resolution = resolve(
                    node().local(true).workingDir("/etc/passwd/x/y").runs(new Target.JavaClass("Cam", List.of())));

            assertThat(resolution.createWorkingDirectory()).isFalse();
            assertRefused(
                    resolution,
                    "node 'cam': the working directory resolved to '/etc/passwd/x/y' by the rule 'class without"
                            + " classpath' on machine 'B', where it cannot be made, for '/etc/passwd' is a file, not a"
                            + " directory: remove the file, or choose another working_dir");
        }

        @Test
        void shouldFailWhenWorkingDirIsToBeMadeWhereNothingCanBeWritten() {
            files.readOnly("/srv").file("/opt/cam");

            assertRefused(
                    resolve(node().local(true).workingDir("/srv/a/b").path("/opt/cam")),
                    "node 'cam': the working directory resolved to '/srv/a/b' by the rule 'local node, working_dir"
                            + " given, absolute path' on machine 'B', where it cannot be made, for '/srv' is not"
                            + " writable: make the directory beforehand, or choose another working_dir");
        }

        @Test
        void shouldRunInADirectoryThatIsThereThoughNothingCanBeWrittenToIt() {
            files.readOnly("/srv").file("/opt/cam");

            assertThat(resolve(node().local(true).workingDir("/srv").path("/opt/cam"))
                            .findings())
                    .isEmpty();
        }
    }

    @Nested
    class Files {
        @Test
        void shouldReportMissingFileWithPathRuleAndMachine() {
            files.directory("/x");
            NodeLocation node = node().local(true).workingDir("/x").path("y/cam");

            Resolution resolution = resolve(node);

            assertThat(resolution.targets())
                    .containsExactly(new LocatedTarget(
                            node.targets().get(0),
                            Readiness.REFUSED,
                            List.of(new LocatedFile(
                                    "y/cam", Row.LOCAL_WORKING_DIR_RELATIVE, List.of("/x/y/cam"), Optional.empty()))));
            assertRefused(
                    resolution,
                    "node 'cam': path 'y/cam' resolved to '/x/y/cam' by the rule 'local node, working_dir given, "
                            + "relative path' on machine 'B', where there is no such file: build it there, or correct "
                            + "the path");
        }

        @Test
        void shouldSayThatFlowDirIsMissingWhenLocalFileIsMissing() {
            files.without("/flow").directory("/x");

            assertRefused(
                    resolve(node().local(true).workingDir("/x").path("cam.d/cam")),
                    "node 'cam': path 'cam.d/cam' resolved to '/x/cam.d/cam' by the rule 'local node, working_dir "
                            + "given, relative path' on machine 'B', where there is no such file: build it there, or "
                            + "correct the path; machine 'B' does not have the dataflow file's directory '/flow'");
        }

        @Test
        void shouldNotBlameFlowDirWhenNotLocal() {
            files.without("/flow").directory("/x");

            assertThat(resolve(node().local(false).workingDir("/x").path("a/b")).findings())
                    .singleElement()
                    .extracting(Finding::text)
                    .asString()
                    .doesNotContain("/flow");
        }

        @ParameterizedTest
        @CsvSource({"LINUX, /flow/lib/libcam.so", "MACOS, /flow/lib/libcam.dylib"})
        void shouldAddPrefixAndSuffixWhenLibraryAsWrittenIsMissing(OperatingSystem on, String expected) {
            system = on;
            files.file(expected);

            assertFound(
                    resolve(node().local(true).runs(Target.sharedLibrary("lib/cam"))), Row.LOCAL_RELATIVE, expected);
        }

        @Test
        void shouldTakeLibraryAsWrittenWhenItExists() {
            files.file("/flow/lib/cam").file("/flow/lib/libcam.so");

            assertFound(
                    resolve(node().local(true).runs(Target.sharedLibrary("lib/cam"))),
                    Row.LOCAL_RELATIVE,
                    "/flow/lib/cam");
        }

        @Test
        void shouldReportBothNamesWhenLibraryIsMissing() {
            assertRefused(
                    resolve(node().local(true).runs(Target.sharedLibrary("cam"))),
                    "node 'cam': shared-library 'cam' resolved to '/flow/cam' by the rule 'local node, no working_dir, "
                            + "relative path' on machine 'B', where there is no such file, nor '/flow/libcam.so': "
                            + "build it there, or correct the shared-library");
        }

        @Test
        void shouldFollowTheSameRulesWhenClasspathEntriesOrScripts() {
            files.directory("/base/w/classes").file("/opt/a.jar").file("/base/w/op.py");
            Target withClasspath = new Target.JavaClass("Cam", List.of("classes", "/opt/a.jar"));

            Resolution resolution =
                    resolve(node().local(false).workingDir("w").runs(withClasspath, Target.script("op.py")));

            assertThat(resolution.hasErrors()).isFalse();
            assertThat(resolution.targets())
                    .flatExtracting(LocatedTarget::files)
                    .extracting(file -> file.found().orElse("missing"))
                    .containsExactly("/base/w/classes", "/opt/a.jar", "/base/w/op.py");
        }

        @Test
        void shouldReportEveryMissingFileAtOnce() {
            Target withClasspath = new Target.JavaClass("Cam", List.of("a.jar", "b.jar"));

            Resolution resolution = resolve(node().local(true).runs(withClasspath, Target.script("op.py")));

            assertThat(resolution.findings())
                    .extracting(Finding::target)
                    .containsExactly(
                            Optional.of(withClasspath),
                            Optional.of(withClasspath),
                            Optional.of(Target.script("op.py")));
        }

        @Test
        void shouldLocateAbsoluteSiblingWhenRelativePathLeavesNoWorkingDirectory() {
            files.file("/opt/a.py");

            Resolution resolution = resolve(
                    node().local(false).runs(Target.script("/opt/a.py"), Target.script("b.py"), Target.program("sh")));

            assertThat(resolution.row()).isEqualTo(Row.NOT_LOCAL_RELATIVE);
            assertThat(resolution.targets())
                    .extracting(LocatedTarget::readiness)
                    .containsExactly(Readiness.READY, Readiness.REFUSED, Readiness.REFUSED);
            assertThat(resolution.findings()).hasSize(2);
        }
    }

    @Nested
    class BareCommands {
        private void assertFoundAt(String expected) {
            assertFound(resolve(node().local(true).path("python3")), Row.BARE_COMMAND, expected);
        }

        @Test
        void shouldBeLookedForInWorkingDirectoryThenVirtualEnvironmentThenPath() {
            searchPath = new SearchPath(Optional.of("/venv/bin"), List.of("/usr/bin", "/bin"));
            files.file("/bin/python3");
            assertFoundAt("/bin/python3");
            files.file("/usr/bin/python3");
            assertFoundAt("/usr/bin/python3");
            files.file("/venv/bin/python3");
            assertFoundAt("/venv/bin/python3");
            files.file("/flow/python3");
            assertFoundAt("/flow/python3");
        }

        @Test
        void shouldNotTakeDirectoryForCommand() {
            searchPath = new SearchPath(Optional.empty(), List.of("/usr/bin"));
            files.directory("/flow/python3").file("/usr/bin/python3");

            assertFoundAt("/usr/bin/python3");
        }

        @Test
        void shouldSeeRelativeEntryOfPathFromWorkingDirectory() {
            searchPath = new SearchPath(Optional.empty(), List.of("tools"));
            files.file("/flow/tools/python3");

            assertFoundAt("/flow/tools/python3");
        }

        @Test
        void shouldReportEveryPlaceWhenInNone() {
            searchPath = new SearchPath(Optional.of("/venv/bin"), List.of("/usr/bin", "/bin"));

            Resolution resolution = resolve(node().local(true).path("python3"));

            assertThat(resolution.targets().get(0).files().get(0).tried())
                    .containsExactly("/flow/python3", "/venv/bin/python3", "/usr/bin/python3", "/bin/python3");
            assertRefused(
                    resolution,
                    "node 'cam': command 'python3', looked for by the rule 'bare command' on machine 'B', is in none "
                            + "of: the working directory '/flow', the virtual environment '/venv/bin', and PATH "
                            + "'/usr/bin', '/bin': install it, or write its path");
        }

        @Test
        void shouldSayThatThereIsNoVirtualEnvironmentAndNoPathWhenInNone() {
            assertRefused(
                    resolve(node().local(true).path("python3")),
                    "node 'cam': command 'python3', looked for by the rule 'bare command' on machine 'B', is in none "
                            + "of: the working directory '/flow', no virtual environment active, and an empty PATH: "
                            + "install it, or write its path");
        }

        @Test
        void shouldRunInFreshDirectoryWhenNodeIsShipped() {
            searchPath = new SearchPath(Optional.empty(), List.of("/bin"));
            files.file("/bin/python3");

            Resolution resolution = resolve(node().ship().path("python3"));

            assertRunsIn(resolution, Row.SHIPPED, "/base/" + FreshDirectory.name("job7", "cam"));
            assertFound(resolution, Row.BARE_COMMAND, "/bin/python3");
        }
    }

    @Nested
    class OwnRules {
        private final FakeFiles windowsFiles =
                new FakeFiles(PathSyntax.WINDOWS).directory("D:\\base").directory("C:\\Users\\robot");

        private Resolution resolveOnWindows(NodeLocation node) {
            ExecutorFacts executor = new ExecutorFacts(
                    "W",
                    OperatingSystem.WINDOWS,
                    "D:\\base",
                    "C:\\Users\\robot",
                    new SearchPath(Optional.empty(), List.of("C:\\Python")),
                    false,
                    false,
                    windowsFiles);
            return ExecutorRules.resolve(node, new JobFacts("job7", "/flow", false, copies), executor);
        }

        @Test
        void shouldJudgeWindowsPathAsRelativeWhenExecutorIsPosix() {
            assertRefused(
                    resolve(node().local(false).path("C:\\cam.exe")),
                    "node 'cam' on machine 'B' has the relative path 'C:\\cam.exe': give it a working_dir or an "
                            + "absolute path; it is absolute only on systems of another kind");
        }

        @Test
        void shouldJudgePosixPathAsRelativeWhenExecutorIsWindows() {
            assertRefused(
                    resolveOnWindows(node().local(false).path("/opt/cam")),
                    "node 'cam' on machine 'W' has the relative path '/opt/cam': give it a working_dir or an absolute "
                            + "path; it is absolute only on systems of another kind");
        }

        @Test
        void shouldResolveBothSeparatorsWhenExecutorIsWindows() {
            windowsFiles.file("D:\\base\\maps\\bin\\cam.exe");

            Resolution resolution =
                    resolveOnWindows(node().local(false).workingDir("maps").path("lib/../bin\\cam"));

            assertRunsIn(resolution, Row.NOT_LOCAL_WORKING_DIR, "D:\\base\\maps");
            assertFound(resolution, Row.NOT_LOCAL_WORKING_DIR, "D:\\base\\maps\\bin\\cam.exe");
        }

        @Test
        void shouldUseHomeWhenExecutorIsWindowsAndPathOnShare() {
            windowsFiles.file("\\\\nas\\bin\\cam.exe");

            Resolution resolution = resolveOnWindows(node().local(false).path("//nas/bin/cam.exe"));

            assertRunsIn(resolution, Row.NOT_LOCAL_ABSOLUTE, "C:\\Users\\robot");
            assertFound(resolution, Row.NOT_LOCAL_ABSOLUTE, "\\\\nas\\bin\\cam.exe");
        }

        @Test
        void shouldFindCommandWithItsSuffixWhenExecutorIsWindows() {
            windowsFiles.file("C:\\Python\\python3.exe");

            assertFound(
                    resolveOnWindows(node().local(false).path("python3")), Row.BARE_COMMAND, "C:\\Python\\python3.exe");
        }

        @Test
        void shouldFindDllWhenExecutorIsWindows() {
            windowsFiles.file("D:\\base\\w\\cam.dll");

            assertFound(
                    resolveOnWindows(node().local(false).workingDir("w").runs(Target.sharedLibrary("cam"))),
                    Row.NOT_LOCAL_WORKING_DIR,
                    "D:\\base\\w\\cam.dll");
        }

        @Test
        void shouldNotHaveFlowDirOfAnotherSystem() {
            Resolution resolution = resolveOnWindows(node().local(true).path("bin/cam"));

            assertThat(resolution.createWorkingDirectory()).isFalse();
            assertThat(resolution.findings())
                    .extracting(Finding::text)
                    .allSatisfy(text -> assertThat(text)
                            .contains("machine 'W'")
                            .contains("does not have the dataflow file's directory '/flow'"))
                    .hasSize(2);
        }

        @Test
        void shouldRefuseWorkingDirThatDependsOnCurrentDirectoryOfDrive() {
            windowsFiles.file("C:\\cam.exe");

            Resolution resolution =
                    resolveOnWindows(node().local(false).workingDir("E:maps").path("C:\\cam.exe"));

            assertThat(resolution.createWorkingDirectory()).isFalse();
            assertRefused(
                    resolution,
                    "node 'cam': the working directory resolved to 'E:maps' by the rule 'node not local, working_dir "
                            + "given' on machine 'W', which has no current directory to complete it: write an "
                            + "absolute working_dir");
        }
    }

    @Test
    void shouldRefuseFactsWhenBaseDirectoryOrHomeIsNotAbsolute() {
        assertThatThrownBy(() -> new ExecutorFacts(
                        "B", OperatingSystem.LINUX, "base", "/home/robot", searchPath, false, false, files))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("base directory 'base' and home '/home/robot' must be absolute on LINUX");
        assertThatThrownBy(() ->
                        new ExecutorFacts("B", OperatingSystem.LINUX, "/base", "~", searchPath, false, false, files))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
