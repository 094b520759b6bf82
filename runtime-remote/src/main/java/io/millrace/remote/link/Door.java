package io.millrace.remote.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a listener does with each connection: counts it, protects it, greets it, and hands it to whom it is for. */
// A write or a close that fails shows as the end of its channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class Door {
    private final Network network;
    private final @Nullable ControlAcceptor control;
    private final @Nullable Executor executor;
    private final @Nullable LinkAcceptor links;

    /** @param executor null for the connection's own event loop */
    Door(
            Network network,
            @Nullable ControlAcceptor control,
            @Nullable Executor executor,
            @Nullable LinkAcceptor links) {
        this.network = network;
        this.control = control;
        this.executor = executor;
        this.links = links;
    }

    ChannelHandler forEach() {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                network.prepare(channel);
                if (!network.enters(channel)) {
                    refuse(channel, "there are " + network.settings().connectionsAtMost() + " connections already");
                } else {
                    greet(channel);
                }
            }
        };
    }

    private void greet(Channel channel) {
        try {
            SslHandler tls = network.protection().accepting(channel.alloc());
            if (tls != null) {
                channel.pipeline().addLast(tls);
            }
            channel.pipeline()
                    .addLast(new AcceptingHandshake(
                            network.identity(), network.settings(), this::outcome, network.refusals()));
        } catch (NetworkException e) {
            refuse(channel, Words.failure(e));
        }
    }

    private void refuse(Channel channel, String reason) {
        SocketAddress address = channel.remoteAddress();
        network.refusals().log(address, reason, true);
        channel.close();
    }

    private @Nullable Outcome outcome(Purpose purpose) {
        return switch (purpose) {
            case CONTROL -> control == null ? null : new ControlOutcome(network, control, executor);
            case LINK -> links == null ? null : new LinkOutcome(links);
        };
    }

    private record ControlOutcome(
            Network network,
            ControlAcceptor acceptor,
            @Nullable Executor executor) implements Outcome {
        @Override
        public void onPeer(Channel channel, Peer peer) {
            ControlHandler handler = acceptor.onAccept(peer);
            Executor calls = executor == null ? Network.onLoop(channel.eventLoop()) : executor;
            ControlChannel connection = new ControlChannel(handler, calls, network.settings(), network.channels());
            connection.onChannel(channel);
            if (connection.begin()) {
                connection.onPeer(channel, peer);
            }
        }

        @Override
        public void onFailed(String reason) {
            // The one who accepts has nobody to tell: the handshake has logged it.
        }
    }

    private record LinkOutcome(LinkAcceptor acceptor) implements Outcome {
        @Override
        public void onPeer(Channel channel, Peer peer) {
            acceptor.onLink(channel, peer);
        }

        @Override
        public void onFailed(String reason) {
            // As above.
        }
    }
}
