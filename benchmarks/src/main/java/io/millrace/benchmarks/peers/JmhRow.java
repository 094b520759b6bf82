package io.millrace.benchmarks.peers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A row that a method with JMH's annotations measures. Its score is the figure {@value #SCORE}, what it allocates {@value #BYTES}.
 *
 * @param benchmark the class' full name
 * @param parameters JMH's, all that the method has
 */
record JmhRow(String id, String title, String benchmark, String method, Map<String, String> parameters) implements Row {
    static final String SCORE = "score";
    static final String BYTES = "bytes";

    @Override
    public Outcome run(Pace pace) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(Pattern.quote(benchmark + "." + method) + "$")
                .addProfiler(GCProfiler.class)
                .forks(1)
                .warmupIterations(pace.jmhWarmups())
                .warmupTime(seconds(pace))
                .measurementTime(seconds(pace))
                .jvmArgsPrepend("-Dslf4j.internal.verbosity=ERROR")
                .timeout(TimeValue.minutes(3))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        parameters.forEach(options::param);
        try {
            RunResult result = new Runner(options.build()).runSingle();
            List<String> flags = List.copyOf(result.getParams().getJvmArgs());
            return new Outcome(figures(result), flags, Optional.empty());
        } catch (RunnerException e) {
            return Outcome.failed(List.of(), String.valueOf(e.getMessage()));
        }
    }

    private static TimeValue seconds(Pace pace) {
        return TimeValue.milliseconds((long) (1_000 * pace.jmhSeconds()));
    }

    private static Map<String, Double> figures(RunResult result) {
        Map<String, Double> figures = new HashMap<>();
        figures.put(SCORE, result.getPrimaryResult().getScore());
        for (Result<?> other : result.getSecondaryResults().values()) {
            if (other.getLabel().endsWith("gc.alloc.rate.norm")) {
                figures.put(BYTES, other.getScore());
            }
        }
        return Map.copyOf(figures);
    }
}
