package io.millrace.remote.executor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.Sha256;
import io.millrace.remote.wire.ShippedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsTest {
    private static final PartId FIRST = new PartId("job", 0);
    private static final PartId SECOND = new PartId("job", 1);

    private final Map<String, byte[]> masters = new HashMap<>();
    private int reads;

    @TempDir
    Path base;

    @Test
    void shouldDeleteThePartsCopiesAndKeepTheArtifactWhenThePartIsGone() throws Exception {
        Artifacts artifacts = artifacts("boat", 100);
        ShippedFile file = shipped("a script");
        Path copy = place(artifacts, FIRST, file);
        Path other = place(artifacts, SECOND, file);

        artifacts.drop(FIRST);

        assertThat(copy).doesNotExist();
        assertThat(other).hasContent("a script");
        artifacts.drop(SECOND);
        assertThat(base.resolve("shipped/test/boat/job")).doesNotExist();
        assertThat(place(artifacts, new PartId("other", 0), file)).hasContent("a script");
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void shouldLeaveWhatAnotherExecutorOfTheSameDirectoryHasWhenItBeginsAnew() throws Exception {
        ShippedFile file = shipped("a script");
        Path left = place(artifacts("boat", 100), FIRST, file);
        Path others = place(artifacts("shore", 100), SECOND, file);
        Path ran = Files.createDirectories(base.resolve("job-node-0123456789abcdef"));

        artifacts("boat", 100).dropAll();

        assertThat(left).doesNotExist();
        assertThat(others).hasContent("a script");
        assertThat(ran).exists();
    }

    @Test
    void shouldLetTheLeastRecentlyUsedArtifactsGoWhenTheyAreTooMany() throws Exception {
        Artifacts artifacts = artifacts("boat", 20);
        ShippedFile first = shipped("1234567890");
        ShippedFile second = shipped("abcdefghij");
        place(artifacts, FIRST, first);
        place(artifacts, FIRST, second);
        age(second, 60);
        age(first, 120);
        place(artifacts, SECOND, first);

        place(artifacts, SECOND, shipped("0987654321"));

        assertThat(cached()).hasSize(2).contains(first.sha256()).doesNotContain(second.sha256());
    }

    @Test
    void shouldFetchAnArtifactOnceMoreWhenTheDiskHasDamagedIt() throws Exception {
        Artifacts artifacts = artifacts("boat", 100);
        ShippedFile file = shipped("a script");
        place(artifacts, FIRST, file);
        Path cached = Files.writeString(base.resolve("artifacts").resolve(file.sha256()), "a scrawl");

        Path copy = place(artifacts, SECOND, file);

        assertThat(copy).hasContent("a script");
        assertThat(cached).hasContent("a script");
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void shouldPlaceNothingForAJobWhoseIdLeadsElsewhere() {
        ShippedFile file = shipped("a script");

        assertThatThrownBy(() -> place(artifacts("boat", 100), new PartId("..", 0), file))
                .isInstanceOf(Artifacts.UnusableException.class)
                .hasMessageContaining("'..'");
    }

    @Test
    void shouldFetchForItselfWhenAnotherExecutorFetchesTheSameIntoTheSameDirectory() throws Exception {
        ShippedFile file = shipped("a script");
        Artifacts shore = artifacts("shore", 0);
        Artifacts boat = artifacts("boat", 100);

        Path copy = place(boat, FIRST, file, (sha256, offset) -> {
            if (offset > 0) {
                return read(sha256, offset);
            }
            meanwhile(() -> place(shore, SECOND, file));
            return Arrays.copyOf(masters.get(sha256), 3);
        });

        assertThat(copy).hasContent("a script");
    }

    private static void meanwhile(Callable<Path> other) throws IOException {
        try {
            other.call();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private Artifacts artifacts(String machineId, long cacheBytes) {
        return new Artifacts(base, "test", machineId, cacheBytes);
    }

    private ShippedFile shipped(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        String sha256 = Sha256.of(bytes);
        masters.put(sha256, bytes);
        return new ShippedFile("node", "./run.sh", "run.sh/run.sh", sha256, bytes.length, false);
    }

    /** Where the only file is then. */
    private Path place(Artifacts artifacts, PartId part, ShippedFile file) throws Exception {
        return place(artifacts, part, file, this::read);
    }

    private static Path place(Artifacts artifacts, PartId part, ShippedFile file, Artifacts.Source source)
            throws Exception {
        Path root = artifacts.place(part, List.of(file), source).get("node").get("./run.sh");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    private byte[] read(String sha256, long offset) {
        reads++;
        byte[] bytes = masters.get(sha256);
        return Arrays.copyOfRange(bytes, (int) offset, bytes.length);
    }

    private void age(ShippedFile file, int seconds) throws IOException {
        Files.setLastModifiedTime(
                base.resolve("artifacts").resolve(file.sha256()),
                FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    private List<String> cached() throws IOException {
        try (Stream<Path> files = Files.list(base.resolve("artifacts"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
