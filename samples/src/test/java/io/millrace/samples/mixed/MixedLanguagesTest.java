package io.millrace.samples.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.Dataflow;
import io.millrace.LoadOptions;
import io.millrace.samples.mixed.PythonEnvironment.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The sample as it stands in its file, with its Python node as a process, run by the command line. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a virtual environment looks otherwise there")
class MixedLanguagesTest {
    @TempDir
    private Path directory;

    @Test
    void shouldHaveNothingToComplainOfWhenLoaded() {
        assertThat(Dataflow.check(MixedFiles.DATAFLOW, LoadOptions.DEFAULT).problems())
                .noneMatch(problem -> problem.isError());
    }

    @Test
    void shouldFindTheFiguresWhenPythonTransforms() throws Exception {
        PythonEnvironment python = PythonEnvironment.assumed();
        Path out = directory.resolve("out");

        Ran ran = python.millrace(
                directory,
                Map.of("OUT", out.toString()),
                "run",
                MixedFiles.DATAFLOW.toAbsolutePath().toString());

        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        MixedFiles.assertFigures(Files.readString(out.resolve("summary.json")));
        assertThat(Files.readString(out.resolve("spectrum.html")))
                .startsWith("<!DOCTYPE html>")
                .contains("Wind moves by", "Depth, slope")
                .doesNotContain("@DATA@", "://")
                .endsWith("</html>\n");
    }

    @Test
    void shouldInstallWhatThePythonNodeNeedsWhenItIsBuilt() throws Exception {
        PythonEnvironment python = PythonEnvironment.assumed();

        Ran ran = python.millrace(
                directory,
                Map.of("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
                "build",
                MixedFiles.DATAFLOW.toAbsolutePath().toString());

        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        assertThat(ran.out())
                .startsWith("spectrum $ python -m pip install -r requirements.txt\n")
                .contains("spectrum | Requirement already satisfied: dora-rs");
    }
}
