package io.millrace.remote.cli;

import io.millrace.remote.HostPort;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a process that runs on tells how it is. */
final class HttpOption {
    @Option(
            names = "--http-addr",
            paramLabel = "[HOST]:PORT",
            converter = Addresses.OfHttp.class,
            description = {
                "Answers /healthz, /readyz and /metrics there, to anyone and in the clear.",
                "Without it there is no such port."
            })
    private @Nullable HostPort address;

    Optional<HostPort> address() {
        return Optional.ofNullable(address);
    }
}
