package io.millrace.local.state;

import io.millrace.node.NodeContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one incarnation of a node, or of an operator, was left and leaves itself.
 *
 * <p>The node's thread stores; who writes it to disk, or starts the next incarnation, reads. Both hold a lock, which is free but for the moments, ten a second at
 * most, in which the other side copies as much: so that nothing is allocated for each checkpoint, and nobody reads half of one.
 */
public final class Checkpoint {
    private static final byte[] NOTHING = {};
    private static final int NONE = -1;

    private final String part;
    private final byte @Nullable [] restored;
    private final @Nullable CheckpointSlot slot;

    // Guarded by this.
    private byte[] bytes = NOTHING;
    private int length = NONE;

    Checkpoint(String part, byte @Nullable [] restored, @Nullable CheckpointSlot slot) {
        this.part = part;
        this.restored = restored;
        this.slot = slot;
    }

    /** Of a node that nobody else asks for it. */
    public static Checkpoint unshared(String part) {
        return new Checkpoint(part, null, null);
    }

    /** The node's thread: as {@link NodeContext#checkpoint}. */
    public void store(ByteBuffer state) {
        int size = state.remaining();
        if (size > NodeContext.MAX_CHECKPOINT_BYTES) {
            throw new IllegalArgumentException("a checkpoint of '" + part + "' has " + size + " bytes, more than the "
                    + NodeContext.MAX_CHECKPOINT_BYTES
                    + " that one may have: keep what can be found again elsewhere, and checkpoint where it is");
        }
        synchronized (this) {
            if (bytes.length < size) {
                bytes = new byte[Math.max(size, Math.min(2 * bytes.length, NodeContext.MAX_CHECKPOINT_BYTES))];
            }
            state.get(state.position(), bytes, 0, size);
            length = size;
        }
        if (slot != null) {
            slot.onStored(this);
        }
    }

    /** As {@link NodeContext#restored}. */
    public Optional<ByteBuffer> restored() {
        return Optional.ofNullable(restored)
                .map(state -> ByteBuffer.wrap(state).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }

    /** What the next incarnation is left: a copy; null for nothing. */
    synchronized byte @Nullable [] latest() {
        return length == NONE ? restored : java.util.Arrays.copyOf(bytes, length);
    }
}
