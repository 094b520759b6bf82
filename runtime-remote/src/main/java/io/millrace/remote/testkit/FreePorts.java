package io.millrace.remote.testkit;

import io.millrace.remote.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loopback addresses on which nobody listens, for members that must have the same one each time they are started. Below the range that systems give to whoever dials, so
 * that nobody takes one by accident while its member is away. Not safe to share between threads.
 */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int END = 32_000;
    private static final int TRIES = 1_000;

    private final Set<Integer> given = new HashSet<>();

    /** @throws IllegalStateException if none is found */
    public HostPort next() {
        for (int tries = 0; tries < TRIES; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port) && given.add(port)) {
                return new HostPort("127.0.0.1", port);
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + END + " in " + TRIES + " tries");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) { // somebody has it
            return false;
        }
    }
}
