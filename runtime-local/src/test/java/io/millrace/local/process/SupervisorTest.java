package io.millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
    @TempDir
    private Path directory;

    private ProgramSearch search() {
        return new ProgramSearch(Map.of("PATH", directory.toString()), directory);
    }

    @Test
    void shouldNameTheToolThatIsMissing() throws IOException {
        for (String tool : List.of("setsid", "sleep")) {
            assertThatExceptionOfType(ChildException.class)
                    .isThrownBy(() -> Supervisor.over(List.of("/bin/true"), search()))
                    .withMessage("programs run under a supervisor that needs the command '" + tool
                            + "', which is in none of " + directory
                            + ": install it (on Linux it is in the package util-linux or coreutils); systems without it"
                            + " cannot run programs as nodes");
            assertThat(Files.createFile(directory.resolve(tool)).toFile().setExecutable(true))
                    .isTrue();
        }
        assertThat(Supervisor.over(List.of("/bin/true", "a b"), search()))
                .startsWith(directory.resolve("setsid").toString(), "/bin/sh", "-c")
                .endsWith("/bin/true", "a b");
    }
}
