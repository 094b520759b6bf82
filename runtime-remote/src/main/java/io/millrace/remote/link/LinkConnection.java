package io.millrace.remote.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a link, as the last handler of its channel. It comes with whatever event loop it was accepted or dialled on, and moves to the hub's, which owns all links;
 * what the peer sends meanwhile is kept.
 */
// A write or a close that fails shows as the end of the channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class LinkConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(LinkConnection.class);
    private static final int READ_AT_FIRST = 16 * 1024;
    private static final int READ_AT_MOST = 256 * 1024;
    /** Then what is to be sent has its turn. */
    private static final int READS_IN_TURN = 4;

    private final LinkHub hub;
    private final Peer peer;
    private final boolean isDialled;
    private final Channel channel;
    private final ArrayDeque<ByteBuf> early = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;

    // From begin() on the hub's loop.
    private @Nullable Link link;
    private @Nullable FrameReader reader;
    private long id;
    private boolean hasResumed;
    private boolean isClosed;
    private String reason = "the peer has closed the connection";
    private long heardNs;
    private long saidNs;

    LinkConnection(LinkHub hub, Channel channel, Peer peer, boolean isDialled) {
        this.hub = hub;
        this.channel = channel;
        this.peer = peer;
        this.isDialled = isDialled;
    }

    Peer peer() {
        return peer;
    }

    boolean isDialled() {
        return isDialled;
    }

    /** Chosen by the end that dialled; 0 until it is known. */
    long id() {
        return id;
    }

    void identify(long newId) {
        id = newId;
        hasResumed = true;
    }

    boolean hasResumed() {
        return hasResumed;
    }

    /** When something came last, by {@link System#nanoTime}. */
    long heardNs() {
        return heardNs;
    }

    /** When something was written last. */
    long saidNs() {
        return saidNs;
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** On the channel's loop, once it is in the pipeline. */
    void start() {
        channel.config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(READ_AT_FIRST / 4, READ_AT_FIRST, READ_AT_MOST)
                                .maxMessagesPerRead(READS_IN_TURN));
        if (hub.loop().inEventLoop()) {
            begin();
        } else {
            move();
        }
    }

    private void move() {
        channel.config().setAutoRead(false);
        channel.deregister()
                .addListener(left -> hub.loop().register(channel).addListener(there -> {
                    if (there.isSuccess()) {
                        begin();
                    } else {
                        channel.close();
                    }
                }));
    }

    /** On the hub's loop. */
    private void begin() {
        heardNs = System.nanoTime();
        saidNs = heardNs;
        link = hub.onConnection(this);
        if (link == null || !channel.isActive()) {
            close("nobody waits for it");
            onInactive();
            return;
        }
        reader = new FrameReader(new Reception.Padded(this, link));
        if (isDialled) {
            id = hub.newNumber();
            link.sayResume(this);
        }
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            feed(bytes);
        }
        link.afterRead();
        channel.config().setAutoRead(true);
        channel.read();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext newContext) {
        context = newContext;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (isClosed) {
            bytes.release();
        } else if (reader == null) {
            early.add(bytes);
        } else {
            feed(bytes);
        }
    }

    private void feed(ByteBuf bytes) {
        try {
            heardNs = System.nanoTime();
            if (isClosed) {
                return;
            }
            Objects.requireNonNull(link).onReading();
            if (bytes.nioBufferCount() == 1) {
                feed(bytes.nioBuffer());
            } else {
                for (ByteBuffer part : bytes.nioBuffers()) {
                    feed(part);
                }
            }
        } catch (ProtocolViolation violation) {
            Objects.requireNonNull(link).onViolation(this, violation);
        } catch (RuntimeException e) {
            LOG.error("the link with {} failed, and begins anew", peer, e);
            close("it failed at this end: " + e);
        } finally {
            bytes.release();
        }
    }

    private void feed(ByteBuffer part) {
        part.order(ByteOrder.LITTLE_ENDIAN);
        Objects.requireNonNull(reader).feed(part, part.position(), part.limit());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (link != null) {
            link.afterRead();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (link != null && channel.isWritable()) {
            link.activate();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (hub.loop().inEventLoop()) {
            onInactive();
        }
    }

    private void onInactive() {
        isClosed = true;
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            bytes.release();
        }
        if (link != null) {
            Link left = link;
            link = null;
            left.onConnectionClosed(this, reason);
            left.afterRead();
            hub.onGone(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!isClosed) {
            reason = Words.failure(cause);
        }
        ctx.close();
    }

    /** Nothing of it is read any more. */
    void close(String why) {
        if (!isClosed) {
            isClosed = true;
            reason = why;
        }
        channel.close();
    }

    /** Closes when all that was written has gone. */
    void closeAfterWrites(String why) {
        isClosed = true;
        reason = why;
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    boolean isClosed() {
        return isClosed;
    }

    void sayResume(FrameHandler.Resume resume) {
        ByteBuf out = frame(Frames.RESUME, Frames.RESUME_LENGTH);
        out.writeLongLE(resume.connection())
                .writeLongLE(resume.lost())
                .writeLongLE(resume.stream())
                .writeLongLE(resume.peerStream())
                .writeLongLE(resume.received());
        write(out);
    }

    /** @param type START, ACK or HEARTBEAT */
    void sayPosition(int type, long position) {
        write(frame(type, Frames.POSITION_LENGTH).writeLongLE(position));
    }

    private ByteBuf frame(int type, int length) {
        return channel.alloc().directBuffer(length).writeIntLE(length).writeIntLE(type | Frames.VERSION << 8);
    }

    private void write(ByteBuf out) {
        ChannelHandlerContext target = Objects.requireNonNull(context);
        target.write(out, target.voidPromise());
    }

    boolean write(SendStream stream) {
        return stream.writeTo(Objects.requireNonNull(context));
    }

    void flush(long nowNs) {
        saidNs = nowNs;
        Objects.requireNonNull(context).flush();
    }

    @Override
    public String toString() {
        return (isDialled ? "to " : "from ") + peer;
    }
}
