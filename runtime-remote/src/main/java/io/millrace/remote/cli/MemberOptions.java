package io.millrace.remote.cli;

import io.millrace.remote.HostPort;
import io.millrace.remote.TlsFiles;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Of every process that is a member of a cluster and runs on: which cluster, how its members know each other, and where it tells how it is. */
final class MemberOptions {
    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--http-addr",
            paramLabel = "[HOST]:PORT",
            converter = Addresses.OfHttp.class,
            description = {
                "Answers /healthz, /readyz and /metrics there, to anyone and in the clear.",
                "Without it there is no such port."
            })
    private @Nullable HostPort httpAddress;

    @Option(
            names = {"-v", "--verbose"},
            description = "Prints stack traces, and what the runtime has to tell.")
    private boolean verbose;

    String cluster() {
        return cluster.cluster();
    }

    Optional<TlsFiles> tls() {
        return cluster.tls();
    }

    boolean isInsecure() {
        return cluster.isInsecure();
    }

    Optional<HostPort> httpAddress() {
        return Optional.ofNullable(httpAddress);
    }

    /** What says how the process does; its logging is set up from then on. */
    Service service(Console console, String name) {
        Logging.configure(verbose);
        return new Service(console, name, verbose);
    }
}
