package io.millrace.benchmarks.links;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.jspecify.annotations.Nullable;

/** From a thread over a bare ring to the event loop, which batches what it finds there, writes and flushes it. */
// A write that fails shows as the end of the channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class OutLane extends ChannelInboundHandlerAdapter implements MessageHandler {
    private static final int BATCH_BYTES = 64 * 1024;
    private static final int BATCHES_IN_TURN = 4;
    private static final int MESSAGES_IN_READ = 64;

    private final OneToOneRingBuffer ring;
    private final Channel channel;
    private final int length;
    private final AtomicBoolean isArmed = new AtomicBoolean();
    private final Sleeper producer = new Sleeper();
    private final Runnable drain = this::drain;
    private @Nullable ByteBuf batch;

    OutLane(OneToOneRingBuffer ring, Channel channel, int length) {
        this.ring = ring;
        this.channel = channel;
        this.length = length;
        isArmed.set(true);
    }

    /** The thread: blocks until there is room. */
    void send(long value) throws InterruptedException {
        int at = ring.tryClaim(1, length);
        while (at < 0) {
            producer.await(() -> ring.size() <= ring.capacity() / 2);
            at = ring.tryClaim(1, length);
        }
        ring.buffer().putLong(at, value);
        commit(at);
    }

    /** The thread: sends on a message that stands in another ring. */
    void send(DirectBuffer source, int index) throws InterruptedException {
        int at = ring.tryClaim(1, length);
        while (at < 0) {
            producer.await(() -> ring.size() <= ring.capacity() / 2);
            at = ring.tryClaim(1, length);
        }
        ring.buffer().putBytes(at, source, index, length);
        commit(at);
    }

    private void commit(int at) {
        ring.commit(at);
        VarHandle.fullFence();
        if (isArmed.getPlain() && isArmed.compareAndSet(true, false)) {
            channel.eventLoop().execute(drain);
        }
    }

    private void drain() {
        boolean isWritten = false;
        int batches = 0;
        boolean isMore = true;
        while (isMore && channel.isWritable() && batches < BATCHES_IN_TURN) {
            isMore = write();
            isWritten |= isMore;
            batches++;
        }
        if (isWritten) {
            channel.flush();
            producer.wake();
        }
        if (!channel.isWritable()) {
            return; // channelWritabilityChanged goes on
        }
        if (!isMore) {
            isArmed.set(true);
            VarHandle.fullFence();
            isMore = ring.size() > 0 && isArmed.compareAndSet(true, false);
        }
        if (isMore) {
            channel.eventLoop().execute(drain);
        }
    }

    private boolean write() {
        int frame = Integer.BYTES + length;
        ByteBuf out = channel.alloc().directBuffer(Math.max(BATCH_BYTES, frame));
        batch = out;
        int read = 1;
        while (read > 0 && out.writableBytes() >= frame) {
            read = ring.read(this, Math.min(MESSAGES_IN_READ, out.writableBytes() / frame));
        }
        batch = null;
        boolean isAny = out.isReadable();
        if (isAny) {
            channel.write(out, channel.voidPromise());
        } else {
            out.release();
        }
        return isAny;
    }

    @Override
    public void onMessage(int type, MutableDirectBuffer buffer, int index, int count) {
        ByteBuf out = java.util.Objects.requireNonNull(batch);
        int at = out.writerIndex();
        out.setIntLE(at, count);
        buffer.getBytes(index, out.internalNioBuffer(at + Integer.BYTES, count), count);
        out.writerIndex(at + Integer.BYTES + count);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && !isArmed.get()) {
            drain();
        }
    }
}
