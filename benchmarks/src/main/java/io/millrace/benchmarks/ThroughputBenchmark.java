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
 * How long does each of many messages take from one thread to another without loss: from a node to a node through the API of node authors, and over a bare
 * ring with the same bytes?
 *
 * <p>To run it alone: {@code java -cp benchmarks/target/benchmarks-*-all.jar org.openjdk.jmh.Main -prof gc Throughput}; beside the others, with ratios: {@code
 * benchmarks/run}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 1, time = 3)
public class ThroughputBenchmark {
    /** Of one order: enough that the orders weigh nothing. */
    private static final int MESSAGES = 1_000_000;

    private static final int RING_BYTES = 512 * 1024;

    /** The edge is Agrona's ring. */
    @Benchmark
    @Fork(value = 5, jvmArgsAppend = Flags.EXPORT)
    @OperationsPerInvocation(MESSAGES)
    public void agrona(Agrona state, Chunks chunks) throws InterruptedException {
        state.run();
        chunks.of(state);
    }

    /** The edge is the ring that needs no flag. */
    @Benchmark
    @Fork(5)
    @OperationsPerInvocation(MESSAGES)
    public void flagFree(FlagFree state, Chunks chunks) throws InterruptedException {
        state.run();
        chunks.of(state);
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

    /** The median time of a message among chunks of them, which a machine that does other things besides disturbs less than the mean. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Chunks {
        private @Nullable Running measured;

        void of(Running state) {
            measured = state;
        }

        public double medianNs() {
            return measured == null ? 0 : measured.nanosecondsAChunk.getValueAtPercentile(50) / (double) Tally.CHUNK;
        }
    }

    /** What both benchmarks run. */
    @State(Scope.Benchmark)
    public abstract static class Running {
        @Param({"64", "1024"})
        public int length;

        private final Histogram nanosecondsAChunk = new OwnHistogram();

        @SuppressWarnings("NullAway.Init") // started by the set-up of each form
        private Rig rig;

        final void start(Carrier carrier, String form) {
            rig = carrier.isBareRing()
                    ? new BareStream(carrier == Carrier.RING_CLAIM, RING_BYTES, length, nanosecondsAChunk).start()
                    : NodeStream.start(carrier == Carrier.OPERATOR, queueSize(length), length, nanosecondsAChunk, form);
        }

        /** With it an edge's ring has the bytes of the bare one, and the messages travel inside it. */
        private static int queueSize(int length) {
            return length <= 64 ? 4096 : 256;
        }

        @Setup(Level.Iteration)
        public void forget() {
            nanosecondsAChunk.reset();
        }

        final void run() throws InterruptedException {
            rig.run(MESSAGES);
        }

        @TearDown
        public void stop() throws InterruptedException {
            rig.stop();
        }
    }
}
