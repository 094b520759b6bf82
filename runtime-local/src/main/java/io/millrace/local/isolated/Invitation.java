package io.millrace.local.isolated;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the JVM of a node finds the dataflow's, and by what it is known there: handed over as an environment variable, so nobody else knows it.
 *
 * @param secret new for each start of a JVM
 * @param memory the directory of the memory over which the two can talk; empty for none
 */
record Invitation(String nodeId, int port, UUID secret, Optional<Path> memory) {
    static final String VARIABLE = "MILLRACE_ISOLATED_NODE";

    private static final String NO_MEMORY = "-"; // no absolute path

    private static final Pattern TEXT = Pattern.compile("(\\d{1,5}) ([0-9a-f-]{36}) (\\S+) (.+)", Pattern.DOTALL);

    Invitation(String nodeId, int port, UUID secret) {
        this(nodeId, port, secret, Optional.empty());
    }

    Invitation with(Path directory) {
        return new Invitation(nodeId, port, secret, Optional.of(directory));
    }

    static Invitation parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(VARIABLE
                    + ": expected a port, a secret and a node's id, as Millrace writes them, found '" + text + "'");
        }
        String directory = URLDecoder.decode(matcher.group(3), StandardCharsets.UTF_8);
        return new Invitation(
                matcher.group(4),
                Integer.parseInt(matcher.group(1)),
                UUID.fromString(matcher.group(2)),
                directory.equals(NO_MEMORY) ? Optional.empty() : Optional.of(Path.of(directory)));
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
        String directory = memory.map(Path::toString).orElse(NO_MEMORY);
        return port + " " + secret + " " + URLEncoder.encode(directory, StandardCharsets.UTF_8) + " " + nodeId;
    }
}
