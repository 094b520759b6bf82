package io.millrace.remote.cli;

import io.millrace.remote.HostPort;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads addresses, each with the port that is usual where it stands. */
final class Addresses {
    /** Where masters listen for executors and clients. */
    static final int MASTER_PORT = 53290;

    /** Where masters listen for each other. */
    static final int RAFT_PORT = 53292;

    /** Where executors listen for links. */
    static final int LINK_PORT = 53293;

    private Addresses() {}

    private static HostPort parse(String text, int defaultPort) {
        try {
            return HostPort.parse(text.strip(), defaultPort);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /** As users write it. */
    static String text(InetSocketAddress address) {
        return new HostPort(address.getHostString(), address.getPort()).toString();
    }

    static final class OfMaster implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String text) {
            return parse(text, MASTER_PORT);
        }
    }

    static final class OfRaft implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String text) {
            return parse(text, RAFT_PORT);
        }
    }

    static final class OfLinks implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String text) {
            return parse(text, LINK_PORT);
        }
    }

    /** For what has no usual port: one must be written. */
    static final class OfHttp implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String text) {
            HostPort address = parse(text, 0);
            if (address.port() == 0 && !text.strip().endsWith(":0")) {
                throw new TypeConversionException("expected host:port or :port, found '" + text + "'");
            }
            return address;
        }
    }
}
