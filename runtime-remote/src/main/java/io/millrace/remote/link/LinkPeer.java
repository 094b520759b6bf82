package io.millrace.remote.link;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The process at the other end of an edge.
 *
 * @param name as in its hello
 * @param instance as in its hello: another start of the process is another peer
 * @param address where it accepts links; empty if only the peer can dial
 */
public record LinkPeer(String name, String instance, Optional<InetSocketAddress> address) {
    /** For people: {@code 'boat' (10.0.0.7:53293)}. */
    @Override
    public String toString() {
        return "'" + name + "'"
                + address.map(at -> " (" + at.getHostString() + ":" + at.getPort() + ")")
                        .orElse("");
    }
}
