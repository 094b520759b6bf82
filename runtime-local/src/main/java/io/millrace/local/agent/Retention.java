package io.millrace.local.agent;

import io.millrace.layout.MessageView;
import io.millrace.local.pool.Slab;
import io.millrace.local.pool.SlabPool;
import io.millrace.node.RetainedMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How messages of one input are retained. Used by the thread that receives them.
 *
 * @param holds where it is noted
 * @param copies memory for what does not stand in a slab; the receiving thread is its owner
 * @param holder who retains, as in {@code node 'detector'}
 * @param origin from where it came, as in {@code input 'detector/image' (output 'camera/frame')}
 */
public record Retention(Holds holds, SlabPool copies, String holder, String origin) {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** @param slab what the message's body stands in, if it is not in the edge itself */
    public RetainedMessage retain(MessageView message, @Nullable Slab slab) {
        if (slab != null) {
            slab.retain();
            return holds.hold(message.copyOfHeader(), slab.view(), slab, this);
        }
        if (message.bodyLength() == 0) {
            return holds.hold(message.copyOfHeader(), NOTHING, null, this);
        }
        Slab copy = room(message.bodyLength());
        message.copyBody(copy.buffer());
        return holds.hold(message.copyOfHeader(), copy.view(), copy, this);
    }

    private Slab room(int length) {
        @Nullable Slab slab = copies.claim(length);
        if (slab == null) {
            throw new IllegalStateException(holder + " retains so many messages that a copy of " + length
                    + " bytes does not fit its payload_budget of " + copies.budgetBytes()
                    + " bytes: release what is not needed any more, or raise payload_budget");
        }
        return slab;
    }
}
