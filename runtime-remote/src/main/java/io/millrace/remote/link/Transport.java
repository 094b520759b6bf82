package io.millrace.remote.link;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** How Netty reaches the network: by epoll where its jars are on the class path and the system has it, else by NIO. */
record Transport(
        String name,
        IoHandlerFactory ioHandlers,
        Class<? extends Channel> channel,
        Class<? extends ServerChannel> serverChannel) {
    private static final String EPOLL = "io.netty.channel.epoll.Epoll";

    static Transport best() {
        return hasEpollClasses() && Native.isAvailable() ? Native.epoll() : nio();
    }

    static Transport nio() {
        return new Transport(
                "nio",
                WholeMilliseconds.of(NioIoHandler.newFactory(
                        SelectorProvider.provider(),
                        Spinning.factory(Runtime.getRuntime().availableProcessors()))),
                NioSocketChannel.class,
                NioServerSocketChannel.class);
    }

    private static boolean hasEpollClasses() {
        try {
            Class.forName(EPOLL, false, Transport.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Touched only where the optional jar is present. */
    private static final class Native {
        static boolean isAvailable() {
            return Epoll.isAvailable();
        }

        static Transport epoll() {
            return new Transport(
                    "epoll", EpollIoHandler.newFactory(), EpollSocketChannel.class, EpollServerSocketChannel.class);
        }
    }
}
