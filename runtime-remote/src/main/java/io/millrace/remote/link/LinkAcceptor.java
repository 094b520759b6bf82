package io.millrace.remote.link;

import io.netty.channel.Channel;

/** Takes over the connections whose purpose is a link, accepted and dialled ones. */
interface LinkAcceptor {
    /**
     * The hellos are exchanged and the peer is checked. Called on the channel's event loop; the channel is active, reads by itself, and its pipeline holds TLS, if
     * there is any, and the spent hello, which goes when this call returns. Add handlers with {@code addLast} within this call: what the peer has sent behind its
     * hello is handed to them next, as {@code channelRead}. From now on the channel is the acceptor's: to read, to watch and to close. It is closed with its network.
     */
    void onLink(Channel channel, Peer peer);
}
