package io.millrace.remote.cli;

import io.millrace.remote.HostPort;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a process that runs on tells how it is. */
final class HttpOption {
    /** Who begins a request and does not end it holds a thread for so long. In seconds; a setting of the JDK's server, which has no other place for it. */
    private static final Map<String, String> LIMITS = Map.of(
            "sun.net.httpserver.maxReqTime", "5",
            "sun.net.httpserver.maxRspTime", "5",
            "jdk.httpserver.maxConnections", "64");

    @Option(
            names = "--http-addr",
            paramLabel = "[HOST]:PORT",
            converter = Addresses.OfHttp.class,
            description = {
                "Answers /healthz, /readyz and /metrics there, to anyone and in the clear.",
                "Without it there is no such port."
            })
    private @Nullable HostPort address;

    /** @throws IOException if there is an address and it cannot be listened on */
    Optional<HealthServer> start(HealthServer.Health health) throws IOException {
        if (address == null) {
            return Optional.empty();
        }
        LIMITS.forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
        return Optional.of(HealthServer.start(address, health));
    }
}
