package io.millrace.remote.cli;

import io.millrace.remote.MasterConfig;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The times by which masters notice that somebody is gone; they have to fit each other, and the masters check that. */
final class LeaseOptions {
    @Option(
            names = "--lease",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long an executor goes without word before it stops its movable nodes. Default: 10s.")
    private @Nullable Duration lease;

    @Option(
            names = "--renew",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How often executors renew their lease. Default: 2s.")
    private @Nullable Duration renewEvery;

    @Option(
            names = "--stop-grace",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "In which an executor stops them when its lease has ended. Default: 5s.")
    private @Nullable Duration stopGrace;

    @Option(
            names = "--drift",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "By how much clocks may differ over such a time. Default: 4s.")
    private @Nullable Duration drift;

    @Option(
            names = "--election-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "After how long without word from the leader the others elect another. Default: 2s.")
    private @Nullable Duration electionTimeout;

    @Option(
            names = "--link-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "How long a link between executors may be down before its edges are closed; the same for all masters. Default: 30s.")
    private @Nullable Duration linkTimeout;

    void into(MasterConfig.Builder config) {
        ifSaid(lease, config::lease);
        ifSaid(renewEvery, config::renewEvery);
        ifSaid(stopGrace, config::stopGrace);
        ifSaid(drift, config::drift);
        ifSaid(electionTimeout, config::electionTimeout);
        ifSaid(linkTimeout, config::linkTimeout);
    }

    private static void ifSaid(@Nullable Duration time, Consumer<Duration> setter) {
        if (time != null) {
            setter.accept(time);
        }
    }
}
