package io.millrace.remote.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An address that is bound before there is anybody to take in who comes: they wait there until it is opened. */
public final class Entrance {
    private final Network network;
    private final Channel channel;
    private final Guard guard;

    Entrance(Network network, Channel channel, Guard guard) {
        this.network = network;
        this.channel = channel;
        this.guard = guard;
    }

    /** As bound: with the port that the system chose where 0 was asked for. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Accepts control connections from now on, once; as {@link Network#listen(InetSocketAddress, ControlAcceptor, Executor)}. Does not block. */
    public void open(ControlAcceptor acceptor, Executor executor) {
        guard.door = new Door(network, acceptor, executor, null).forEach();
        channel.config().setAutoRead(true);
    }

    /** Stands where connections come in. */
    static final class Guard extends ChannelInitializer<Channel> {
        private volatile @Nullable ChannelHandler door;

        @Override
        protected void initChannel(Channel accepted) {
            ChannelHandler opened = door;
            if (opened == null) {
                var unused = accepted.close();
            } else {
                accepted.pipeline().addLast(opened);
            }
        }
    }
}
