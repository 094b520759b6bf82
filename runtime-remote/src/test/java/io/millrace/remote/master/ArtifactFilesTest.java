package io.millrace.remote.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.remote.wire.Sha256;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactFilesTest {
    private static final int HALF = 100_000;

    @TempDir
    Path folder;

    private final byte[] bytes = new byte[2 * HALF];
    private final String sha256;

    ArtifactFilesTest() {
        new Random(7).nextBytes(bytes);
        sha256 = Sha256.of(bytes);
    }

    private void append(ArtifactFiles files, int from, int to) {
        files.append(sha256, from, Arrays.copyOfRange(bytes, from, to));
    }

    @Test
    void shouldFindItIntactWhenItCameInOrder() {
        ArtifactFiles files = new ArtifactFiles(folder);
        append(files, 0, HALF);
        append(files, HALF, 2 * HALF);

        assertThat(files.isIntact(sha256, bytes.length)).isTrue();
        assertThat(files.readAll(sha256)).isEqualTo(bytes);
    }

    @Test
    void shouldFindItIntactWhenAPartCameTwice() {
        ArtifactFiles files = new ArtifactFiles(folder);
        append(files, 0, HALF);
        append(files, HALF / 2, HALF);
        append(files, HALF, 2 * HALF);

        assertThat(files.isIntact(sha256, bytes.length)).isTrue();
    }

    @Test
    void shouldFindItIntactWhenItsBeginCameBeforeARestart() {
        append(new ArtifactFiles(folder), 0, HALF);
        ArtifactFiles files = new ArtifactFiles(folder);
        append(files, HALF, 2 * HALF);

        assertThat(files.isIntact(sha256, bytes.length)).isTrue();
    }

    @Test
    void shouldFindItBrokenWhenAByteIsAnother() {
        ArtifactFiles files = new ArtifactFiles(folder);
        append(files, 0, HALF);
        bytes[HALF]++;
        append(files, HALF, 2 * HALF);

        assertThat(files.isIntact(sha256, bytes.length)).isFalse();
    }

    @Test
    void shouldFindNothingBrokenWhenItIsEmpty() {
        assertThat(new ArtifactFiles(folder).isIntact(Sha256.of(new byte[0]), 0))
                .isTrue();
    }

    @Test
    void shouldSayWhatIsMissingWhenTheDiskIsNearlyFull() {
        ArtifactFiles files = new ArtifactFiles(folder, () -> 300L << 20);

        assertThat(files.lackOfRoom(0, 20L << 20)).isEmpty();
        assertThat(files.lackOfRoom(8L << 20, 20L << 20))
                .hasValue("the leading master's disk has 300 MiB left at '" + folder + "', and it takes 304 MiB to hold"
                        + " what is shipped, beside its log and a snapshot: make room there, or ship less");
    }
}
