package io.millrace.workdir;

import static io.millrace.workdir.ClientFacts.Situation.CLUSTER;
import static io.millrace.workdir.ClientFacts.Situation.OFFLINE_CHECK;
import static io.millrace.workdir.ClientFacts.Situation.OWN_JVM;
import static io.millrace.workdir.NodeBuilder.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.workdir.ClientFacts.Situation;
import io.millrace.workdir.Finding.Severity;
import io.millrace.workdir.WorkingDirectory.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientRulesTest {
    private static final String FLOW = "/flow";

    private static ClientFacts facts(Situation situation) {
        return new ClientFacts(situation, OperatingSystem.LINUX, FLOW, false);
    }

    private static ClientCheck check(NodeLocation node) {
        return ClientRules.check(node, facts(OFFLINE_CHECK));
    }

    private static void assertRequires(ClientCheck check, Row row, String... candidates) {
        assertThat(check.required()).hasSize(1);
        assertThat(check.required().get(0).row()).isEqualTo(row);
        assertThat(check.required().get(0).candidates()).containsExactly(candidates);
        assertThat(check.findings()).isEmpty();
    }

    private static void assertRunsIn(ClientCheck check, Row row, Origin origin, Optional<String> written) {
        assertThat(check.row()).contains(row);
        assertThat(check.workingDirectory()).contains(new WorkingDirectory(origin, written));
    }

    @Nested
    class Table {
        @Test
        void shouldRequireFileBelowFlowDirWhenLocalAndPathRelative() {
            ClientCheck check = check(node().local(true).path("bin/cam"));

            assertRequires(check, Row.LOCAL_RELATIVE, "/flow/bin/cam");
            assertRunsIn(check, Row.LOCAL_RELATIVE, Origin.FLOW_DIR, Optional.empty());
        }

        @Test
        void shouldRequireFileItselfWhenLocalAndPathAbsolute() {
            ClientCheck check = check(node().local(true).path("/opt/cam"));

            assertRequires(check, Row.LOCAL_ABSOLUTE, "/opt/cam");
            assertRunsIn(check, Row.LOCAL_ABSOLUTE, Origin.FLOW_DIR, Optional.empty());
        }

        @Test
        void shouldRequireFileBelowWorkingDirWhenLocalAndGivenAndPathRelative() {
            ClientCheck check = check(node().local(true).workingDir("/srv").path("bin/cam"));

            assertRequires(check, Row.LOCAL_WORKING_DIR_RELATIVE, "/srv/bin/cam");
            assertRunsIn(check, Row.LOCAL_WORKING_DIR_RELATIVE, Origin.FLOW_DIR, Optional.of("/srv"));
        }

        @Test
        void shouldSeeWorkingDirFromFlowDirWhenLocalAndGivenRelative() {
            ClientCheck check = check(node().local(true).workingDir("maps").path("bin/cam"));

            assertRequires(check, Row.LOCAL_WORKING_DIR_RELATIVE, "/flow/maps/bin/cam");
        }

        @Test
        void shouldRequireFileItselfWhenLocalAndWorkingDirGivenAndPathAbsolute() {
            ClientCheck check = check(node().local(true).workingDir("maps").path("/opt/cam"));

            assertRequires(check, Row.LOCAL_WORKING_DIR_ABSOLUTE, "/opt/cam");
            assertRunsIn(check, Row.LOCAL_WORKING_DIR_ABSOLUTE, Origin.FLOW_DIR, Optional.of("maps"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"bin/cam", "/opt/cam", "C:\\cam.exe"})
        void shouldRequireNothingWhenNotLocalAndWorkingDirGiven(String path) {
            ClientCheck check = check(node().local(false).workingDir("maps").path(path));

            assertThat(check.required()).isEmpty();
            assertThat(check.findings()).isEmpty();
            assertRunsIn(check, Row.NOT_LOCAL_WORKING_DIR, Origin.EXECUTOR_BASE, Optional.of("maps"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"/opt/cam", "C:\\cam.exe", "C:/cam.exe", "\\\\nas\\bin\\cam.exe"})
        void shouldWarnAboutHomeWhenNotLocalAndPathAbsolute(String path) {
            ClientCheck check = check(node().local(false).machine("B").path(path));

            assertThat(check.required()).isEmpty();
            assertRunsIn(check, Row.NOT_LOCAL_ABSOLUTE, Origin.EXECUTOR_HOME, Optional.empty());
            assertThat(check.findings())
                    .containsExactly(new Finding(
                            Severity.WARNING,
                            Optional.empty(),
                            "node 'cam' on machine 'B' has no working_dir and will run in the home directory of the "
                                    + "executor's user: give it one to choose another place"));
        }

        @ParameterizedTest
        @EnumSource(
                value = Situation.class,
                names = {"OWN_JVM", "CLUSTER"})
        void shouldLeaveWarningAboutHomeToTheExecutorThatFollows(Situation situation) {
            ClientCheck check = ClientRules.check(node().local(false).path("/opt/cam"), facts(situation));

            assertRunsIn(check, Row.NOT_LOCAL_ABSOLUTE, Origin.EXECUTOR_HOME, Optional.empty());
            assertThat(check.findings()).isEmpty();
        }

        @Test
        void shouldFailWhenNotLocalAndPathAbsoluteAndWorkingDirIsRequired() {
            ClientFacts strict = new ClientFacts(OFFLINE_CHECK, OperatingSystem.LINUX, FLOW, true);

            ClientCheck check =
                    ClientRules.check(node().local(false).machine("B").path("/opt/cam"), strict);

            assertThat(check.findings())
                    .containsExactly(new Finding(
                            Severity.ERROR,
                            Optional.empty(),
                            "node 'cam' on machine 'B' has no working_dir, which --require-working-dir demands "
                                    + "instead of the home directory of the executor's user: give it one"));
        }

        @ParameterizedTest
        @EnumSource(Situation.class)
        void shouldFailWhenNotLocalAndPathRelative(Situation situation) {
            NodeLocation node = node().local(false).machine("B").path("bin/cam");

            ClientCheck check = ClientRules.check(node, facts(situation));

            assertThat(check.row()).contains(Row.NOT_LOCAL_RELATIVE);
            assertThat(check.workingDirectory()).isEmpty();
            assertThat(check.findings())
                    .containsExactly(Finding.error(
                            node.nodeTargets().get(0),
                            "node 'cam' on machine 'B' has the relative path 'bin/cam': give it a working_dir or an "
                                    + "absolute path"));
        }

        @Test
        void shouldFailWithoutNamingMachineWhenNoneIsWritten() {
            ClientCheck check = check(node().local(false).path("bin/cam"));

            assertThat(check.findings())
                    .extracting(Finding::text)
                    .containsExactly("node 'cam' on another machine has the relative path 'bin/cam': give it a "
                            + "working_dir or an absolute path");
        }

        @ParameterizedTest
        @CsvSource({"true", "false"})
        void shouldRequireFileAsForLocalNodeWhenShipped(boolean local) {
            ClientCheck check = check(node().local(local).ship().path("bin/cam"));

            assertRequires(check, Row.SHIPPED, "/flow/bin/cam", "/flow/bin/cam.exe");
            assertRunsIn(check, Row.SHIPPED, Origin.FRESH, Optional.empty());
        }

        @Test
        void shouldRequireFileBelowWorkingDirWhenShippedAndGiven() {
            ClientCheck check =
                    check(node().local(false).ship().workingDir("maps").path("bin/cam.py"));

            assertRequires(check, Row.SHIPPED, "/flow/maps/bin/cam.py");
            assertRunsIn(check, Row.SHIPPED, Origin.EXECUTOR_BASE, Optional.of("maps"));
        }

        @Test
        void shouldRequireNothingWhenBareCommand() {
            ClientCheck local = check(node().local(true).path("cam.py"));
            ClientCheck remote = check(node().local(false).path("cam.py"));

            assertThat(local.required()).isEmpty();
            assertRunsIn(local, Row.LOCAL_ABSOLUTE, Origin.FLOW_DIR, Optional.empty());
            assertThat(remote.required()).isEmpty();
            assertRunsIn(remote, Row.NOT_LOCAL_ABSOLUTE, Origin.EXECUTOR_HOME, Optional.empty());
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void shouldRequireNothingWhenClassHasNoClasspath(boolean local) {
            ClientCheck check = check(node().local(local).runs(new Target.JavaClass("org.example.Cam", List.of())));

            assertThat(check.required()).isEmpty();
            assertThat(check.findings()).isEmpty();
            assertRunsIn(check, Row.CLASS_WITHOUT_CLASSPATH, Origin.FRESH, Optional.empty());
        }
    }

    @Nested
    class LocalNotWritten {
        @ParameterizedTest
        @EnumSource(
                value = Situation.class,
                names = {"OWN_JVM", "OFFLINE_CHECK"})
        void shouldBeLocalWhenNodeRunsInOwnJvmOrCheckIsOffline(Situation situation) {
            ClientCheck check = ClientRules.check(node().path("bin/cam"), facts(situation));

            assertThat(check.isLocal()).contains(true);
            assertRequires(check, Row.LOCAL_RELATIVE, "/flow/bin/cam");
        }

        @Test
        void shouldNoteItWhenCheckIsOfflineAndMachineIsNamed() {
            ClientCheck check = check(node().machine("B").path("bin/cam"));

            assertThat(check.isLocal()).contains(true);
            assertThat(check.findings())
                    .containsExactly(new Finding(
                            Severity.NOTE,
                            Optional.empty(),
                            "node 'cam' is checked as if it were local, for machine 'B' cannot be asked: write "
                                    + "local: true or local: false to decide it"));
        }

        @Test
        void shouldNoteNothingWhenNodeRunsInOwnJvmWhateverMachineIsNamed() {
            assertThat(ClientRules.check(node().machine("B").path("bin/cam"), facts(OWN_JVM))
                            .findings())
                    .isEmpty();
        }

        @Test
        void shouldLeaveItToTheExecutorWhenOnCluster() {
            ClientCheck check = ClientRules.check(node().machine("B").path("bin/cam"), facts(CLUSTER));

            assertThat(check)
                    .isEqualTo(new ClientCheck(
                            Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of()));
        }

        @Test
        void shouldRequireFileNonethelessWhenOnClusterAndShipped() {
            ClientCheck check = ClientRules.check(node().ship().path("bin/cam.py"), facts(CLUSTER));

            assertRequires(check, Row.SHIPPED, "/flow/bin/cam.py");
        }

        @ParameterizedTest
        @EnumSource(Situation.class)
        void shouldYieldToWrittenValueWhereverTheNodeRuns(Situation situation) {
            assertThat(facts(situation).isLocal(node().local(false).path("a/b")))
                    .contains(false);
            assertThat(facts(situation).isLocal(node().local(true).path("a/b"))).contains(true);
        }

        @Test
        void shouldNotNoteAnythingWhenLocalIsWritten() {
            assertThat(check(node().machine("B").local(true).path("bin/cam")).findings())
                    .isEmpty();
        }
    }

    @Nested
    class NotPaths {
        @ParameterizedTest
        @ValueSource(strings = {"dynamic", "https://example.org/cam"})
        void shouldLoadWithoutWorkingDirectoryWhenNothingIsStartedHere(String path) {
            ClientCheck check = check(node().local(false).workingDir("maps").path(path));

            assertThat(check.row()).contains(Row.NOT_A_PATH);
            assertThat(check.workingDirectory()).isEmpty();
            assertThat(check.required()).isEmpty();
            assertThat(check.findings()).isEmpty();
        }

        @Test
        void shouldLoadWhenShell() {
            ClientCheck check = check(node().local(true).path("shell"));

            assertThat(check.required()).isEmpty();
            assertThat(check.findings()).isEmpty();
            assertRunsIn(check, Row.LOCAL_ABSOLUTE, Origin.FLOW_DIR, Optional.empty());
        }
    }

    @Nested
    class Files {
        @Test
        void shouldFollowTheSameRulesWhenClasspathEntries() {
            ClientCheck check = check(node().local(true)
                    .runs(new Target.JavaClass("org.example.Cam", List.of("lib/a.jar", "/opt/b.jar"))));

            assertThat(check.required())
                    .extracting(FileSearch::row)
                    .containsExactly(Row.LOCAL_RELATIVE, Row.LOCAL_ABSOLUTE);
            assertThat(check.required())
                    .extracting(FileSearch::candidates)
                    .containsExactly(List.of("/flow/lib/a.jar"), List.of("/opt/b.jar"));
            assertThat(check.missing(new FakeFiles(PathSyntax.POSIX)
                            .directory("/flow/lib/a.jar")
                            .file("/opt/b.jar")))
                    .isEmpty();
        }

        @Test
        void shouldRunInFlowDirWhenClassHasClasspath() {
            ClientCheck check = check(node().local(true).runs(new Target.JavaClass("Cam", List.of("a.jar"))));

            assertRunsIn(check, Row.LOCAL_RELATIVE, Origin.FLOW_DIR, Optional.empty());
        }

        @Test
        void shouldFollowTheSameRulesWhenScriptHasNoSeparator() {
            assertRequires(check(node().local(true).runs(Target.script("op.py"))), Row.LOCAL_RELATIVE, "/flow/op.py");
        }

        @Test
        void shouldAcceptClientsLibraryNameWhenNameAsWrittenIsMissing() {
            ClientCheck check = check(node().local(true).runs(Target.sharedLibrary("../lib/cam")));

            assertRequires(check, Row.LOCAL_RELATIVE, "/flow/../lib/cam", "/flow/../lib/libcam.so");
            assertThat(check.missing(new FakeFiles(PathSyntax.POSIX).file("/flow/../lib/libcam.so")))
                    .isEmpty();
        }

        @Test
        void shouldAcceptEverySystemsLibraryNameWhenShipped() {
            ClientCheck check = check(node().ship().runs(Target.sharedLibrary("cam")));

            assertRequires(
                    check,
                    Row.SHIPPED,
                    "/flow/cam",
                    "/flow/libcam.so",
                    "/flow/libcam.dylib",
                    "/flow/cam.dll",
                    "/flow/libcam.dll");
        }

        @Test
        void shouldReportMissingFileWithPathRuleAndEveryNameTried() {
            NodeLocation node = node().local(true).workingDir("maps").runs(Target.sharedLibrary("lib/cam"));

            List<Finding> missing =
                    check(node).missing(new FakeFiles(PathSyntax.POSIX)).toList();

            assertThat(missing)
                    .containsExactly(Finding.error(
                            node.nodeTargets().get(0),
                            "node 'cam': shared-library 'lib/cam' resolved to '/flow/maps/lib/cam' by the rule 'local "
                                    + "node, working_dir given, relative path' on the client, where there is no such "
                                    + "file, nor '/flow/maps/lib/libcam.so': build it there, or correct the "
                                    + "shared-library"));
        }

        @Test
        void shouldReportDirectoryWhereFileIsExpected() {
            List<Finding> missing = check(node().local(true).path("./"))
                    .missing(new FakeFiles(PathSyntax.POSIX).directory("/flow"))
                    .toList();

            assertThat(missing)
                    .extracting(Finding::text)
                    .containsExactly("node 'cam': path './' resolved to '/flow' by the rule 'local node, no "
                            + "working_dir, relative path' on the client, where that is a directory, not a file: "
                            + "build it there, or correct the path");
        }

        @Test
        void shouldLookForAFileOnlyWhenSomebodyAsksForTheNext() {
            List<String> asked = new ArrayList<>();
            ClientCheck check = check(node().local(true).runs(new Target.JavaClass("A", List.of("a", "b", "c"))));

            long missing = check.missing(path -> {
                        asked.add(path);
                        return FileView.Kind.MISSING;
                    })
                    .limit(1)
                    .count();

            assertThat(missing).isEqualTo(1);
            assertThat(asked).contains("/flow/a").doesNotContain("/flow/b", "/flow/c");
        }

        @Test
        void shouldReportOnlyMissingFilesWhenSomeExist() {
            NodeLocation node = node().local(true).runs(Target.script("a.py"), Target.script("b.py"));

            List<Finding> missing = check(node)
                    .missing(new FakeFiles(PathSyntax.POSIX).file("/flow/a.py"))
                    .toList();

            assertThat(missing).extracting(Finding::target).containsExactly(Optional.of(Target.script("b.py")));
        }

        @Test
        void shouldReportPathOfAnotherSystemAsMissingWithoutLookingForIt() {
            ClientCheck check = check(node().local(true).path("C:\\bin/cam.exe"));

            assertRequires(check, Row.LOCAL_ABSOLUTE, "C:\\bin\\cam.exe");
            assertThat(check.missing(path -> FileView.Kind.FILE)).hasSize(1);
        }

        @Test
        void shouldFollowPosixRulesWhenPathOfPosixClientLooksLikeShare() {
            assertRequires(check(node().local(true).path("//nas/bin/cam")), Row.LOCAL_ABSOLUTE, "/nas/bin/cam");
        }

        @Test
        void shouldSeeRootedPathOnDriveOfFlowDirWhenClientIsWindows() {
            ClientFacts windows = new ClientFacts(OFFLINE_CHECK, OperatingSystem.WINDOWS, "D:\\flow", false);

            ClientCheck check = ClientRules.check(node().local(true).path("/opt/cam"), windows);

            assertRequires(check, Row.LOCAL_ABSOLUTE, "D:\\opt\\cam", "D:\\opt\\cam.exe");
        }
    }

    @Nested
    class Variables {
        @ParameterizedTest
        @ValueSource(strings = {"$ROBOT/bin/cam", "${ROBOT:-/opt}/bin/cam"})
        void shouldTrustPathThatBeginsWithVariableWhenNotLocal(String path) {
            ClientCheck check = check(node().local(false).path(path));

            assertThat(check.row()).contains(Row.NOT_LOCAL_ABSOLUTE);
            assertThat(check.findings()).noneMatch(Finding::isError);
        }

        @ParameterizedTest
        @ValueSource(strings = {"bin/$ROBOT/cam", "$$ROBOT/cam"})
        void shouldFailWhenNotLocalAndNoVariableCanMakePathAbsolute(String path) {
            assertThat(check(node().local(false).path(path)).findings()).anyMatch(Finding::isError);
        }

        @Test
        void shouldTakeDollarAsItIsWhenLocalSinceVariablesAreExpandedAlready() {
            ClientCheck check = check(node().local(true).path("$x/cam"));

            assertRequires(check, Row.LOCAL_RELATIVE, "/flow/$x/cam");
            assertThat(check.row()).contains(Row.LOCAL_RELATIVE);
        }
    }

    @Nested
    class Operators {
        @Test
        void shouldHaveOneWorkingDirectoryWhenOnlySomeTargetsNeedOne() {
            ClientCheck check =
                    check(node().local(true).runs(new Target.JavaClass("Op", List.of()), Target.script("op.py")));

            assertRunsIn(check, Row.LOCAL_RELATIVE, Origin.FLOW_DIR, Optional.empty());
        }

        @Test
        void shouldFailForEachRelativePathWhenNotLocal() {
            ClientCheck check = check(node().local(false)
                    .runs(Target.script("a.py"), Target.script("/opt/b.py"), Target.sharedLibrary("c")));

            assertThat(check.row()).contains(Row.NOT_LOCAL_RELATIVE);
            assertThat(check.findings())
                    .extracting(Finding::target)
                    .containsExactly(Optional.of(Target.script("a.py")), Optional.of(Target.sharedLibrary("c")));
        }

        @Test
        void shouldNameTheOperatorWhenAFileOfItIsMissing() {
            NodeLocation node = new NodeLocation(
                    "cam",
                    Optional.empty(),
                    Optional.of(true),
                    Optional.empty(),
                    false,
                    List.of(Target.script("op.py"), Target.script("op.py")),
                    List.of("first", "second"));

            List<Finding> missing =
                    check(node).missing(new FakeFiles(PathSyntax.POSIX)).toList();

            assertThat(missing)
                    .extracting(Finding::operator)
                    .containsExactly(Optional.of("first"), Optional.of("second"));
            assertThat(missing)
                    .last()
                    .extracting(Finding::text)
                    .asString()
                    .startsWith(
                            "operator 'second' of node 'cam': python 'op.py' resolved to '/flow/op.py' by the rule");
        }

        @Test
        void shouldRunInFreshDirectoryWhenNodeIsBuiltInCode() {
            assertRunsIn(check(node().runs()), Row.CLASS_WITHOUT_CLASSPATH, Origin.FRESH, Optional.empty());
        }
    }

    @Nested
    class FlowDir {
        @ParameterizedTest
        @CsvSource({"flow.yml, /cwd", "sub/flow.yml, /cwd/sub", "/flow/flow.yml, /flow", "../flow.yml, /cwd/.."})
        void shouldBeDirectoryOfFile(String file, String expected) {
            assertThat(ClientFacts.flowDirOfFile(OperatingSystem.LINUX, "/cwd", file))
                    .isEqualTo(expected);
        }

        @Test
        void shouldBeCurrentDirectoryWhenThereIsNoFile() {
            assertThat(ClientFacts.flowDirWithoutFile(OperatingSystem.LINUX, "/cwd", Optional.empty()))
                    .isEqualTo("/cwd");
        }

        @ParameterizedTest
        @CsvSource({"/data, /data", "data, /cwd/data"})
        void shouldBeGivenDirectoryWhenThereIsNoFile(String given, String expected) {
            assertThat(ClientFacts.flowDirWithoutFile(OperatingSystem.LINUX, "/cwd", Optional.of(given)))
                    .isEqualTo(expected);
        }

        @Test
        void shouldBeRefusedWhenNotAbsolute() {
            assertThatThrownBy(() -> new ClientFacts(CLUSTER, OperatingSystem.WINDOWS, "/flow", false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("flow dir '/flow' is not absolute on WINDOWS");
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "true, , the dataflow file's directory",
                "true, maps, \"'maps', seen from the dataflow file's directory\"",
                "false, maps, \"'maps', seen from the executor's base directory\"",
                "false, C:\\maps, 'C:\\maps'",
                "false, , the home directory of the executor's user",
            })
    void shouldNameWorkingDirectoryInWords(boolean local, String workingDir, String expected) {
        NodeBuilder node = node().local(local);
        if (workingDir != null) {
            node.workingDir(workingDir);
        }

        assertThat(check(node.path("/opt/cam")).workingDirectory()).get().hasToString(expected);
    }
}
