package io.millrace.remote.link;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The process at the other end of an edge.
 *
 * @param role as in its hello, and in its certificate
 * @param name likewise
 * @param instance as in its hello: another start of the process is another peer
 * @param address where it accepts links; empty if only the peer can dial
 */
public record LinkPeer(Role role, String name, String instance, Optional<InetSocketAddress> address) {
    /** Whether it is this one that a connection leads to. Whoever it is says its instance itself, while role and name stand in a certificate. */
    boolean is(Peer peer) {
        return role == peer.role() && name.equals(peer.name()) && instance.equals(peer.instance());
    }

    /** For people: {@code 'boat' (10.0.0.7:53293)}. */
    @Override
    public String toString() {
        return "'" + name + "'"
                + address.map(at -> " (" + at.getHostString() + ":" + at.getPort() + ")")
                        .orElse("");
    }
}
