package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.workdir.FileView.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
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

    @Test
    void shouldSayWhyATextCannotBeAPath() {
        assertThat(MachineFiles.view().refusal("/tmp")).isEmpty();
        assertThat(MachineFiles.view().refusal("/tmp/\0"))
                .startsWith("where that cannot be a path: ")
                .endsWith(": correct it");
    }

    @Test
    void shouldNameTheLocaleWhenTheEncodingOfFileNamesLacksACharacter() {
        InvalidPathException refused = new InvalidPathException("/srv/donn\u00e9es", "unmappable characters");

        assertThat(MachineFiles.refusal(refused, "ANSI_X3.4-1968"))
                .isEqualTo("where that cannot be a path for this JVM, whose encoding of file names, 'ANSI_X3.4-1968',"
                        + " lacks characters of it: start the JVM in a UTF-8 locale, such as LANG=C.UTF-8 (LC_ALL, if"
                        + " it is set, overrides that)");
        assertThat(MachineFiles.refusal(refused, "UTF-8"))
                .isEqualTo("where that cannot be a path: unmappable characters: correct it");
    }

    private static Kind kind(Path path) {
        return MachineFiles.view().kind(path.toString());
    }
}
