package io.millrace.remote.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With real processes, for a lock is one process's. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs a kernel that says which boot it is")
class SuccessionTest {
    @TempDir
    private Path directory;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    /** Holds the mark until it is killed, or its input ends. */
    public static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            Succession succession = Succession.open(Path.of(arguments[0]), "ship", "boat", arguments[1]);
            System.out.println("formers " + succession.formers());
            if (System.in.read() == 's') {
                succession.settled();
                System.out.println("settled");
                System.in.read();
            }
            succession.close();
        }
    }

    /** Another process that has opened it, and its first line. */
    private String hold(String instance) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString(),
                        instance)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process.inputReader().readLine();
    }

    private Process last() {
        return processes.get(processes.size() - 1);
    }

    private void killLast() throws InterruptedException {
        last().destroyForcibly().waitFor();
    }

    private static String instance() {
        return UUID.randomUUID().toString();
    }

    private List<String> formersHere() {
        try (Succession succession = Succession.open(directory, "ship", "boat", instance())) {
            return succession.formers();
        }
    }

    @Test
    void shouldNameAllThatWereKilledUntilTheMastersHaveLetOneIn() throws Exception {
        String first = instance();
        String second = instance();
        String third = instance();
        assertThat(hold(first)).isEqualTo("formers []");
        killLast();
        assertThat(hold(second)).isEqualTo("formers [" + first + "]");
        killLast();
        assertThat(hold(third)).isEqualTo("formers [" + second + ", " + first + "]");
        last().outputWriter().append('s').flush();
        assertThat(last().inputReader().readLine()).isEqualTo("settled");
        killLast();

        assertThat(formersHere()).containsExactly(third);
    }

    @Test
    void shouldNameNobodyWhileTheFormerLives() throws Exception {
        hold(instance());

        assertThat(formersHere()).isEmpty();
        assertThat(formersHere()).as("looking has not taken the lock away").isEmpty();
    }

    @Test
    void shouldNameNobodyWhenTheFormerHasEndedInOrder() throws Exception {
        hold(instance());
        last().outputWriter().close();
        assertThat(last().waitFor()).isZero();

        assertThat(formersHere()).isEmpty();
    }

    @Test
    void shouldNameNobodyInACopyOfTheDirectory(@TempDir Path elsewhere) throws Exception {
        hold(instance());
        Path copy = elsewhere.resolve("copy");
        copy(directory, copy);
        try (Succession succession = Succession.open(copy, "ship", "boat", instance())) {
            assertThat(succession.formers()).isEmpty();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(each -> {
                try {
                    Files.copy(each, to.resolve(from.relativize(each)), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Test
    void shouldNameNobodyAfterTheMachineWasBootedAnew() throws Exception {
        hold(instance());
        killLast();
        Path owner = directory.resolve(".millrace/ship/executor-boat.owner");
        List<String> lines = new ArrayList<>(Files.readAllLines(owner));
        lines.set(0, instance());
        Files.write(owner, lines);

        assertThat(formersHere()).isEmpty();
    }

    @Test
    void shouldLeaveTheMarkOfAnotherExecutorInThisProcessAlone() throws Exception {
        try (Succession first = Succession.open(directory, "ship", "boat", instance())) {
            assertThat(formersHere()).isEmpty();
            assertThat(hold(instance())).as("the first still has the lock").isEqualTo("formers []");
            assertThat(first.formers()).isEmpty();
        }
    }

    @Test
    void shouldProveNothingFromAFileThatIsNone() throws Exception {
        hold(instance());
        killLast();
        Path owner = directory.resolve(".millrace/ship/executor-boat.owner");
        List<String> facts = Files.readAllLines(owner).subList(0, 3);
        Files.writeString(owner, String.join("\n", facts) + "\nnobody\n" + "x".repeat(100));
        assertThat(formersHere()).isEmpty();
        Files.writeString(owner, "x".repeat(1 << 20));
        assertThat(formersHere()).isEmpty();
    }
}
