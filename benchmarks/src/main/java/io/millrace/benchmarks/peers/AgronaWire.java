package io.millrace.benchmarks.peers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's one-to-one ring. */
final class AgronaWire implements Wire {
    private static final int MESSAGE = 1;
    private static final int ALIGNMENT = 128;

    private final OneToOneRingBuffer ring;
    private final Template template;
    private final UnsafeBuffer scratch;
    private final boolean claims;
    private final Waiting waiting;
    private final MessageHandler handler;

    private Sink target = value -> {}; // the receiver's

    AgronaWire(Template template, int ringBytes, boolean claims, Waiting waiting) {
        int total = ringBytes + RingBufferDescriptor.TRAILER_LENGTH;
        ByteBuffer memory = ByteBuffer.allocateDirect(total + ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .order(ByteOrder.LITTLE_ENDIAN);
        this.ring = new OneToOneRingBuffer(new UnsafeBuffer(memory, 0, total));
        this.template = template;
        this.scratch = apart(template.bytes());
        this.claims = claims;
        this.waiting = waiting;
        this.handler = (type, buffer, index, length) -> {
            template.check(buffer.getLong(index + length - Long.BYTES));
            target.onValue(buffer.getLong(index));
        };
    }

    /** The sender writes to it for every message: nothing that the receiver looks at is to be near. */
    private static UnsafeBuffer apart(byte[] bytes) {
        ByteBuffer memory =
                ByteBuffer.allocateDirect(bytes.length + 3 * ALIGNMENT).alignedSlice(ALIGNMENT);
        UnsafeBuffer buffer = new UnsafeBuffer(memory, ALIGNMENT, bytes.length);
        buffer.putBytes(0, bytes);
        return buffer;
    }

    @Override
    public void send(long value) {
        if (claims) {
            int index = claim();
            AtomicBuffer buffer = ring.buffer();
            buffer.putBytes(index, template.bytes(), 0, template.length());
            buffer.putLong(index, value);
            ring.commit(index);
        } else {
            scratch.putLong(0, value);
            while (!ring.write(MESSAGE, scratch, 0, template.length())) {
                waiting.forRoom();
            }
        }
    }

    private int claim() {
        int index = ring.tryClaim(MESSAGE, template.length());
        while (index < 0) {
            waiting.forRoom();
            index = ring.tryClaim(MESSAGE, template.length());
        }
        return index;
    }

    @Override
    public int receive(Sink sink) {
        if (target != sink) { // not written while messages flow: the sender reads what is beside it
            target = sink;
        }
        return ring.read(handler);
    }

    @Override
    public int await(Sink sink) {
        waiting.forRoom();
        return 0;
    }
}
