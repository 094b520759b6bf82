package io.millrace.benchmarks.links;

import io.millrace.benchmarks.Arguments;
import io.millrace.remote.TlsFiles;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One connection over loopback as links have it: NIO, no delay, and with mutual TLS 1.3 where files are given. */
final class Transport implements AutoCloseable {
    private static final String TLS = "tls";
    private static final String PROTOCOL = "TLSv1.3";

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Arguments arguments;

    Transport(Arguments arguments) {
        this.arguments = arguments;
    }

    /** @param onChannel adds its handlers, on the loop */
    int listen(Consumer<Channel> onChannel) throws Exception {
        return ((InetSocketAddress) new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(handlers(true, onChannel))
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .sync()
                        .channel()
                        .localAddress())
                .getPort();
    }

    Channel connect(int port, Consumer<Channel> onChannel) throws Exception {
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(handlers(false, onChannel))
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .sync()
                .channel();
    }

    /** What a connection's initializer gives. */
    static <T> T await(CompletableFuture<T> made) throws Exception {
        return made.get(60, TimeUnit.SECONDS);
    }

    private ChannelInitializer<Channel> handlers(boolean isServer, Consumer<Channel> onChannel) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) throws Exception {
                if (arguments.has(TLS)) {
                    channel.pipeline().addLast(context(isServer).newHandler(channel.alloc()));
                }
                onChannel.accept(channel);
            }
        };
    }

    private SslContext context(boolean isServer) throws Exception {
        TlsFiles files = Certificates.files(Path.of(arguments.text(TLS)));
        File certificate = files.certificate().toFile();
        File key = files.key().toFile();
        SslContextBuilder builder = isServer
                ? SslContextBuilder.forServer(certificate, key).clientAuth(ClientAuth.REQUIRE)
                : SslContextBuilder.forClient().keyManager(certificate, key).endpointIdentificationAlgorithm(null);
        return builder.trustManager(files.authority().toFile())
                .protocols(PROTOCOL)
                .build();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
