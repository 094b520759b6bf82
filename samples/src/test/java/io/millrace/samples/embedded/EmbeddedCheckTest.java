package io.millrace.samples.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.samples.embedded.Application.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an application gets that adds the library and nothing else, on the JDK that runs this. Budgets of time are for a quiet machine: what is asserted is
 * two and a half times as much, of the best of a few attempts.
 */
@Timeout(180)
class EmbeddedCheckTest {
    private static final double FIRST_EVENT_BUDGET_MS = 150;
    private static final double IDLE_BUDGET_SHARE = 0.005;
    private static final double TOLERANCE = 2.5;
    private static final int ATTEMPTS = 5;
    private static final Figures FIGURES = new Figures();

    @TempDir
    private static Path directory;

    private static Jars core;
    private static Jars runtime;

    @BeforeAll
    static void findJars() throws Exception {
        core = Jars.ofCore();
        runtime = Jars.ofRuntime();
    }

    @AfterAll
    static void writeFigures() throws IOException {
        FIGURES.write("small-to-embed.txt");
    }

    @Test
    void shouldBringAtMostThreeJarsAndOneMebibyteWhenOnlyTheCoreIsUsed() {
        assumeTrue(core.arePackaged(), "jars are counted when they are there: mvn verify");
        FIGURES.add("dataflow-core with what it brings: %s", core);
        FIGURES.add("runtime-local with what it brings: %s", runtime);

        assertThat(core.paths()).hasSizeLessThanOrEqualTo(3);
        assertThat(core.bytes()).isLessThanOrEqualTo(1024 * 1024);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSayNothingButWhatSlf4jSaysWhenStartedWithoutFlags(boolean isModule) throws Exception {
        Application application = application(isModule);
        try (Run run = application.start()) {
            List<String> printed = run.end();

            assertThat(printed)
                    .contains("speaker/first -> listener/word: one-to-one ring")
                    .endsWith("closed");
            assertThat(Files.readAllLines(run.errors()))
                    .hasSizeLessThanOrEqualTo(3)
                    .allMatch(line -> line.startsWith("SLF4J(W): "))
                    .first()
                    .asString()
                    .contains("No SLF4J providers were found");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBringTheFirstEventSoonWhenTheJvmIsCold(boolean isModule) throws Exception {
        Application application = application(isModule);
        Fastest empty = new Fastest();
        Fastest first = new Fastest();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (Run run = application.startEmpty()) {
                empty.add(run);
                run.end();
            }
            try (Run run = application.start()) {
                first.add(run);
                run.end();
            }
        }
        double beyondMs = first.tookMs - empty.tookMs;
        double usedMs = first.usedMs - empty.usedMs;
        FIGURES.add(
                "first event, %s: %.0f ms beyond an empty JVM's %.0f ms, %.0f ms of them on a core (budget %.0f ms)",
                place(isModule), beyondMs, empty.tookMs, usedMs, FIRST_EVENT_BUDGET_MS);

        // What it takes on a busy machine says more of the machine; what it uses of a core is the same on any day.
        assertThat(Math.min(beyondMs, usedMs)).isLessThanOrEqualTo(TOLERANCE * FIRST_EVENT_BUDGET_MS);
    }

    @Test
    void shouldLeaveTheCoresAloneWhenTwentyNodesHaveNothingToDo() throws Exception {
        assumeTrue(ProcessorUse.isKnown(), "there is no /proc/self/schedstat to read the use of cores from");
        Application application = application(false);
        double idle = Double.MAX_VALUE;
        double empty = Double.MAX_VALUE;
        try (Run nothing = application.startEmpty();
                Run run = application.start()) {
            // In one JVM: at first it still compiles what the start has used.
            for (int attempt = 0; attempt < ATTEMPTS && !(idle <= IDLE_BUDGET_SHARE); attempt++) {
                idle = Math.min(idle, ProcessorUse.shareOfACore(run.process(), 2_000));
                empty = Math.min(empty, ProcessorUse.shareOfACore(nothing.process(), 500));
            }
            run.end();
            nothing.end();
        }
        FIGURES.add(
                "twenty idle nodes: %.2f %% of a core, an empty JVM %.2f %% (budget %.1f %%)",
                100 * idle, 100 * empty, 100 * IDLE_BUDGET_SHARE);

        assertThat(idle).isLessThanOrEqualTo(TOLERANCE * IDLE_BUDGET_SHARE);
    }

    private static Application application(boolean isModule) throws IOException {
        return Application.compile(Files.createTempDirectory(directory, "classes"), runtime, isModule);
    }

    private static String place(boolean isModule) {
        return isModule ? "module path" : "class path";
    }

    /** Of a few attempts. */
    private static final class Fastest {
        private double tookMs = Double.MAX_VALUE;
        private double usedMs = Double.MAX_VALUE;

        void add(Run run) {
            tookMs = Math.min(tookMs, run.firstEventMs());
            usedMs = Math.min(usedMs, run.usedMs());
        }
    }
}
