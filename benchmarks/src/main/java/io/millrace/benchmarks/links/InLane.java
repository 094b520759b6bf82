package io.millrace.benchmarks.links;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** From the event loop, which cuts what comes into messages, over a bare ring to a thread. Reads no further while the ring is full. */
final class InLane extends ChannelInboundHandlerAdapter {
    private static final int MESSAGES_IN_READ = 64;

    private final OneToOneRingBuffer ring;
    private final Channel channel;
    private final int length;
    private final Sleeper consumer = new Sleeper();
    private final AtomicBoolean isFull = new AtomicBoolean();
    private final Runnable resume = this::resume;
    private ByteBuf rest;
    private volatile boolean isOver;

    InLane(OneToOneRingBuffer ring, Channel channel, int length) {
        this.ring = ring;
        this.channel = channel;
        this.length = length;
        this.rest = channel.alloc().directBuffer(Integer.BYTES + length);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        int frame = Integer.BYTES + length;
        if (rest.isReadable()) {
            boolean fits = rest.readableBytes() < frame;
            int missing = fits ? Math.min(frame - rest.readableBytes(), in.readableBytes()) : 0;
            rest.writeBytes(in, missing);
            if (rest.readableBytes() == frame && offer(rest.internalNioBuffer(0, frame), 0)) {
                rest.clear();
            }
        }
        if (!rest.isReadable()) {
            offerAll(in);
        }
        if (in.isReadable()) {
            rest.writeBytes(in);
        }
        in.release();
    }

    private void offerAll(ByteBuf in) {
        int frame = Integer.BYTES + length;
        ByteBuffer bytes = in.internalNioBuffer(in.readerIndex(), in.readableBytes());
        int begin = bytes.position();
        int at = 0;
        while (bytes.limit() - begin - at >= frame && offer(bytes, begin + at)) {
            at += frame;
        }
        in.skipBytes(at);
    }

    private boolean offer(ByteBuffer bytes, int at) {
        if (bytes.order(ByteOrder.LITTLE_ENDIAN).getInt(at) != length) {
            throw new IllegalStateException("a frame of another length");
        }
        int index = ring.tryClaim(1, length);
        if (index < 0) {
            channel.config().setAutoRead(false);
            isFull.set(true);
            VarHandle.fullFence();
            if (ring.size() <= ring.capacity() / 2 && isFull.compareAndSet(true, false)) {
                channel.eventLoop().execute(resume);
            }
            return false;
        }
        ring.buffer().putBytes(index, bytes, at + Integer.BYTES, length);
        ring.commit(index);
        return true;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        consumer.wake();
    }

    private void resume() {
        ByteBuf held = rest;
        rest = channel.alloc().directBuffer(Integer.BYTES + length);
        channel.config().setAutoRead(true);
        channel.pipeline().fireChannelRead(held);
        consumer.wake();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        isOver = true;
        consumer.wake();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        rest.release();
    }

    /** The thread: hands on a few, or blocks until there are any. False when there will be none. */
    boolean receive(MessageHandler handler) throws InterruptedException {
        if (ring.read(handler, MESSAGES_IN_READ) > 0) {
            VarHandle.fullFence();
            if (isFull.getPlain() && ring.size() <= ring.capacity() / 2 && isFull.compareAndSet(true, false)) {
                channel.eventLoop().execute(resume);
            }
            return true;
        }
        if (isOver && ring.size() == 0) {
            return false;
        }
        consumer.await(() -> ring.size() > 0 || isOver);
        return true;
    }
}
