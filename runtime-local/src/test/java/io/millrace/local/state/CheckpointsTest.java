package io.millrace.local.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.millrace.Dataflow;
import io.millrace.graph.Graph;
import io.millrace.node.Operator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final Graph graph = graph("state: flow");

    private static Graph graph(String name) {
        return Dataflow.builder(name)
                .operator("node", () -> new Operator() {}, ports -> {})
                .operator("Node", () -> new Operator() {}, ports -> {})
                .build()
                .graph();
    }

    private Checkpoints open() throws IOException {
        return Checkpoints.open(graph, Optional.of(directory));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> restored(Checkpoint checkpoint) {
        return checkpoint
                .restored()
                .map(state -> StandardCharsets.UTF_8.decode(state).toString());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock"))
                    .toList();
        }
    }

    @Test
    void shouldHandOnWhatWasLeftInMemoryWithoutADirectory() throws IOException {
        Checkpoints checkpoints = Checkpoints.open(graph, Optional.empty());
        Checkpoint first = checkpoints.next("node", "");
        assertThat(restored(first)).isEmpty();
        first.store(bytes("a longer one"));
        first.store(bytes("last"));

        assertThat(restored(checkpoints.next("node", ""))).hasValue("last");
        assertThat(restored(checkpoints.next("node", "")))
                .as("it left nothing new")
                .hasValue("last");
        assertThat(restored(checkpoints.next("Node", ""))).isEmpty();
        checkpoints.close();
        assertThat(files()).isEmpty();
    }

    @Test
    void shouldNotLookAtWhatIsStoredByOneThatHasBeenSucceeded() throws IOException {
        Checkpoints checkpoints = open();
        Checkpoint first = checkpoints.next("node", "");
        first.store(bytes("in time"));
        Checkpoint second = checkpoints.next("node", "");
        first.store(bytes("too late"));

        assertThat(restored(second)).hasValue("in time");
        assertThat(restored(checkpoints.next("node", ""))).hasValue("in time");
        checkpoints.close();
        Checkpoints later = open();
        assertThat(restored(later.next("node", ""))).hasValue("in time");
        later.close();
    }

    @Test
    void shouldFindInALaterRunWhatWasLeftByOneThatWasNotClosed() throws IOException {
        Checkpoints checkpoints = open();
        checkpoints.start();
        Checkpoint checkpoint = checkpoints.next("node", "");
        for (int i = 0; i <= 1000; i++) {
            checkpoint.store(bytes("state " + i));
        }

        // Another process would find the same file.
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(files())
                        .singleElement()
                        .satisfies(file -> assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                                .contains("state 1000")));
        checkpoints.close();
        Checkpoints later = open();
        assertThat(restored(later.next("node", ""))).hasValue("state 1000");
        assertThat(restored(later.next("Node", ""))).isEmpty();
        later.close();
    }

    @Test
    void shouldWriteTenTimesASecondAtMostHoweverOftenIsStored() {
        Queue<Long> writtenNs = new ConcurrentLinkedQueue<>();
        Checkpoints checkpoints = Checkpoints.of(
                graph, Set.of("node"), part -> Optional.empty(), (part, state) -> writtenNs.add(System.nanoTime()));
        checkpoints.start();
        Checkpoint checkpoint = checkpoints.next("node", "");
        await().atMost(DEADLINE).pollInterval(Duration.ofMillis(1)).until(() -> {
            checkpoint.store(bytes("state"));
            return writtenNs.size() > 3;
        });
        checkpoints.close();

        List<Long> times = List.copyOf(writtenNs);
        for (int i = 1; i < 4; i++) {
            assertThat(times.get(i) - times.get(i - 1))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(100).toNanos());
        }
    }

    @Test
    void shouldGoOnWhenThereIsNoMemoryForAMomentToWriteWhatIsStored() {
        Queue<String> written = new ConcurrentLinkedQueue<>();
        Checkpoints checkpoints = Checkpoints.of(graph, Set.of("node"), part -> Optional.empty(), (part, state) -> {
            written.add(part);
            if (written.size() == 1) {
                throw new OutOfMemoryError("not this time");
            }
        });
        checkpoints.start();
        checkpoints.next("node", "").store(bytes("state"));

        await().atMost(DEADLINE).until(() -> written.size() > 1);
        checkpoints.close();
    }

    @Test
    void shouldGoOnWhenWhoKeepsWhatIsStoredThrows() {
        Queue<String> written = new ConcurrentLinkedQueue<>();
        Checkpoints checkpoints =
                Checkpoints.of(graph, Set.of("node", "Node"), part -> Optional.empty(), (part, state) -> {
                    written.add(part);
                    if (written.size() == 1) {
                        throw new IllegalStateException("not this time");
                    }
                });
        checkpoints.start();
        checkpoints.next("node", "").store(bytes("state"));

        await().atMost(DEADLINE).until(() -> written.size() > 1);
        checkpoints.close();
        assertThat(written).startsWith("node", "node");
    }

    @Test
    void shouldWriteWhatWasStoredLastWhenItIsClosed() throws IOException {
        for (String text : List.of("one", "two", "three")) {
            Checkpoints checkpoints = open();
            checkpoints.start();
            checkpoints.next("Node", "").store(bytes(text));
            checkpoints.close();

            Checkpoints later = open();
            assertThat(restored(later.next("Node", ""))).hasValue(text);
            later.close();
        }
        assertThat(files()).as("nothing else is left there").hasSize(1);
    }

    @Test
    void shouldLeaveNothingWhenItIsToForget() throws IOException {
        Checkpoints checkpoints = open();
        checkpoints.start();
        checkpoints.next("node", "").store(bytes("done"));
        checkpoints.forget();
        checkpoints.close();

        assertThat(files()).isEmpty();
    }

    @Test
    void shouldRefuseToBeUsedTwiceAtATime() throws IOException {
        Checkpoints checkpoints = open();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::open)
                .withMessageContainingAll("dataflow 'state: flow'", directory.toString(), "is in use by another run");
        Checkpoints other = Checkpoints.open(graph("another"), Optional.of(directory));
        other.close();
        checkpoints.close();
        open().close();
    }

    @Test
    void shouldSayWhichFileIsDamaged() throws IOException {
        Checkpoints checkpoints = open();
        checkpoints.next("node", "").store(bytes("state"));
        checkpoints.close();
        Path file = files().get(0);
        Files.write(file, "something else".getBytes(StandardCharsets.UTF_8));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(this::open)
                .withMessageStartingWith("the checkpoint of 'node' in '" + file + "' cannot be read: ")
                .withMessageEndingWith("; put a good copy in its place, or remove it to begin anew");
        Files.delete(file);
        open().close(); // and nothing was left locked
    }

    @Test
    void shouldPassOverWhatAWriterThatWasKilledHasLeft() throws IOException {
        Checkpoints checkpoints = open();
        checkpoints.next("node", "").store(bytes("whole"));
        checkpoints.close();
        Path file = files().get(0);
        Files.write(file.resolveSibling(file.getFileName() + ".new"), new byte[] {1, 2, 3});

        Checkpoints later = open();

        Checkpoint checkpoint = later.next("node", "");
        assertThat(restored(checkpoint)).hasValue("whole");
        checkpoint.store(bytes("next"));
        later.close();
        assertThat(files()).hasSize(1);
    }

    @Test
    void shouldSayThatTheDirectoryCannotBeUsed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Checkpoints.open(graph, Optional.of(file)))
                .withMessageStartingWith("the state directory '" + file)
                .withMessageEndingWith("; name one that can be written to");
    }
}
