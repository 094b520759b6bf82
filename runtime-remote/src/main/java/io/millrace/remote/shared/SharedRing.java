package io.millrace.remote.shared;

import io.millrace.local.edge.MappedEdge;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The memory of a ring, with what proves that both ends have opened the same file: the producer's end names it by its token, and the consumer's answers with what it finds there. */
record SharedRing(ByteBuffer memory, int queueSize, long proof) {
    private static final int PROOF = 32;
    private static final int QUEUE_SIZE = 40;

    static SharedRing create(EdgeFiles files, int queueSize, long proof) throws IOException {
        ByteBuffer memory = files.createRing(MappedEdge.bytes(queueSize));
        memory.putLong(PROOF, proof);
        memory.putInt(QUEUE_SIZE, queueSize);
        return new SharedRing(memory, queueSize, proof);
    }

    static SharedRing open(EdgeFiles files, int queueSize) throws IOException {
        ByteBuffer memory = files.openRing();
        if (memory.capacity() != MappedEdge.bytes(queueSize) || memory.getInt(QUEUE_SIZE) != queueSize) {
            throw new IOException("shared memory of " + memory.capacity() + " bytes is offered, expected "
                    + MappedEdge.bytes(queueSize) + " for a queue_size of " + queueSize);
        }
        return new SharedRing(memory, queueSize, memory.getLong(PROOF));
    }
}
