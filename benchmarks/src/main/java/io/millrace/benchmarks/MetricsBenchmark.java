package io.millrace.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What do metrics cost a message: sent on an edge, polled from it and handled, all on the one thread of a node that reads its own output? The budget is that {@code true} takes at
 * most 3 ns more than {@code false}.
 *
 * <p>To run it: {@code java -cp benchmarks/target/benchmarks-*-all.jar org.openjdk.jmh.Main -prof gc Metrics}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(5)
@State(Scope.Benchmark)
public class MetricsBenchmark {
    private static final int MESSAGES = 100_000;

    @Param({"false", "true"})
    public boolean metrics;

    @SuppressWarnings("NullAway.Init") // started by the set-up
    private MetricsLoop loop;

    @Setup
    public void start() {
        loop = MetricsLoop.start(metrics);
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void sendAndPoll() throws InterruptedException {
        loop.run(MESSAGES);
    }

    @TearDown
    public void stop() {
        loop.close();
    }
}
