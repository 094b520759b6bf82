package io.millrace.remote.cli;

import io.millrace.remote.ClusterConfig;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Of every command that asks a cluster. */
final class ClientOptions {
    @Mixin
    private final JoinOption join = new JoinOption();

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--client-name",
            paramLabel = "NAME",
            defaultValue = "client",
            description = "Who asks, as the certificate says. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "How long to wait for a leading master. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Duration timeout;

    @Option(names = "--json", description = "Prints JSON, for programs.")
    private boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Prints stack traces, and what the connection has to tell.")
    private boolean verbose;

    boolean isJson() {
        return json;
    }

    boolean isVerbose() {
        return verbose;
    }

    /** @throws IllegalArgumentException if a name cannot be one */
    ClusterConfig.Builder config() {
        ClusterConfig.Builder config = ClusterConfig.builder()
                .cluster(cluster.cluster())
                .name(name)
                .masters(join.masters())
                .timeout(timeout)
                .insecure(cluster.isInsecure());
        cluster.tls().ifPresent(config::tls);
        return config;
    }
}
