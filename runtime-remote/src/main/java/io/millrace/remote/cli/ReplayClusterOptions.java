package io.millrace.remote.cli;

import io.millrace.remote.ClusterConfig;
import io.millrace.remote.HostPort;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a dataflow that is fed from a recording runs, if not in this process: only if it is said, whatever the environment says. */
final class ReplayClusterOptions {
    @Option(
            names = {"--join", "--coordinator-addr"},
            paramLabel = "HOST[:PORT]",
            split = ",",
            converter = Addresses.OfMaster.class,
            description = {
                "With --into: runs the dataflow as a job of the cluster with these masters, and feeds it from here. Without it the dataflow runs in this process."
            })
    private List<HostPort> masters = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "With --join: the job's name, if not the dataflow's.")
    private String name = "";

    @Option(
            names = "--client-name",
            paramLabel = "NAME",
            defaultValue = "client",
            description = "With --join: who asks, as the certificate says. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private String client;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    boolean isGiven() {
        return !masters.isEmpty();
    }

    /** The job's name, where the dataflow has this one. */
    String jobName(String dataflow) {
        return name.isEmpty() ? dataflow : name;
    }

    /** @throws IllegalArgumentException if a name cannot be one */
    ClusterConfig.Builder config() {
        ClusterConfig.Builder config = ClusterConfig.builder()
                .cluster(cluster.cluster())
                .name(client)
                .masters(masters)
                .insecure(cluster.isInsecure());
        cluster.tls().ifPresent(config::tls);
        return config;
    }
}
