package io.millrace.benchmarks.peers;

/** Throughput where the oldest message gives way: what the sender gets rid of, which nothing holds back, and how much of it arrives. */
final class DropFlood {
    private DropFlood() {}

    static void run(Arguments arguments, Figures figures) throws Exception {
        double seconds = arguments.decimal("seconds");
        Pipes.create(arguments).run(new Flood.Endless((long) (arguments.decimal("warmup") * 1e9)), new Newest());
        Newest newest = new Newest();
        Flood.Endless schedule = new Flood.Endless((long) (seconds * 1e9));
        Pipes.create(arguments).run(schedule, newest);
        if (newest.last != schedule.sent() - 1) {
            throw new IllegalStateException(
                    "the last message was " + (schedule.sent() - 1) + ", received " + newest.last);
        }
        figures.add("sent", schedule.sent() / seconds / 1e6);
        figures.add("received", newest.received / seconds / 1e6);
    }

    /** Values grow, and the last one arrives whatever was dropped. */
    private static final class Newest implements Sink {
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
}
