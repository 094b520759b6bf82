package io.millrace.local.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.shared.SharedFiles.Token;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class SharedDirectoryTest {
    private static final Token TOKEN = new Token(1, 2);

    private final String one = UUID.randomUUID().toString();
    private final String other = UUID.randomUUID().toString();

    @TempDir
    private Path directory;

    @Test
    void shouldShareWithWhomIsThereAndNobodyElse() throws IOException {
        try (SharedDirectory first = SharedDirectory.open(directory, one)) {
            assertThat(first.isSharedWith(other)).isFalse();
            try (SharedDirectory second = SharedDirectory.open(directory, other)) {
                assertThat(first.isSharedWith(other)).isTrue();
                assertThat(second.isSharedWith(one)).isTrue();
                assertThat(first.isSharedWith("../" + other)).isFalse();
            }
            assertThat(first.isSharedWith(other)).as("of one that has ended").isFalse();
        }
        assertThat(instances()).isEmpty();
    }

    @Test
    void shouldNotShareWithAnotherKernel() throws IOException {
        try (SharedDirectory first = SharedDirectory.open(directory, one);
                SharedDirectory second = SharedDirectory.open(directory, other)) {
            Files.writeString(
                    instances().stream()
                            .filter(path -> path.endsWith(other))
                            .findFirst()
                            .orElseThrow()
                            .resolve("owner"),
                    "another boot\n");
            assertThat(first.isSharedWith(other)).isFalse();
            assertThat(second.isSharedWith(one)).isTrue();
        }
    }

    @Test
    void shouldDeleteWhatADeadProcessHasLeftAndNothingOfTheLiving() throws IOException {
        try (SharedDirectory living = SharedDirectory.open(directory, one)) {
            Path dead = Files.createDirectory(
                    instances().get(0).resolveSibling(UUID.randomUUID().toString()));
            Files.writeString(dead.resolve("owner"), "some boot\n1 1970-01-01T00:00:00Z\n");
            Files.writeString(dead.resolve("lock"), "");
            Files.writeString(dead.resolve("abc"), "memory");
            try (SharedDirectory second = SharedDirectory.open(directory, other)) {
                assertThat(dead).doesNotExist();
                assertThat(living.isSharedWith(other)).isTrue();
                assertThat(second.isSharedWith(one)).isTrue();
            }
        }
    }

    @Test
    void shouldDeleteWhatAProcessHasLeftThatDiedWhileItDeletedItsOwn() throws IOException {
        try (SharedDirectory living = SharedDirectory.open(directory, one)) {
            Path all = instances().get(0).getParent();
            Path withoutOwner =
                    Files.createDirectory(all.resolve(UUID.randomUUID().toString()));
            Files.writeString(withoutOwner.resolve("lock"), "");
            Path withoutLock =
                    Files.createDirectory(all.resolve(UUID.randomUUID().toString()));
            Files.writeString(withoutLock.resolve("owner"), "some boot\n1 1970-01-01T00:00:00Z\n");
            Path justNow = Files.createDirectory(all.resolve(UUID.randomUUID().toString()));
            FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
            Files.setLastModifiedTime(withoutOwner, longAgo);
            Files.setLastModifiedTime(withoutLock, longAgo);

            SharedDirectory.open(directory, other).close();

            assertThat(withoutOwner).doesNotExist();
            assertThat(withoutLock).doesNotExist();
            assertThat(justNow).as("somebody may be about to delete it").exists();
            assertThat(living.path()).exists();
        }
    }

    @Test
    void shouldLetNobodyElseIn() throws IOException {
        try (SharedDirectory first = SharedDirectory.open(directory, one)) {
            first.files().create("ring", 8192, TOKEN);
            for (Path each : instances()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .isEqualTo("rwx------");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each.resolve("ring"))))
                        .isEqualTo("rw-------");
            }
            Files.setPosixFilePermissions(instances().get(0).getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
            assertThatThrownBy(() -> SharedDirectory.open(directory, other))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("with mode 0700");
        }
    }

    @Test
    void shouldOpenWhatWasNamedAndNothingElse() throws IOException {
        try (SharedDirectory first = SharedDirectory.open(directory, one);
                SharedDirectory second = SharedDirectory.open(directory, other)) {
            ByteBuffer made = first.files().create("ring", 8192, TOKEN);
            made.putLong(4096, 42);
            SharedFiles seen = second.filesOf(one).orElseThrow();
            assertThat(seen.open("ring", TOKEN).getLong(4096)).isEqualTo(42);
            assertThatThrownBy(() -> seen.open("ring", new Token(1, 3))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> seen.open("../" + one + "/ring", TOKEN)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> seen.open("none", TOKEN)).isInstanceOf(IOException.class);
            Path owner = instances().get(0).resolve("owner");
            Files.createSymbolicLink(owner.resolveSibling("link"), owner);
            assertThatThrownBy(() -> seen.open("link", TOKEN)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldMapInSpiteOfAnInterruptAndKeepIt() throws IOException {
        try (SharedDirectory first = SharedDirectory.open(directory, one)) {
            Thread.currentThread().interrupt();
            assertThat(first.files().create("ring", 8192, TOKEN).capacity()).isEqualTo(8192);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void shouldSayWhyWhenThereIsNoDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> SharedDirectory.open(file, one)).isInstanceOf(IOException.class);
    }

    private List<Path> instances() throws IOException {
        try (Stream<Path> all = Files.walk(directory, 2)) {
            return all.filter(path -> directory.relativize(path).getNameCount() == 2)
                    .toList();
        }
    }
}
