package io.millrace.remote.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers probes and collectors by plain HTTP, GET and HEAD only: {@code /healthz} while the process is there, {@code /readyz} when it can do its work, {@code /metrics} in
 * Prometheus's text format. It says nothing secret and changes nothing, so it is not protected, whatever the network's {@link Security}: bind it to an address that only
 * those reach who may read it.
 */
// A close that fails shows as the end of its channel.
@SuppressWarnings("FutureReturnValueIgnored")
public final class HealthServer implements AutoCloseable {
    private static final int CONNECTIONS_AT_MOST = 64;
    private static final int LINE_BYTES = 4096;
    private static final int HEADER_BYTES = 16_384;
    private static final int CHUNK_BYTES = 4096;
    private static final int SILENCE_S = 10;

    private final Listener listener;

    private HealthServer(Listener listener) {
        this.listener = listener;
    }

    /** What is told; asked for each request, on a thread of the network's that is no event loop. */
    public interface Pages {
        /** Why it cannot do its work now, in a line; empty if it can. */
        Optional<String> notReady();

        /** In Prometheus's text format. */
        String metrics();
    }

    /**
     * Answers until it is closed, or its network is. Blocks until the address is bound.
     *
     * @throws NetworkException if the address cannot be listened on
     */
    public static HealthServer start(Network network, InetSocketAddress address, Pages pages) {
        AtomicInteger connections = new AtomicInteger();
        return new HealthServer(network.bind(address, new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                network.prepare(channel);
                channel.closeFuture().addListener(closed -> connections.decrementAndGet());
                if (connections.incrementAndGet() > CONNECTIONS_AT_MOST) {
                    channel.close();
                    return;
                }
                channel.pipeline()
                        .addLast(new ReadTimeoutHandler(SILENCE_S, TimeUnit.SECONDS))
                        .addLast(new HttpServerCodec(LINE_BYTES, HEADER_BYTES, CHUNK_BYTES))
                        .addLast(new HealthExchange(pages, network.work()));
            }
        }));
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    @Override
    public void close() {
        listener.close();
    }
}
