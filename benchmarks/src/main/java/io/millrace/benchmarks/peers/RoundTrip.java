package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Arguments;
import io.millrace.benchmarks.BareRoundTrip;
import io.millrace.benchmarks.NodeRoundTrip;
import io.millrace.benchmarks.OwnHistogram;
import io.millrace.benchmarks.Rig;
import org.HdrHistogram.Histogram;

/** Closed loop: one message of 64 bytes goes there and back between two spinning threads, and only then the next. */
final class RoundTrip {
    private static final int ROUNDS = 10_000;
    private static final int LENGTH = 64;
    /** What an edge has where nothing is written, and the bytes of its ring. */
    private static final int QUEUE_SIZE = 10;

    private static final int RING_BYTES = 64 * 1024;

    private RoundTrip() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        Histogram nanoseconds = new OwnHistogram();
        Rig rig = rig(arguments, nanoseconds);
        runFor(arguments.decimal("warmup"), rig);
        nanoseconds.reset();
        long before = Allocated.bytes();
        long rounds = runFor(arguments.decimal("seconds"), rig);
        figures.add("bytes", (double) (Allocated.bytes() - before) / rounds);
        rig.stop();
        FixedRate.report(nanoseconds, figures);
    }

    private static Rig rig(Arguments arguments, Histogram nanoseconds) {
        return switch (arguments.text("with")) {
            case "write" -> new BareRoundTrip(false, RING_BYTES, LENGTH, nanoseconds).start();
            case "claim" -> new BareRoundTrip(true, RING_BYTES, LENGTH, nanoseconds).start();
            case "node" -> NodeRoundTrip.start(false, QUEUE_SIZE, LENGTH, nanoseconds, arguments.text("form"));
            case "operator" -> NodeRoundTrip.start(true, QUEUE_SIZE, LENGTH, nanoseconds, arguments.text("form"));
            default -> throw new IllegalArgumentException("no such rig: " + arguments);
        };
    }

    /** @return how many rounds there were */
    private static long runFor(double seconds, Rig rig) throws InterruptedException {
        long rounds = 0;
        for (long beginNs = System.nanoTime(); System.nanoTime() - beginNs < seconds * 1e9; rounds += ROUNDS) {
            rig.run(ROUNDS);
        }
        return rounds;
    }
}
