package io.millrace.local.state;

import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.GraphOperator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a dataflow: in memory, and if a directory is given also there, where a thread of its own writes what has changed, ten times a second at most. So
 * of a process that is killed the last tenth of a second may be missing. Used by one thread at a time, but for what nodes store.
 */
public final class Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long CLOSE_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(5);

    private final String dataflow;
    private final @Nullable CheckpointStore store;
    private final Map<String, CheckpointSlot> slots = new LinkedHashMap<>();
    private volatile @Nullable Thread writer;
    private volatile boolean isClosed;

    private Checkpoints(Graph graph, Predicate<String> here, @Nullable CheckpointStore store) throws IOException {
        this.dataflow = graph.name();
        this.store = store;
        for (GraphNode node : graph.nodes()) {
            for (GraphOperator operator : node.operators()) {
                if (!here.test(node.id())) {
                    continue;
                }
                String part = part(node.id(), operator.id());
                byte @Nullable [] restored = store == null ? null : store.read(part);
                slots.put(part, new CheckpointSlot(part, restored, this::wakeWriter));
            }
        }
    }

    /**
     * Reads what an earlier run has left. Blocks on the file system.
     *
     * @throws IOException saying what is wrong, and what can be done: also if another process uses the same state, or if it is damaged
     */
    public static Checkpoints open(Graph graph, Optional<Path> parent) throws IOException {
        if (parent.isEmpty()) {
            return new Checkpoints(graph, node -> true, null);
        }
        StateDirectory directory = StateDirectory.open(parent.get(), graph.name());
        try {
            return new Checkpoints(graph, node -> true, directory);
        } catch (Throwable t) { // also what nobody has thought of must not leave it locked
            directory.close();
            throw t;
        }
    }

    /**
     * Of some nodes, kept by somebody else.
     *
     * @param restored asked for what an earlier incarnation has left, at once
     * @param kept given what is newer, by the thread that writes
     */
    public static Checkpoints of(
            Graph graph,
            Set<String> nodes,
            Function<String, Optional<byte[]>> restored,
            BiConsumer<String, byte[]> kept) {
        try {
            return new Checkpoints(graph, nodes::contains, CheckpointStore.of(restored, kept));
        } catch (IOException e) {
            throw new AssertionError("nothing is read from a disk", e);
        }
    }

    private static String part(String nodeId, String operatorId) {
        return operatorId.isEmpty() ? nodeId : nodeId + "/" + operatorId;
    }

    /** For the next incarnation of a node or operator; what the one before stores from now on counts for nothing. */
    public Checkpoint next(String nodeId, String operatorId) {
        String part = part(nodeId, operatorId);
        return Objects.requireNonNull(slots.get(part), part).next();
    }

    /** From now on what is stored is written. */
    public void start() {
        if (store != null) {
            Thread made = new Thread(this::writeUntilClosed, "millrace-" + dataflow + "-state");
            made.setDaemon(true);
            writer = made;
            made.start();
        }
    }

    private void wakeWriter() {
        LockSupport.unpark(writer);
    }

    private void writeUntilClosed() {
        while (!isClosed) {
            if (writeAll()) {
                pause();
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** However often this thread is woken meanwhile, by what is stored. */
    private void pause() {
        long beginNs = System.nanoTime();
        for (long leftNs = INTERVAL_NS; leftNs > 0 && !isClosed; leftNs = INTERVAL_NS - (System.nanoTime() - beginNs)) {
            LockSupport.parkNanos(this, leftNs);
        }
    }

    /** Whether there was anything to write. */
    private boolean writeAll() {
        boolean anyDirty = false;
        for (CheckpointSlot slot : slots.values()) {
            anyDirty |= write(slot);
        }
        return anyDirty;
    }

    private boolean write(CheckpointSlot slot) {
        try {
            byte @Nullable [] state = slot.takeDirty();
            if (state == null) {
                return false;
            }
            Objects.requireNonNull(store).write(slot.part(), state);
            slot.onWritten();
        } catch (Throwable t) { // whatever it is, a want of memory too: the other slots are written, and this one later
            if (slot.onWriteFailed()) { // it is tried again and again
                LOG.error(
                        "dataflow '{}': the checkpoint of '{}' cannot be written to '{}', where the one before stays",
                        dataflow,
                        slot.part(),
                        store,
                        t);
            }
        }
        return true;
    }

    /** The dataflow has finished: there is nothing to go on with. Before {@link #close}. */
    public void forget() {
        stopWriter();
        if (store != null) {
            slots.values().forEach(CheckpointSlot::takeDirty);
            store.clear(slots.keySet());
        }
    }

    /** Writes what is not written yet. Idempotent. Blocks on the file system. */
    public void close() {
        stopWriter();
        if (store != null) {
            writeAll();
            store.close();
        }
    }

    private void stopWriter() {
        isClosed = true;
        Thread stopping = writer;
        writer = null;
        if (stopping != null) {
            LockSupport.unpark(stopping);
            awaitEnd(stopping);
        }
    }

    private void awaitEnd(Thread stopping) {
        boolean isInterrupted = false;
        long beginNs = System.nanoTime();
        long leftMs = CLOSE_TIMEOUT_MS;
        while (stopping.isAlive() && leftMs > 0) {
            try {
                stopping.join(leftMs);
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
            leftMs = CLOSE_TIMEOUT_MS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNs);
        }
        if (stopping.isAlive()) {
            LOG.error(
                    "dataflow '{}': '{}' does not answer, and what nodes left last may be missing there",
                    dataflow,
                    store);
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
