package io.millrace.remote.link;

import io.netty.channel.Channel;

/** What becomes of a connection once both ends have greeted each other. Called on the channel's event loop, one of the two, once. */
interface Outcome {
    /** The pipeline still has the spent handshake, which goes when this call returns; see {@link LinkAcceptor#onLink}. */
    void onPeer(Channel channel, Peer peer);

    /** In words; the channel is closed or closing, or never came about. */
    void onFailed(String reason);
}
