package io.millrace.remote.cli;

import io.millrace.remote.Cluster;
import io.millrace.remote.client.OutputLostException;
import io.millrace.runtime.SubscribeOptions;
import io.millrace.runtime.Tap;
import io.millrace.runtime.TapHandler;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which output of which job, of commands that look on at what it sends and hold nobody up: neither its sender nor the job's end. */
final class OutputArgument {
    private static final int QUEUE_SIZE = 1000;

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec command;

    @Parameters(paramLabel = "OUTPUT", description = "node/output or node/operator/output.")
    @SuppressWarnings("NullAway.Init")
    private String output;

    @Mixin
    private final JobOption job = new JobOption();

    /** @throws ParameterException if nothing can be seen there, whatever job it is */
    void check() {
        Published.complaint(output).ifPresent(why -> {
            throw new ParameterException(Objects.requireNonNull(command).commandLine(), why);
        });
    }

    /**
     * Hands over what it sends from now on; of what comes faster than it is taken, the newest. When nothing will come any more nobody looks on. Blocks.
     *
     * @throws NoSuchThingException if there is no such job or output
     */
    Tap tap(Cluster cluster, Looking looking, TapHandler handler) {
        Tap tap = Outputs.tap(
                cluster.attach(job.choose(cluster).id()), output, SubscribeOptions.dropOldest(QUEUE_SIZE), handler);
        tap.completion().whenComplete((nothing, thrown) -> looking.end());
        return tap;
    }

    /** Has what the handler threw come out here, if it did, and that not all has come, if that is so. */
    static void check(Tap tap) {
        try {
            tap.completion().toCompletableFuture().getNow(null);
        } catch (CompletionException e) {
            throw e.getCause() instanceof OutputLostException lost ? lost : e;
        }
    }
}
