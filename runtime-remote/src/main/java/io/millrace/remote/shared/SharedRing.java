package io.millrace.remote.shared;

import io.millrace.graph.QueuePolicy;
import io.millrace.local.edge.MappedEdge;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The memory of a ring, with what proves that both ends have opened the same file: the producer's end names it by its token, and the consumer's answers with what it finds there. */
record SharedRing(ByteBuffer memory, QueuePolicy policy, int queueSize, long proof) {
    private static final int PROOF = 32;
    private static final int QUEUE_SIZE = 40;

    static SharedRing create(EdgeFiles files, QueuePolicy policy, int queueSize, long proof) throws IOException {
        ByteBuffer memory = files.createRing(MappedEdge.bytes(policy, queueSize));
        memory.putLong(PROOF, proof);
        memory.putInt(QUEUE_SIZE, queueSize);
        return new SharedRing(memory, policy, queueSize, proof);
    }

    static SharedRing open(EdgeFiles files, QueuePolicy policy, int queueSize) throws IOException {
        ByteBuffer memory = files.openRing();
        if (memory.capacity() != MappedEdge.bytes(policy, queueSize) || memory.getInt(QUEUE_SIZE) != queueSize) {
            throw new IOException("shared memory of " + memory.capacity() + " bytes is offered, expected "
                    + MappedEdge.bytes(policy, queueSize) + " for a queue_size of " + queueSize);
        }
        return new SharedRing(memory, policy, queueSize, memory.getLong(PROOF));
    }
}
