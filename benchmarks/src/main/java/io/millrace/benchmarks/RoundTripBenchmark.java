package io.millrace.benchmarks;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * How long is a message of 64 bytes on its way from one thread to another and back: between two nodes through the API of node authors, and over a bare ring?
 *
 * <p>Closed loop: one message is under way, both threads spin and nothing else runs; the sending thread records each round trip. To run it alone: {@code java
 * -cp benchmarks/target/benchmarks-*-all.jar org.openjdk.jmh.Main -prof gc RoundTrip}; beside the others, with ratios: {@code benchmarks/run}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 1, time = 3)
public class RoundTripBenchmark {
    /** Of one order: enough that the orders weigh nothing. */
    private static final int ROUNDS = 20_000;

    private static final int LENGTH = 64;
    /** What an edge has where nothing is written, and the bytes of its ring. */
    private static final int QUEUE_SIZE = 10;

    private static final int RING_BYTES = 64 * 1024;

    /** The {@code backpressure} edge is Agrona's ring. */
    @Benchmark
    @Fork(value = 5, jvmArgsAppend = Flags.EXPORT)
    @OperationsPerInvocation(ROUNDS)
    public void agrona(Agrona state, Percentiles percentiles) throws InterruptedException {
        state.run();
        percentiles.of(state);
    }

    /** The {@code backpressure} edge is the ring that needs no flag. */
    @Benchmark
    @Fork(5)
    @OperationsPerInvocation(ROUNDS)
    public void flagFree(FlagFree state, Percentiles percentiles) throws InterruptedException {
        state.run();
        percentiles.of(state);
    }

    @State(Scope.Benchmark)
    public static class Agrona extends Running {
        @Param
        public Carrier carrier;

        @Setup
        public void start() {
            start(carrier, Flags.AGRONA_FORM);
        }
    }

    @State(Scope.Benchmark)
    public static class FlagFree extends Running {
        @Param({"NODES", "OPERATOR"})
        public Carrier carrier;

        @Setup
        public void start() {
            start(carrier, Flags.OWN_FORM);
        }
    }

    /** Of the round trips of one iteration; JMH asks for them at its end. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Percentiles {
        private @Nullable Running measured;

        void of(Running state) {
            measured = state;
        }

        public double p50Ns() {
            return nanosecondsAt(50);
        }

        public double p99Ns() {
            return nanosecondsAt(99);
        }

        private double nanosecondsAt(double percentile) {
            return measured == null ? 0 : measured.nanoseconds.getValueAtPercentile(percentile);
        }
    }

    /** What both benchmarks run. */
    public abstract static class Running {
        private final Histogram nanoseconds = new OwnHistogram();

        @SuppressWarnings("NullAway.Init") // started by the set-up of each form
        private Rig rig;

        final void start(Carrier carrier, String form) {
            rig = carrier.isBareRing()
                    ? new BareRoundTrip(carrier == Carrier.RING_CLAIM, RING_BYTES, LENGTH, nanoseconds).start()
                    : NodeRoundTrip.start(carrier == Carrier.OPERATOR, QUEUE_SIZE, LENGTH, nanoseconds, form);
        }

        @Setup(Level.Iteration)
        public void forget() {
            nanoseconds.reset();
        }

        final void run() throws InterruptedException {
            rig.run(ROUNDS);
        }

        @TearDown
        public void stop() throws InterruptedException {
            rig.stop();
        }
    }
}
