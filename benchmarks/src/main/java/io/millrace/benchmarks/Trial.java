package io.millrace.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What one forked JVM found.
 *
 * @param figures as the question's columns say
 * @param bytes allocated per message or round trip, in the whole JVM
 * @param others the share of all cores' time that other processes used meanwhile; empty where that cannot be known
 * @param jvmArgs of the fork
 */
record Trial(List<Double> figures, double bytes, Optional<Double> others, List<String> jvmArgs) {

    private static final double MILLION_A_SECOND = 1_000; // is one in so many nanoseconds

    /** Forks a JVM and blocks until it has ended. */
    static Trial run(Question.Case what, boolean quick) throws IOException, RunnerException {
        Optional<ProcessorTime> before = ProcessorTime.now();
        RunResult result = new Runner(options(what, quick)).runSingle();
        Optional<ProcessorTime> after = ProcessorTime.now();
        return new Trial(
                figures(what.question(), result),
                secondary(result, "gc.alloc.rate.norm"),
                before.flatMap(earlier -> after.map(later -> later.othersSince(earlier))),
                List.copyOf(result.getParams().getJvmArgs()));
    }

    private static Options options(Question.Case what, boolean quick) {
        String method = what.withFlag() ? "agrona" : "flagFree";
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(Pattern.quote(what.question().benchmark().getName() + "." + method) + "$")
                .param("carrier", what.carrier().name())
                .param("length", Integer.toString(what.question().length()))
                .addProfiler(GCProfiler.class)
                .forks(1)
                .jvmArgsPrepend("-Dslf4j.internal.verbosity=ERROR") // nothing is logged, and nothing said about it
                .timeout(TimeValue.minutes(3))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        return quick
                ? options.warmupIterations(3)
                        .measurementTime(TimeValue.seconds(1))
                        .measurementIterations(1)
                        .build()
                : options.build();
    }

    private static List<Double> figures(Question question, RunResult result) {
        return question == Question.ROUND_TRIP
                ? List.of(secondary(result, "p50Ns"), secondary(result, "p99Ns"))
                : List.of(
                        MILLION_A_SECOND / secondary(result, "medianNs"),
                        MILLION_A_SECOND / result.getPrimaryResult().getScore());
    }

    private static double secondary(RunResult result, String name) {
        for (Result<?> figure : result.getSecondaryResults().values()) {
            if (figure.getLabel().endsWith(name)) {
                return figure.getScore();
            }
        }
        throw new IllegalStateException("JMH found no " + name + " among "
                + result.getSecondaryResults().keySet());
    }
}
