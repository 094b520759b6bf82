package io.millrace.remote.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The greetings at the start of a connection, at either end; on its event loop. It ends with a known peer, or with a reason that both ends know where the other one can
 * be told.
 */
// A write or a close that fails shows as the end of its channel.
@SuppressWarnings("FutureReturnValueIgnored")
abstract class Handshake extends ByteToMessageDecoder {
    final Identity identity;
    final NetworkSettings settings;
    private @Nullable ScheduledFuture<?> timeout;
    private boolean isReady;
    private boolean isOver;
    private boolean isNews;

    Handshake(Identity identity, NetworkSettings settings) {
        this.identity = identity;
        this.settings = settings;
    }

    /** TCP is there, and TLS if there is any: a good moment to say hello. */
    abstract void onReady(ChannelHandlerContext ctx);

    /** @throws Refusal if it is not what is wanted now */
    abstract void onGreeting(ChannelHandlerContext ctx, Greeting greeting);

    /** The end without a peer, once; the channel will be closed. */
    abstract void onFailed(ChannelHandlerContext ctx, String reason);

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timeout = ctx.executor()
                .schedule(() -> onSilence(ctx), settings.helloTimeout().toMillis(), TimeUnit.MILLISECONDS);
        if (ctx.channel().isActive() && !hasTls(ctx)) {
            ready(ctx);
        }
    }

    private void onSilence(ChannelHandlerContext ctx) {
        isNews = true;
        refuse(ctx, "no hello within " + settings.helloTimeout().toMillis() + " ms");
    }

    /** Netty tells a dialled channel that it is active before or after this handler is added. */
    private void ready(ChannelHandlerContext ctx) {
        if (!isReady) {
            isReady = true;
            onReady(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        if (!hasTls(ctx)) {
            ready(ctx);
        }
        super.channelActive(ctx);
    }

    private static boolean hasTls(ChannelHandlerContext ctx) {
        return ctx.pipeline().get(SslHandler.class) != null;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent tls) {
            if (tls.isSuccess()) {
                ready(ctx);
            } else {
                exceptionCaught(ctx, tls.cause());
            }
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (isOver) {
            in.skipBytes(in.readableBytes());
            return;
        }
        isNews = true;
        try {
            Greeting greeting = GreetingCodec.decode(in, settings.helloBytes());
            if (greeting != null) {
                onGreeting(ctx, greeting);
            }
        } catch (Refusal refusal) {
            in.skipBytes(in.readableBytes());
            if (refusal.isOfStranger()) {
                fail(ctx, Words.failure(refusal));
            } else {
                refuse(ctx, Words.failure(refusal));
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        String hint = isNews || hasTls(ctx) ? "" : ": it may speak TLS, and this end is in the clear";
        fail(ctx, "it closed the connection " + (isNews ? "within" : "before") + " its hello" + hint);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        isNews |= !(cause instanceof ClosedChannelException);
        fail(ctx, TlsWords.failure(cause));
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        stopWaiting();
    }

    private void stopWaiting() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    /** False of a peer that went without a byte, as probes do all the time. */
    final boolean isNews() {
        return isNews;
    }

    final ChannelFuture say(ChannelHandlerContext ctx, Greeting greeting) {
        return ctx.writeAndFlush(GreetingCodec.encode(ctx.alloc(), greeting));
    }

    final Greeting.Hello hello(Purpose purpose) {
        return new Greeting.Hello(
                purpose, identity, (int) settings.heartbeatInterval().toMillis());
    }

    /** What both ends ask of each other. */
    final Peer check(ChannelHandlerContext ctx, Greeting.Hello hello) {
        Identity other = hello.identity();
        if (!other.cluster().equals(identity.cluster())) {
            throw new Refusal(
                    "it belongs to the cluster '" + other.cluster() + "', this is '" + identity.cluster() + "'");
        }
        long timeoutMs = settings.heartbeatTimeout().toMillis();
        if (hello.purpose() == Purpose.CONTROL && hello.heartbeatIntervalMs() * 2L > timeoutMs) {
            throw new Refusal(
                    "its heartbeats come every " + hello.heartbeatIntervalMs() + " ms, and " + identity.words()
                            + " takes a peer for gone after " + timeoutMs + " ms: use the same settings on both");
        }
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            CertificateNames.require(tls.engine().getSession(), other);
        }
        return Peer.of(other, (InetSocketAddress) ctx.channel().remoteAddress());
    }

    /** The greetings are over: hands the channel on, and leaves its pipeline. */
    final void succeed(ChannelHandlerContext ctx, Outcome outcome, Peer peer) {
        isOver = true;
        stopWaiting();
        outcome.onPeer(ctx.channel(), peer);
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    /** Tells the peer why, and fails. */
    final void refuse(ChannelHandlerContext ctx, String reason) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (!isOver && (tls == null || tls.handshakeFuture().isSuccess())) {
            say(ctx, new Greeting.Refused(reason)).addListener(ChannelFutureListener.CLOSE);
            ctx.executor()
                    .schedule(
                            () -> ctx.channel().close(), settings.closeTimeout().toMillis(), TimeUnit.MILLISECONDS);
            end(ctx, reason);
        } else {
            fail(ctx, reason);
        }
    }

    final void fail(ChannelHandlerContext ctx, String reason) {
        end(ctx, reason);
        ctx.close();
    }

    private void end(ChannelHandlerContext ctx, String reason) {
        if (!isOver) {
            isOver = true;
            stopWaiting();
            onFailed(ctx, reason);
        }
    }
}
