package io.millrace.remote.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer; then the connection ends. */
// A write that fails shows as the end of its channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class HealthExchange extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(HealthExchange.class);
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HealthServer.Pages pages;
    private final Executor work;
    private boolean isAsked;
    private volatile boolean isHead; // written before the page is asked for elsewhere

    HealthExchange(HealthServer.Pages pages, Executor work) {
        this.pages = pages;
        this.work = work;
    }

    private record Answer(HttpResponseStatus status, String type, String text) {
        static Answer plain(HttpResponseStatus status, String line) {
            return new Answer(status, PLAIN, line + "\n");
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (isAsked || !(part instanceof HttpRequest request)) {
            return;
        }
        isAsked = true;
        isHead = request.method().equals(HttpMethod.HEAD);
        if (request.decoderResult().isFailure()) {
            answer(ctx, Answer.plain(HttpResponseStatus.BAD_REQUEST, "this is not HTTP, or too long"));
        } else if (!isReading(request.method())) {
            answer(ctx, Answer.plain(HttpResponseStatus.METHOD_NOT_ALLOWED, "GET and HEAD only"));
        } else {
            String uri = request.uri();
            try {
                work.execute(() -> answer(ctx, page(uri)));
            } catch (RejectedExecutionException e) {
                ctx.close();
            }
        }
    }

    private static boolean isReading(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    /** Not on the event loop. */
    private Answer page(String uri) {
        int query = uri.indexOf('?');
        try {
            return switch (query < 0 ? uri : uri.substring(0, query)) {
                case "/healthz" -> Answer.plain(HttpResponseStatus.OK, "ok");
                case "/readyz" ->
                    pages.notReady()
                            .map(why -> Answer.plain(HttpResponseStatus.SERVICE_UNAVAILABLE, Words.line(why)))
                            .orElseGet(() -> Answer.plain(HttpResponseStatus.OK, "ready"));
                case "/metrics" -> new Answer(HttpResponseStatus.OK, PROMETHEUS, pages.metrics());
                default -> Answer.plain(HttpResponseStatus.NOT_FOUND, "here are /healthz, /readyz and /metrics");
            };
        } catch (RuntimeException e) {
            LOG.warn("the page {} failed", Words.line(uri), e);
            return Answer.plain(HttpResponseStatus.INTERNAL_SERVER_ERROR, "this page failed, the log says why");
        }
    }

    private void answer(ChannelHandlerContext ctx, Answer answer) {
        byte[] text = answer.text().getBytes(StandardCharsets.UTF_8);
        ByteBuf body = isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(text);
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
                .set(HttpHeaderNames.CONTENT_LENGTH, text.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (answer.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** Broken connections and long silence are the asker's affair. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("a request from {} failed: {}", ctx.channel().remoteAddress(), cause.toString());
        ctx.close();
    }
}
