package io.millrace.samples.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.samples.mixed.PythonEnvironment.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code millrace new} makes of programs in Python, built and run as its README says; only that packages are lent to its environment, and not fetched once more. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a virtual environment looks otherwise there")
class NewProjectTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"python", "mixed"})
    void shouldRunAtOnceWhenItHasPython(String language) throws Exception {
        PythonEnvironment python = PythonEnvironment.assumed();
        Path project = directory.resolve("fresh");
        ran(python, "new", project.toString(), "--language", language);
        ran(python, "build", project.resolve("dataflow.yml").toString());
        ran(python, "run", project.resolve("dataflow.yml").toString());

        List<String> averages = Files.readAllLines(project.resolve("out/averages.csv"));
        assertThat(averages).hasSize(41).startsWith("number,average", "0,20.0000", "1,20.4147");
        assertThat(averages.get(40)).startsWith("39,");
    }

    private void ran(PythonEnvironment python, String... arguments) throws Exception {
        Ran ran = python.millrace(directory, python.lent(), arguments);
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
    }
}
