package io.millrace.remote;

import io.millrace.remote.link.NetworkSettings;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which addresses are whose. */
final class Addresses {
    private static final Logger LOG = LoggerFactory.getLogger(Addresses.class);

    private Addresses() {}

    static List<InetSocketAddress> unresolved(List<HostPort> addresses) {
        return addresses.stream()
                .map(address -> InetSocketAddress.createUnresolved(address.host(), address.port()))
                .toList();
    }

    /** Limits of a network whose dials go where the route says. */
    static NetworkSettings routed(UnaryOperator<HostPort> route) {
        return NetworkSettings.builder()
                .route(address -> {
                    HostPort to = route.apply(new HostPort(address.getHostString(), address.getPort()));
                    return InetSocketAddress.createUnresolved(to.host(), to.port());
                })
                .build();
    }

    /**
     * The address of this machine by which it reaches the first of these that it can: nothing is sent. Who reaches its master by the loopback address shares a host with
     * it, and others have to reach it all the same: for them it is an address of the host. Blocks on the name service.
     */
    static HostPort towards(List<HostPort> masters, int port) {
        for (HostPort master : masters) {
            try (DatagramSocket probe = new DatagramSocket()) {
                probe.connect(master.resolved());
                InetAddress local = probe.getLocalAddress();
                if (!local.isAnyLocalAddress()) {
                    InetAddress reachable = local.isLoopbackAddress() ? outer().orElse(local) : local;
                    return new HostPort(reachable.getHostAddress(), port);
                }
            } catch (SocketException | IllegalArgumentException e) { // no way there, or no such name
                LOG.debug("{} cannot be reached from here", master, e);
            }
        }
        throw new IllegalArgumentException("none of the masters " + masters
                + " can be reached from here, so it is not known at which address others reach this executor: give it"
                + " an advertise address");
    }

    /** By which others reach this machine, as far as it can know; the loopback address where there is no network. The port is 0. */
    static HostPort ofThisMachine() {
        try {
            return new HostPort(outer().map(InetAddress::getHostAddress).orElse("127.0.0.1"), 0);
        } catch (SocketException e) {
            throw new IllegalArgumentException(
                    "the addresses of this machine cannot be read, so it is not known at which others reach it: give an advertise address",
                    e);
        }
    }

    /** An address of this machine that is not its loopback: IPv4 before IPv6, and the interface before others that was there first. Empty where there is no network. */
    private static Optional<InetAddress> outer() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(Addresses::leadsOut)
                .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .min(Comparator.comparing(Inet6Address.class::isInstance));
    }

    private static boolean leadsOut(NetworkInterface network) {
        try {
            return network.isUp() && !network.isLoopback() && !network.isPointToPoint();
        } catch (SocketException e) { // it has just gone
            return false;
        }
    }

    /** Whether it is one of this machine's own addresses. Blocks on the name service. */
    static boolean isOfThisMachine(HostPort address) {
        try {
            InetAddress resolved = InetAddress.getByName(address.host());
            return resolved.isLoopbackAddress() || NetworkInterface.getByInetAddress(resolved) != null;
        } catch (UnknownHostException | SocketException e) { // then it is not known to be
            return false;
        }
    }
}
