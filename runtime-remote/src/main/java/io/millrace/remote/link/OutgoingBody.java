package io.millrace.remote.link;

import io.millrace.local.pool.Slab;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of a message by reference, whose header was sent: it follows in fragments. On the event loop. */
final class OutgoingBody {
    private static final int COPIED = 16 * 1024;

    private @Nullable Slab slab;
    private int length;
    private int sent;

    /** With a reference of its own to the memory; a body without bytes is over at once. */
    void begin(Slab memory, int bodyLength) {
        length = bodyLength;
        sent = 0;
        if (bodyLength > 0) {
            memory.retain();
            slab = memory;
        }
    }

    /** Whether some of it is left to be sent. */
    boolean isLeft() {
        return slab != null;
    }

    int length() {
        return length;
    }

    /** The next fragment; there is something left. */
    void send(StreamWriter out, int channel) {
        Slab memory = Objects.requireNonNull(slab);
        int count = Math.min(Frames.FRAGMENT_BYTES, length - sent);
        out.fragment(channel, memory, sent, count, count <= COPIED);
        sent += count;
        if (sent == length) {
            drop();
        }
    }

    /** What is left is not sent. */
    void drop() {
        if (slab != null) {
            slab.release();
            slab = null;
        }
    }
}
