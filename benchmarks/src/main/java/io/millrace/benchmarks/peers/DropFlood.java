package io.millrace.benchmarks.peers;

import io.millrace.layout.Padding;

/** Throughput where the oldest message gives way: what the sender gets rid of, which nothing holds back, and how much of it arrives. */
final class DropFlood {
    private DropFlood() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        double seconds = arguments.decimal("seconds");
        Pipes.create(arguments)
                .run(new Flood.PaddedEndless((long) (arguments.decimal("warmup") * 1e9)), new PaddedNewest());
        Newest newest = new PaddedNewest();
        Flood.Endless schedule = new Flood.PaddedEndless((long) (seconds * 1e9));
        Pipes.create(arguments).run(schedule, newest);
        if (newest.last != schedule.sent() - 1) {
            throw new IllegalStateException(
                    "the last message was " + (schedule.sent() - 1) + ", received " + newest.last);
        }
        figures.add("sent", schedule.sent() / seconds / 1e6);
        figures.add("received", newest.received / seconds / 1e6);
    }

    /** Values grow, and the last one arrives whatever was dropped. */
    private static class Newest extends Padding implements Sink {
        private long last = -1;
        private long received;

        @Override
        public void onValue(long value) {
            if (value <= last) {
                throw new IllegalStateException("message " + value + " came after " + last);
            }
            last = value;
            received++;
        }
    }

    /** With the same space behind. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    private static final class PaddedNewest extends Newest {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;
    }
}
