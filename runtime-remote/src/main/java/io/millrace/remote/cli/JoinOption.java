package io.millrace.remote.cli;

import io.millrace.remote.HostPort;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the masters are: of executors and clients. */
final class JoinOption {
    @Option(
            names = {"--join", "--coordinator-addr"},
            paramLabel = "HOST[:PORT]",
            split = ",",
            converter = Addresses.OfMaster.class,
            defaultValue = "${env:MILLRACE_JOIN:-127.0.0.1}",
            description = {
                "Masters, with commas between them; any of them leads to the one that leads. Port: "
                        + Addresses.MASTER_PORT + ".",
                "Default: the variable MILLRACE_JOIN, else 127.0.0.1."
            })
    @SuppressWarnings("NullAway.Init")
    private List<HostPort> masters;

    List<HostPort> masters() {
        return masters;
    }
}
