package io.millrace.remote.link;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.util.Locale;

/** Binds addresses, and says in words why it cannot. */
final class Bindings {
    private static final int BACKLOG = 1024;

    private Bindings() {}

    /**
     * Blocks until it is bound.
     *
     * @param accepts whether it accepts at once; else when it is told to read
     */
    static Channel bind(
            EventLoopGroup loops,
            Transport transport,
            InetSocketAddress address,
            ChannelHandler eachAccepted,
            boolean accepts) {
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.AUTO_READ, accepts)
                .childHandler(eachAccepted)
                .bind(address)
                .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw new NetworkException(doing(address) + ": " + why(cause), cause);
        }
        return bound.channel();
    }

    /** As messages begin. */
    static String doing(InetSocketAddress address) {
        return "cannot listen on " + Words.address(address);
    }

    private static String why(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("in use")) {
            return "it is in use: stop the program that has it, or choose another port";
        } else if (message.contains("permission denied")) {
            return "this user may not: choose a port from 1024 on";
        } else if (message.contains("cannot assign")) {
            return "this machine has no such address: choose one of its own, or 0.0.0.0 for all";
        }
        return Words.failure(cause);
    }
}
