package io.millrace.local.isolated;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the JVM of a node finds the dataflow's, and by what it is known there: handed over as an environment variable, so nobody else knows it.
 *
 * @param secret new for each start of a JVM
 */
record Invitation(String nodeId, int port, UUID secret) {
    static final String VARIABLE = "MILLRACE_ISOLATED_NODE";

    private static final Pattern TEXT = Pattern.compile("(\\d{1,5}) ([0-9a-f-]{36}) (.+)", Pattern.DOTALL);

    static Invitation parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(VARIABLE
                    + ": expected a port, a secret and a node's id, as Millrace writes them, found '" + text + "'");
        }
        return new Invitation(matcher.group(3), Integer.parseInt(matcher.group(1)), UUID.fromString(matcher.group(2)));
    }

    InetSocketAddress address() {
        return new InetSocketAddress(loopback(), port);
    }

    static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    @Override
    public String toString() {
        return port + " " + secret + " " + nodeId;
    }
}
