package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ChildTest {
    @TempDir
    private Path directory;

    private final Lines lines = new Lines();

    @BeforeAll
    static void assumeSetsid() {
        NeedsSupervisor.assume();
    }

    private Child sh(String line) {
        return Child.start("test", Programs.sh(directory, line), lines);
    }

    private ChildExit run(String line) throws Exception {
        try (Child child = sh(line)) {
            return Programs.end(child);
        }
    }

    @Test
    void shouldHandOverWhatIsPrintedBeforeTheEndIsTold() throws Exception {
        assertThat(run("echo one; echo two >&2; printf 'three\\n\\nhalf'; exit 3")
                        .status())
                .isEqualTo(3);

        assertThat(lines.stdout()).containsExactly("one", "three", "", "half");
        assertThat(lines.stderr()).containsExactly("two");
    }

    @Test
    void shouldTellAnEndAtOnceAsSuccess() throws Exception {
        ChildExit exit = run("exit 0");

        assertThat(exit.isSuccess()).isTrue();
        assertThat(exit).hasToString("ended with exit code 0");
        assertThat(lines.stdout()).isEmpty();
        assertThat(lines.stderr()).isEmpty();
    }

    @ParameterizedTest
    // Neither INT, HUP nor PIPE: whoever runs this behind a shell's &, by nohup or from some interpreters ignores them,
    // and so do all that they start.
    @CsvSource({"TERM,15", "KILL,9", "SEGV,11", "ABRT,6", "FPE,8"})
    void shouldTellTheSignalThatAProgramDiedOf(String signal, int number) throws Exception {
        ChildExit exit = run("kill -" + signal + " $$");

        assertThat(exit.signal()).isEqualTo(OptionalInt.of(number));
        assertThat(exit.toString()).startsWith("was killed by signal " + number + " (SIG" + signal);
    }

    @Test
    void shouldTellTheEndOfAProgramThatKillsItsWholeGroup() throws Exception {
        assertThat(run("kill -KILL 0").signal()).isEqualTo(OptionalInt.of(9));
    }

    @Test
    void shouldTerminateAProgramThatHandlesTheSignal() throws Exception {
        try (Child child = sh("trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.05; done")) {
            await().until(() -> lines.stdout().contains("ready"));
            child.terminate();

            assertThat(Programs.end(child).status()).isEqualTo(5);
            assertThat(lines.stdout()).containsExactly("ready", "bye");
            assertThat(child.isRunning()).isFalse();
        }
    }

    @Test
    void shouldTerminateAProgramThatHasHardlyStarted() throws Exception {
        for (int i = 0; i < 40; i++) {
            try (Child child = sh("exec sleep 1000")) {
                child.terminate();
                child.terminate();
                assertThat(Programs.end(child).signal()).isEqualTo(OptionalInt.of(15));
            }
        }
    }

    @Test
    void shouldCloseAProgramThatHasHardlyStarted() throws Exception {
        String seconds = "1000." + System.nanoTime();
        for (int i = 0; i < 40; i++) {
            sh("exec sleep " + seconds).close();
        }
        await().untilAsserted(() -> assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(line -> line.contains(seconds)));
    }

    @Test
    void shouldKeepProgramsApartThatRunAtTheSameTime() throws Exception {
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            children.add(sh("echo " + i + "; while :; do sleep 0.1; done"));
        }
        await().until(() -> lines.stdout().size() == children.size());
        for (int i = 0; i < children.size(); i += 2) {
            children.get(i).close();
        }
        for (int i = 1; i < children.size(); i += 2) {
            assertThat(children.get(i).isRunning()).isTrue();
            children.get(i).terminate();
            assertThat(Programs.end(children.get(i)).signal()).isEqualTo(OptionalInt.of(15));
        }
    }

    @Test
    void shouldKillAProgramThatIgnoresTheSignal() throws Exception {
        try (Child child = sh("trap '' TERM; echo ready; while :; do sleep 0.05; done")) {
            await().until(() -> lines.stdout().contains("ready"));
            child.terminate();
            assertThat(child.isRunning()).isTrue();
            child.kill();

            assertThat(Programs.end(child).signal()).isEqualTo(OptionalInt.of(9));
        }
    }

    @Test
    void shouldKillWhatAProgramHasStartedWhenItIsClosed() throws Exception {
        Child child = sh("sleep 1000 & echo $!; (trap '' TERM HUP; sleep 1000 & echo $!; wait) & wait");
        await().until(() -> lines.stdout().size() == 2);
        List<Long> pids = lines.stdout().stream().map(Long::valueOf).toList();
        assertThat(pids).allMatch(Programs::isRunning);

        child.close();
        child.close();

        assertThat(child.isRunning()).isFalse();
        await().untilAsserted(() -> assertThat(pids).noneMatch(Programs::isRunning));
    }

    @Test
    void shouldKillWhatAProgramLeavesBehindWhenItEnds() throws Exception {
        assertThat(run("sleep 1000 & echo $!; exit 4").status()).isEqualTo(4);

        long left = Long.parseLong(lines.stdout().get(0));
        await().until(() -> !Programs.isRunning(left));
    }

    @Test
    void shouldNotBeHeldUpByAProcessThatLeftTheGroupWithTheOutputOpen() throws Exception {
        ChildExit exit = run(
                "setsid sh -c 'echo $$ > left; exec sleep 1000' & while ! [ -s left ]; do sleep 0.02; done; exit 6");

        long left = Long.parseLong(Files.readString(directory.resolve("left")).strip());
        try {
            assertThat(exit.status()).isEqualTo(6);
            assertThat(Programs.isRunning(left)).isTrue();
            await().untilAsserted(() -> assertThat(readers()).isEmpty());
        } finally {
            ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static List<String> readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millrace-test-std"))
                .toList();
    }

    @Test
    void shouldGiveAProgramItsEnvironmentItsDirectoryAndNothingToRead() throws Exception {
        Path made = Files.createDirectory(directory.resolve("it's a \"dir\" $HOME"));
        Path program = Files.writeString(made.resolve("show 'me'"), "#!/bin/sh\nenv\npwd\ncat\nprintf '<%s>' \"$@\"\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment =
                Map.of("PATH", "/usr/bin:/bin", "TWO", "a\nb", "EMPTY", "", "QUOTED", "it's \"$x\"");
        List<String> argv = List.of(program.toString(), "a b", "", "$HOME", "it's", "*");

        try (Child child = Child.start("test", new ChildCommand(argv, environment, made), lines)) {
            assertThat(Programs.end(child).isSuccess()).isTrue();
        }

        assertThat(lines.stderr()).isEmpty();
        // Shells add PWD and some more of their own.
        assertThat(lines.stdout())
                .contains("PATH=/usr/bin:/bin", "TWO=a", "b", "EMPTY=", "QUOTED=it's \"$x\"")
                .noneMatch(line -> line.startsWith("HOME=") || line.startsWith("millrace_"))
                .endsWith(made.toRealPath().toString(), "<a b><><$HOME><it's><*>");
    }

    @Test
    void shouldLeaveNoDescriptorOfOursOpenInAProgram() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc");
        assertThat(run("readlink /proc/$$/fd/0; ls -l /proc/$$/fd | grep -c pipe:")
                        .isSuccess())
                .isTrue();

        // Standard output and error of the program; the third is that of ls to grep, which the shell has closed by then
        // or not.
        assertThat(lines.stdout().get(0)).isEqualTo("/dev/null");
        assertThat(Integer.parseInt(lines.stdout().get(1))).isLessThanOrEqualTo(3);
    }

    @Test
    void shouldNotIgnoreASignalInAProgramThatWeDoNotIgnoreOurselves() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "needs /proc");
        assertThat(run("exec cat /proc/self/status").isSuccess()).isTrue();

        long theirs = ignored(lines.stdout());
        long ours = ignored(Files.readAllLines(Path.of("/proc/self/status")));
        // Signals of a program's own; those above belong to the C library, and JDK 25 is not careful with them.
        assertThat(theirs & ~ours & 0x7fff_ffffL).isZero();
    }

    private static long ignored(List<String> status) {
        String mask = status.stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return Long.parseUnsignedLong(mask.substring("SigIgn:".length()).strip(), 16);
    }

    @Test
    void shouldExplainWhatIsWrongWithADirectory() throws Exception {
        ChildCommand command = Programs.sh(directory.resolve("none"), "exit 0");
        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> Child.start("test", command, lines))
                .withMessage("the working directory '" + directory.resolve("none")
                        + "' does not exist: make it, or choose another");
        Files.createFile(directory.resolve("none"));
        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> Child.start("test", command, lines))
                .withMessageContaining("is a file");
    }

    @Test
    void shouldExplainWhatNoSystemCanStart() {
        ChildCommand command = Programs.sh(directory, "exit 0");
        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> Child.start("test", command.with(Map.of("BIG", "x".repeat(4 << 20))), lines))
                .withMessageContaining("more than this system takes")
                .withMessageNotContaining("xxx");
        assertThatExceptionOfType(ChildException.class)
                .isThrownBy(() -> Child.start("test", command.with(Map.of("A=B", "x")), lines))
                .withMessageContaining("a name or value that no environment can hold");
    }

    @Test
    void shouldTellWhenAProgramIsFoundNotToBeOneInItsOwnProcess() throws Exception {
        Path program = Files.writeString(directory.resolve("lost"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        ChildCommand command = Programs.sh(directory, "rm '" + program + "'; exec '" + program + "'");

        try (Child child = Child.start("test", command, lines)) {
            assertThat(Programs.end(child))
                    .hasToString(
                            "ended with exit code 127 (as if it, its interpreter or a library of it was not found)");
        }
        assertThat(lines.stderr()).hasSize(1).first().asString().contains(program.toString());
    }

    /** A gigabyte in lines, and much in a line that does not end. */
    @ParameterizedTest
    @CsvSource({"yes \"$(printf '%7999s' x)\",1073736000,134217", "tr '\\0' x < /dev/zero,100000000,1"})
    void shouldDrainAFlood(String flood, long bytes, long expectedLines) throws Exception {
        AtomicLong count = new AtomicLong();
        AtomicLong longest = new AtomicLong();
        ChildCommand command = Programs.sh(directory, flood + " | head -c " + bytes + "; echo; echo done >&2");

        try (Child child = Child.start("test", command, (stream, line) -> {
            if (stream == OutputListener.Stream.STDOUT && !line.isEmpty()) {
                count.incrementAndGet();
                longest.accumulateAndGet(line.length(), Math::max);
            } else {
                lines.line(stream, line);
            }
        })) {
            assertThat(Programs.end(child).isSuccess()).isTrue();
        }
        assertThat(lines.stderr()).containsExactly("done");
        assertThat(count).hasValue(expectedLines);
        assertThat(longest.get()).isLessThan(LineSplitter.MAX_LINE_BYTES + 100);
    }

    @Test
    void shouldDrainAProgramWhoseListenerFails() throws Exception {
        AtomicLong calls = new AtomicLong();
        try (Child child =
                Child.start("test", Programs.sh(directory, "yes | head -c 1000000; exit 2"), (stream, line) -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("not in the mood");
                })) {
            assertThat(Programs.end(child).status()).isEqualTo(2);
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void shouldStillEndAGroupWhoseSupervisorWasKilled() throws Exception {
        Child child = sh("echo $$; exec sleep 1000");
        await().until(() -> lines.stdout().size() == 1);
        long pid = Long.parseLong(lines.stdout().get(0));

        assertThat(ProcessHandle.of(child.supervisorPid()).orElseThrow().destroyForcibly())
                .isTrue();
        child.close();

        assertThat(child.onExit()).isCompletedWithValue(ChildExit.KILLED);
        await().until(() -> !Programs.isRunning(pid));
    }

    @Test
    void shouldHoldNoMoreWhenHundredsOfProgramsHaveRun() throws Exception {
        start(20);
        await().untilAsserted(() -> assertThat(readers()).isEmpty());
        long threads = ManagementFactory.getThreadMXBean().getThreadCount();
        long files = openFiles();

        start(300);

        await().untilAsserted(() -> {
            assertThat(readers()).isEmpty();
            // The JDK keeps some threads that wait for processes, for a minute.
            assertThat((long) ManagementFactory.getThreadMXBean().getThreadCount())
                    .isLessThanOrEqualTo(threads + 5);
            assertThat(openFiles()).isLessThanOrEqualTo(files + 5);
            assertThat(ProcessHandle.current()
                            .children()
                            .map(ProcessHandle::info)
                            .toList())
                    .noneMatch(info -> info.commandLine().orElse("").contains("millrace-supervisor"));
        });
    }

    private void start(int count) throws Exception {
        ChildCommand command = new ChildCommand(List.of("/bin/true"), Map.of(), directory);
        for (int i = 0; i < count; i++) {
            try (Child child = Child.start("test", command, lines)) {
                assertThat(Programs.end(child).isSuccess()).isTrue();
            }
        }
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }
}
