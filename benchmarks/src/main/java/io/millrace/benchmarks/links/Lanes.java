package io.millrace.benchmarks.links;

import io.millrace.benchmarks.Arguments;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** A connection's two rings. */
record Lanes(OutLane out, InLane in) {
    private static final int SMALL = 1 << 18;
    private static final int LARGE = 1 << 22;
    private static final int LARGE_FROM = 16 * 1024;

    /** As the last handlers of the channel. */
    static Lanes on(Channel channel, Arguments arguments) {
        int length = arguments.number("length");
        OutLane out = new OutLane(ring(length), channel, length);
        InLane in = new InLane(ring(length), channel, length);
        channel.pipeline().addLast(out, in);
        return new Lanes(out, in);
    }

    private static OneToOneRingBuffer ring(int length) {
        int capacity = length < LARGE_FROM ? SMALL : LARGE;
        return new OneToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
    }

    void sendBack(DirectBuffer buffer, int index) {
        try {
            out.send(buffer, index);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
