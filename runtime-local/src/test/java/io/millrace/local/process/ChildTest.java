package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
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
        Programs.assumeSetsid();
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
    @CsvSource({"TERM,15", "KILL,9", "SEGV,11", "INT,2", "HUP,1", "PIPE,13"})
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
                "setsid sh -c 'echo $$; exec sleep 1000' & while ! [ -e ready ]; do sleep 0.05; [ -n \"$!\" ] && touch ready; done; exit 6");

        assertThat(exit.status()).isEqualTo(6);
        await().until(() -> noReaders());
        lines.stdout().forEach(pid -> ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly));
    }

    private static boolean noReaders() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("millrace-test-std"));
    }
}
