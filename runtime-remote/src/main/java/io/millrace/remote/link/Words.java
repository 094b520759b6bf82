package io.millrace.remote.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses and failures as people read them, in one line. */
final class Words {
    private static final int MAX_LENGTH = 400;

    private Words() {}

    /** {@code 10.0.0.7:53290}, {@code [::1]:53290}, or {@code name:53290} where it is not resolved. */
    static String address(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return String.valueOf(address);
        }
        InetAddress resolved = inet.getAddress();
        return target(resolved == null ? inet.getHostString() : resolved.getHostAddress(), inet.getPort());
    }

    static String target(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** What went wrong, of an I/O failure without the name of its class. */
    static String failure(Throwable failure) {
        String message = failure.getMessage();
        boolean speaksForItself =
                failure instanceof IOException || failure instanceof NetworkException || failure instanceof Refusal;
        return line(message != null && speaksForItself ? message : failure.toString());
    }

    /** What a peer says: in one line, bounded, and with nothing that could steer a terminal. */
    static String line(String text) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        text.strip().codePoints().limit(MAX_LENGTH).forEach(point -> {
            if (Character.isISOControl(point) || Character.getType(point) == Character.FORMAT) {
                safe.append(point == '\n' || point == '\t' ? " " : "?");
            } else {
                safe.appendCodePoint(point);
            }
        });
        return safe.toString();
    }
}
