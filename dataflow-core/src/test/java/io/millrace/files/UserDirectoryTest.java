package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class UserDirectoryTest {
    @TempDir
    private Path temporary;

    private Path directory;

    @BeforeEach
    void choose() {
        directory = temporary.resolve("user");
    }

    @Test
    void shouldBeNamedByTheUserWhenUsersShareTheDirectoryForTemporaryFiles() throws IOException {
        Object uid = Files.getAttribute(Files.createFile(directory), "unix:uid");

        assertThat(UserDirectory.path()).isEqualTo(Path.of(System.getProperty("java.io.tmpdir"), "millrace-" + uid));
    }

    @Test
    void shouldBeThisUsersAloneWhenItIsMade() throws IOException {
        UserDirectory.make(directory);
        UserDirectory.make(directory);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    @Test
    void shouldBeRefusedWhenOthersMayWriteToIt() throws IOException {
        UserDirectory.make(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertRefused();
    }

    @Test
    void shouldBeRefusedWhenItIsALink() throws IOException {
        UserDirectory.make(temporary.resolve("other"));
        Files.createSymbolicLink(directory, temporary.resolve("other"));

        assertRefused();
    }

    private void assertRefused() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> UserDirectory.make(directory))
                .withMessageStartingWith("'" + directory + "' is not a directory of this user's with mode 0700");
    }
}
