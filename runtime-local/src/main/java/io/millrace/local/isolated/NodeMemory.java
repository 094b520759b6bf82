package io.millrace.local.isolated;

import io.millrace.local.isolated.MemoryPipe.Reader;
import io.millrace.local.isolated.MemoryPipe.Waker;
import io.millrace.local.isolated.MemoryPipe.Writer;
import io.millrace.local.shared.SharedDirectory;
import io.millrace.local.shared.SharedFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The memory by which the two JVMs of an isolated node call each other: a file that both map, with a pipe each way. It is deleted as soon as both have it.
 *
 * <pre>
 *     0  what the file is known by (see {@link SharedFiles})
 *   128  pipe to the node
 *        pipe to the dataflow
 * </pre>
 */
final class NodeMemory {
    /** Of a node or of this process: the directory for such files, or {@link #OFF}. */
    static final String VARIABLE = "MILLRACE_SHARED_MEMORY";

    static final String OFF = "off";
    static final int BYTES = 128 + 2 * MemoryPipe.BYTES;

    private static final String FILE = "calls";
    private static final int TO_NODE = 128;
    private static final int TO_DATAFLOW = TO_NODE + MemoryPipe.BYTES;

    private final ByteBuffer memory;
    private final int in;
    private final int out;

    private NodeMemory(ByteBuffer memory, int in, int out) {
        this.memory = memory;
        this.in = in;
        this.out = out;
    }

    /**
     * Where the user wants such files; empty for nowhere.
     *
     * @param declared of the node, which goes first
     */
    static Optional<Path> directory(Map<String, String> declared, Map<String, String> inherited) {
        String text = declared.getOrDefault(VARIABLE, inherited.getOrDefault(VARIABLE, ""));
        if (text.equals(OFF)) {
            return Optional.empty();
        }
        return Optional.of(text.isEmpty() ? SharedDirectory.DEFAULT : Path.of(text));
    }

    /** The dataflow's end; made anew, and deleted with the directory. */
    static NodeMemory create(SharedDirectory directory, UUID secret) throws IOException {
        return new NodeMemory(directory.files().create(FILE, BYTES, token(secret)), TO_DATAFLOW, TO_NODE);
    }

    /** The node's end. */
    static NodeMemory open(Path directory, UUID secret) throws IOException {
        ByteBuffer memory = new SharedFiles(directory).open(FILE, token(secret));
        if (memory.capacity() != BYTES) {
            throw new IOException("shared memory of " + memory.capacity() + " bytes is offered, expected " + BYTES);
        }
        return new NodeMemory(memory, TO_NODE, TO_DATAFLOW);
    }

    private static SharedFiles.Token token(UUID secret) {
        return new SharedFiles.Token(secret.getMostSignificantBits(), secret.getLeastSignificantBits());
    }

    /** For one thread, once. */
    Reader reader(Waker waker) {
        return new Reader(pipe(in), waker);
    }

    /** For one thread, once. */
    Writer writer(Waker waker) {
        return new Writer(pipe(out), waker);
    }

    private ByteBuffer pipe(int at) {
        return memory.slice(at, MemoryPipe.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
}
