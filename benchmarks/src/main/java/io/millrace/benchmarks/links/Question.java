package io.millrace.benchmarks.links;

import io.millrace.benchmarks.Arguments;
import java.util.List;
import java.util.Locale;

/**
 * What is asked of several, in turns.
 *
 * @param figures those that are held against the budget
 * @param isLessBetter whether the budget is the most that the ratio may be
 */
record Question(String id, String what, List<Row> rows, List<String> figures, double budget, boolean isLessBetter) {
    /** Of a ring: more messages would go by reference, where smaller ones did not. */
    private static final int QUEUE_BYTES = 256 * 1024;

    /** The first row is ours, the second its yardstick, others stand beside them. */
    record Row(String title, Class<?> main, Arguments arguments) {}

    boolean holds(double ratio) {
        return isLessBetter ? ratio <= budget : ratio >= budget;
    }

    String limit() {
        return (isLessBetter ? "<= " : ">= ") + String.format(Locale.ROOT, "%.1f", budget);
    }

    static List<Question> all(Pace pace, String tls) {
        return List.of(
                roundTrip("R1-64", 64, pace),
                roundTrip("R1-1024", 1024, pace),
                stream("R2-64", 64, pace),
                stream("R2-1024", 1024, pace),
                stream("R2-65536", 64 * 1024, pace),
                fan(pace),
                protectedRoundTrip(pace, tls),
                shared(pace));
    }

    /** How long to take. */
    record Pace(int warmup, int count, double warmupSeconds, double seconds) {
        static final Pace QUICK = new Pace(50_000, 30_000, 1.5, 2.5);
        /** Less warm-up, and half of a core still goes to the compiler while is measured. */
        static final Pace FULL = new Pace(200_000, 100_000, 6.0, 5.0);
    }

    private static Question roundTrip(String id, int length, Pace pace) {
        Arguments timed = timed(length, pace);
        return new Question(
                id,
                "round trip over a link, " + length + " B, us",
                List.of(
                        new Row("Millrace, node to node", ClusterRun.class, timed.with("form", "round-trip")),
                        new Row(
                                "Netty echo, a thread beside each loop",
                                YardstickRun.class,
                                timed.with("form", "echo")),
                        new Row("Netty echo on the loops", YardstickRun.class, timed.with("form", "bare-echo"))),
                List.of("p50", "p99"),
                1.2,
                true);
    }

    private static Arguments timed(int length, Pace pace) {
        return Arguments.parse("length=" + length, "warmup=" + pace.warmup(), "count=" + pace.count());
    }

    private static Question protectedRoundTrip(Pace pace, String tls) {
        Arguments timed = timed(64, pace).with("tls", tls);
        return new Question(
                "R4",
                "round trip over a link with mutual TLS, 64 B, us",
                List.of(
                        new Row("Millrace, node to node", ClusterRun.class, timed.with("form", "round-trip")),
                        new Row(
                                "Netty echo, a thread beside each loop",
                                YardstickRun.class,
                                timed.with("form", "echo"))),
                List.of("p50", "p99"),
                1.3,
                true);
    }

    private static Question shared(Pace pace) {
        Arguments timed = timed(64, pace).with("memory", "/dev/shm");
        return new Question(
                "R5",
                "round trip over shared memory, 64 B, busy-spin, us",
                List.of(
                        new Row(
                                "Millrace, node to node",
                                ClusterRun.class,
                                timed.with("form", "round-trip").with("idle", "busy-spin")),
                        new Row("Agrona's one-to-one ring, mapped by two JVMs", MappedRingRun.class, timed)),
                List.of("p50", "p99"),
                1.5,
                true);
    }

    private static Question stream(String id, int length, Pace pace) {
        Arguments streamed = flowing(length, pace).with("queue", String.valueOf(Math.max(64, QUEUE_BYTES / length)));
        return new Question(
                id,
                "one way over a link, " + length + " B, messages a second",
                List.of(
                        new Row("Millrace, node to node", ClusterRun.class, streamed.with("form", "stream")),
                        new Row("Netty, rings at both ends", YardstickRun.class, streamed.with("form", "stream"))),
                List.of("rate"),
                0.7,
                false);
    }

    private static Arguments flowing(int length, Pace pace) {
        double seconds = pace.warmupSeconds() + pace.seconds();
        return Arguments.parse("length=" + length, "warmup=" + pace.warmupSeconds(), "seconds=" + seconds);
    }

    private static Question fan(Pace pace) {
        Arguments fan = flowing(64, pace).with("form", "fan");
        return new Question(
                "R3",
                "100 edges on one link, 64 B, messages a second of 99",
                List.of(
                        new Row("one consumer stalled", ClusterRun.class, fan.with("stalled", "true")),
                        new Row("none stalled", ClusterRun.class, fan.with("stalled", "false"))),
                List.of("rate"),
                0.9,
                false);
    }
}
