package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Subscription;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Which output of which job, of commands that look on at what it sends and hold nobody up. */
final class OutputArgument {
    private static final int QUEUE_SIZE = 1000;

    @Parameters(paramLabel = "OUTPUT", description = "node/output, or node/operator/output.")
    @SuppressWarnings("NullAway.Init")
    private String output;

    @Mixin
    private final JobOption job = new JobOption();

    String name() {
        return output;
    }

    /**
     * What it sends from now on; of what comes faster than it is taken, the newest. Blocks.
     *
     * @throws NoSuchThingException if there is no such job or output
     */
    Subscription subscribe(Cluster cluster) {
        return Outputs.subscribe(
                cluster.attach(job.choose(cluster).id()), output, SubscribeOptions.dropOldest(QUEUE_SIZE));
    }
}
