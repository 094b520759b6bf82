package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FolderLockTest {
    @TempDir
    private Path folder;

    /** Another process, which ends with 0 if it has got the folder, and else with 3. */
    static final class Other {
        public static void main(String[] arguments) throws Exception {
            System.exit(FolderLock.take(Path.of(arguments[0])).isPresent() ? 0 : 3);
        }
    }

    private boolean isFreeForOthers() throws Exception {
        String classes = location(FolderLock.class) + File.pathSeparator + location(FolderLockTest.class);
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes,
                        Other.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        int code = other.waitFor();
        assertThat(code).isIn(0, 3);
        return code == 0;
    }

    private static Path location(Class<?> of) throws Exception {
        return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void shouldKeepOthersOutUntilItIsClosedAlsoWhenThisProcessHasTriedOnceMore() throws Exception {
        FolderLock lock = FolderLock.take(folder).orElseThrow();
        assertThat(FolderLock.take(folder)).isEmpty();
        assertThat(FolderLock.take(Files.createSymbolicLink(folder.resolve("same"), folder)))
                .isEmpty();
        assertThat(isFreeForOthers()).isFalse();

        lock.close();
        lock.close();

        assertThat(isFreeForOthers()).isTrue();
    }

    @Test
    void shouldBeHadAgainWhenItWasClosedAndByOneAtATime() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (FolderLock lock = FolderLock.take(folder).orElseThrow()) {
                assertThat(lock).isNotNull();
                Optional<FolderLock> second = FolderLock.take(folder);
                assertThat(second).isEmpty();
            }
        }
    }
}
