package io.millrace.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's one-to-one ring as its own users use it, without anything of ours. One thread sends, one receives. */
final class BareRing {
    private static final int MESSAGE = 1;
    private static final int ALIGNMENT = 128;

    private final OneToOneRingBuffer ring;
    private final boolean claims;
    private final int length;
    private final UnsafeBuffer template;

    BareRing(int capacityBytes, boolean claims, int length) {
        int total = capacityBytes + RingBufferDescriptor.TRAILER_LENGTH;
        ByteBuffer memory = ByteBuffer.allocateDirect(total + ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .order(ByteOrder.LITTLE_ENDIAN);
        this.ring = new OneToOneRingBuffer(new UnsafeBuffer(memory, 0, total));
        this.claims = claims;
        this.length = length;
        this.template = apart(Payload.template(length));
    }

    /** The sender writes to it for every message: nothing that the receiver looks at is to be near. */
    private static UnsafeBuffer apart(byte[] bytes) {
        ByteBuffer memory =
                ByteBuffer.allocateDirect(bytes.length + 3 * ALIGNMENT).alignedSlice(ALIGNMENT);
        UnsafeBuffer buffer = new UnsafeBuffer(memory, ALIGNMENT, bytes.length);
        buffer.putBytes(0, bytes);
        return buffer;
    }

    /** Sends a message after which {@code left} follow, waiting for room. */
    void send(long left) {
        if (claims) {
            int index = claim();
            AtomicBuffer buffer = ring.buffer();
            buffer.putBytes(index, template, 0, length);
            buffer.putLong(index, left, ByteOrder.LITTLE_ENDIAN);
            ring.commit(index);
        } else {
            template.putLong(0, left, ByteOrder.LITTLE_ENDIAN);
            send(template, 0);
        }
    }

    /** Sends a copy of a message. */
    void copy(DirectBuffer source, int sourceIndex) {
        if (claims) {
            int index = claim();
            ring.buffer().putBytes(index, source, sourceIndex, length);
            ring.commit(index);
        } else {
            send(source, sourceIndex);
        }
    }

    private int claim() {
        int index = ring.tryClaim(MESSAGE, length);
        while (index < 0) {
            Thread.onSpinWait();
            index = ring.tryClaim(MESSAGE, length);
        }
        return index;
    }

    private void send(DirectBuffer source, int index) {
        while (!ring.write(MESSAGE, source, index, length)) {
            Thread.onSpinWait();
        }
    }

    /** Waits for at least one message and hands over at most so many. */
    void receive(MessageHandler handler, int limit) {
        while (ring.read(handler, limit) == 0) {
            Thread.onSpinWait();
        }
    }
}
