package io.millrace.remote.link;

/** A host and a port, as people write them: {@code boat:53290}, {@code 10.0.0.7:53290}, {@code [::1]:53290}. */
public record Endpoint(String host, int port) {
    private static final int MAX_LENGTH = 255;
    private static final int MAX_PORT = 0xFFFF;

    /** @throws IllegalArgumentException if there is no host, or no such port */
    public Endpoint {
        if (host.isEmpty() || host.length() > MAX_LENGTH || host.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException("'" + Words.line(host) + "' is no host: expected a name or an address");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("the port is " + port + ": expected 0 to " + MAX_PORT);
        }
    }

    /**
     * Reads one.
     *
     * @param defaultPort where the text has none
     * @throws IllegalArgumentException if it is none
     */
    public static Endpoint parse(String text, int defaultPort) {
        int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
        int colon = text.indexOf(':', Math.max(0, bracket));
        boolean isBareIpV6 = bracket < 0 && colon >= 0 && text.indexOf(':', colon + 1) >= 0;
        if (colon < 0 || isBareIpV6) {
            return new Endpoint(unbracketed(text), defaultPort);
        }
        try {
            return new Endpoint(unbracketed(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + Words.line(text) + "' has no port behind its colon: expected such as boat:" + defaultPort, e);
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return Words.target(host, port);
    }
}
