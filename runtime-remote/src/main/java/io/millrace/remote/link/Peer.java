package io.millrace.remote.link;

import java.net.InetSocketAddress;

/**
 * Who is at the other end of a connection: checked against its certificate where there is one, else as it says itself.
 *
 * @param cluster always the own one
 * @param role what it is
 * @param name unique among those of its role
 * @param instance a UUID as text, new for each start of the process
 * @param address where this connection comes from or goes to, which is not where the peer listens
 */
public record Peer(String cluster, Role role, String name, String instance, InetSocketAddress address) {
    static Peer of(Identity identity, InetSocketAddress address) {
        return new Peer(identity.cluster(), identity.role(), identity.name(), identity.instance(), address);
    }

    /** For people: {@code executor 'boat' (10.0.0.7:41234)}. */
    @Override
    public String toString() {
        return role.text() + " '" + name + "' (" + Words.address(address) + ")";
    }
}
