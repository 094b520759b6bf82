package io.millrace.local.agent;

import io.millrace.layout.MessageView;
import io.millrace.local.pool.Slab;
import io.millrace.node.Message;
import org.jspecify.annotations.Nullable;

/** Who knows in which slab a message stands. Used by the thread that has the message. */
interface SlabHolder {

    /** The slab of the message in hand; null if it stands elsewhere. */
    @Nullable Slab slabInHand();

    /** That message, which is valid. */
    MessageView viewInHand();

    /** Who knows it of this message; null if nobody does. */
    static @Nullable SlabHolder of(Message message) {
        if (message instanceof SlabHolder holder) {
            return holder;
        }
        return message instanceof MessageView view && view.retainer() instanceof SlabHolder holder ? holder : null;
    }
}
