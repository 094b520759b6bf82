package io.millrace.remote.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** One try to connect: looks the name up, tries each of its addresses in turn, and greets the first that answers. Within one timeout; on one event loop but for the look-up. */
// A write or a close that fails shows as the end of its channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class Dial {
    private final String host;
    private final int port;
    /** What is dialled in place of it: mostly itself. */
    private final InetSocketAddress routed;

    private final Purpose purpose;
    private final DialOutcome outcome;
    private final Network network;
    private final EventLoop loop;

    // Of the event loop.
    private final Deque<InetAddress> untried = new ArrayDeque<>();
    private long deadlineNs;
    private String lastFailure = "it has no address";

    Dial(Network network, EventLoop loop, String host, int port, Purpose purpose, DialOutcome outcome) {
        this.network = network;
        this.loop = loop;
        this.host = host;
        this.port = port;
        this.routed = network.settings().route().apply(InetSocketAddress.createUnresolved(host, port));
        this.purpose = purpose;
        this.outcome = outcome;
    }

    /** Does not block. */
    void start(Executor names) {
        deadlineNs = System.nanoTime() + network.settings().helloTimeout().toNanos();
        try {
            names.execute(this::resolve);
        } catch (RejectedExecutionException e) {
            outcome.onFailed(failure("the network is closed"));
        }
    }

    private void resolve() {
        try {
            InetAddress[] found = InetAddress.getAllByName(routed.getHostString());
            onLoop(() -> onResolved(found));
        } catch (UnknownHostException e) {
            onLoop(() -> outcome.onFailed(
                    failure("the name '" + Words.line(routed.getHostString()) + "' cannot be resolved")));
        }
    }

    private void onLoop(Runnable step) {
        try {
            loop.execute(step);
        } catch (RejectedExecutionException e) {
            outcome.onFailed(failure("the network is closed"));
        }
    }

    private void onResolved(InetAddress[] found) {
        untried.addAll(Arrays.asList(found));
        tryNext();
    }

    private void tryNext() {
        InetAddress address = untried.poll();
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
        if (!outcome.isWanted()) {
            outcome.onFailed(failure("given up"));
        } else if (address == null || leftMs <= 0) {
            outcome.onFailed(failure(
                    address == null
                            ? lastFailure
                            : "no answer within "
                                    + network.settings().helloTimeout().toMillis() + " ms"));
        } else {
            connect(address, (int) Math.max(1, leftMs / (untried.size() + 1)));
        }
    }

    private void connect(InetAddress address, int timeoutMs) {
        try {
            network.protection().requireAllowed(address, "cannot connect to " + Words.target(host, port));
        } catch (NetworkException e) {
            outcome.onFailed(Words.failure(e));
            return;
        }
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(network.transport().channel())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMs)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        network.prepare(channel);
                    }
                });
        ChannelFuture connected = bootstrap.connect(new InetSocketAddress(address, routed.getPort()));
        connected.addListener(done -> onConnected(connected));
    }

    private void onConnected(ChannelFuture connected) {
        Throwable cause = connected.cause();
        if (cause != null) {
            // Netty's own messages repeat the address; the original is behind them.
            Throwable original =
                    cause instanceof ConnectException && cause.getCause() != null ? cause.getCause() : cause;
            lastFailure = Words.failure(original);
            tryNext();
            return;
        }
        Channel channel = connected.channel();
        outcome.onChannel(channel);
        try {
            SslHandler tls = network.protection().dialling(channel.alloc());
            if (tls != null) {
                channel.pipeline().addLast(tls);
            }
            channel.pipeline()
                    .addLast(new DiallingHandshake(
                            network.identity(), network.settings(), purpose, Words.target(host, port), outcome));
        } catch (NetworkException e) {
            outcome.onFailed(failure(Words.failure(e)));
            channel.close();
        }
    }

    private String failure(String reason) {
        return "cannot connect to " + Words.target(Words.line(host), port) + ": " + reason;
    }
}
