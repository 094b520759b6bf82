package io.millrace.remote.raft;

/** Where a member listens or is reached. */
public record HostAndPort(String host, int port) {
    /** Checks both. */
    public HostAndPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("an address without a host: give host:port");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " of host '" + host + "': give one from 1 to 65535");
        }
    }

    /** As an authority in a URI has it, with an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
