package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.workdir.FileView.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFilesTest {

    @TempDir
    private Path directory;

    @Test
    void shouldTellFilesFromDirectories() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(kind(file)).isEqualTo(Kind.FILE);
        assertThat(kind(directory)).isEqualTo(Kind.DIRECTORY);
        assertThat(kind(directory.resolve("nothing"))).isEqualTo(Kind.MISSING);
        assertThat(kind(file.resolve("below a file"))).isEqualTo(Kind.MISSING);
    }

    @Test
    void shouldFollowLinks() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nothing"));

        assertThat(kind(link)).isEqualTo(Kind.DIRECTORY);
        assertThat(kind(dangling)).isEqualTo(Kind.MISSING);
    }

    @Test
    void shouldFindNothingWhereNoPathCanBe() {
        assertThat(MachineFiles.view().kind("/tmp/\0")).isEqualTo(Kind.MISSING);
    }

    private static Kind kind(Path path) {
        return MachineFiles.view().kind(path.toString());
    }
}
