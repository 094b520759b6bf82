package io.millrace.remote;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An address that somebody can be reached at, as it is written.
 *
 * @param host a name, or an IP address without brackets
 * @param port 0 for any that is free, where something is bound to it
 */
public record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException if there is no host, or the port is out of range */
    public HostPort {
        if (host.isBlank() || port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "an address is host:port with a port of 0 to " + MAX_PORT + ", found '" + host + ":" + port + "'");
        }
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code [v6]:port} or {@code :port}, which is the loopback address.
     *
     * @throws IllegalArgumentException saying what was found and expected
     */
    public static HostPort parse(String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        boolean isBareV6 = colon >= 0 && text.indexOf(':') != colon && !text.startsWith("[");
        boolean hasPort = colon >= 0 && !isBareV6 && !text.endsWith("]");
        String host = hasPort ? text.substring(0, colon) : text;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new HostPort(
                host.isEmpty() ? "127.0.0.1" : host, hasPort ? port(text, text.substring(colon + 1)) : defaultPort);
    }

    private static int port(String text, String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "an address is host:port with a port of 0 to " + MAX_PORT + ", found '" + text + "'", e);
        }
    }

    /** Asks no name service. */
    InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** Blocks on the name service. Unresolved if the name is unknown. */
    InetSocketAddress resolved() {
        return new InetSocketAddress(host, port);
    }

    /** Whether it leads nowhere but to this machine. Blocks on the name service; a name that is unknown does not. */
    boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether it stands for every address of this machine. Blocks as {@link #isLoopback} does. */
    boolean isAny() {
        try {
            return InetAddress.getByName(host).isAnyLocalAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
