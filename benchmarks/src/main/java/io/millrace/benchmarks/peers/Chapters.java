package io.millrace.benchmarks.peers;

import io.millrace.benchmarks.Flags;
import io.millrace.benchmarks.OperatorHopBenchmark;
import io.millrace.benchmarks.PayloadBenchmark;
import io.millrace.benchmarks.peers.Budget.Judgement;
import io.millrace.benchmarks.peers.Budget.Ratio;
import io.millrace.benchmarks.peers.Chapter.Column;
import io.millrace.benchmarks.recording.RecordingBenchmark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that is asked. A benchmark of JMH joins by a chapter of {@link JmhRow}s. */
final class Chapters {
    private static final List<String> FLAG = List.of(Flags.EXPORT);
    private static final List<String> NO_FLAG = List.of();
    /** What Hazelcast asks for when it starts without. */
    private static final List<String> JET_FLAGS = List.of(
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

    /** What Chronicle Queue needs. */
    private static final List<String> RECORDING_FLAGS = List.of(
            Flags.EXPORT,
            "-XX:+IgnoreUnrecognizedVMOptions",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "-Dchronicle.disk.monitor.disable=true");

    private static final List<Column> LATENCY = List.of(
            new Column("p50", "p50 us", 1),
            new Column("p90", "p90", 1),
            new Column("p99", "p99", 1),
            new Column("p99.9", "p99.9", 0),
            new Column("most", "most", 0));
    private static final List<Column> THROUGHPUT = List.of(
            new Column("median", "M/s: median", 1), new Column("mean", "mean", 1), new Column("bytes", "B/message", 2));

    private Chapters() {}

    static List<Chapter> all() {
        return Stream.of(
                        Stream.of(roundTrip()),
                        Stream.of(rate(10_000, 64), rate(100_000, 64), rate(1_000_000, 64), rate(100_000, 1024)),
                        Stream.of(flood(64), flood(1024), nodesInARow(), operators(), drop()),
                        Stream.of(longs(), longsAtARate(), idle(), wakeUp(), coldStart(), manyNodes()),
                        Stream.of(payloads(), metrics(), recording()))
                .flatMap(chapters -> chapters)
                .toList();
    }

    private static Chapter roundTrip() {
        return new Chapter(
                "round-trip",
                "Round trip between two nodes",
                "Closed loop: 64 bytes there and back between two spinning threads, one message at a time. Microseconds.",
                List.of(
                        new Column("p50", "p50 us", 3),
                        new Column("p99", "p99", 3),
                        new Column("p99.9", "p99.9", 1),
                        new Column("bytes", "B/round trip", 2)),
                "p50",
                List.of(
                        probe("write", "bare Agrona ring, write", FLAG, "round-trip", "with=write"),
                        probe("claim", "bare Agrona ring, claim", FLAG, "round-trip", "with=claim"),
                        probe("nodes", "node to node", FLAG, "round-trip", "with=node", "form=" + Flags.AGRONA_FORM),
                        probe(
                                "nodes-own",
                                "node to node, without the flag",
                                NO_FLAG,
                                "round-trip",
                                "with=node",
                                "form=" + Flags.OWN_FORM),
                        probe(
                                "operator",
                                "node to operator",
                                FLAG,
                                "round-trip",
                                "with=operator",
                                "form=" + Flags.AGRONA_FORM)),
                List.of(
                        Budget.atMost("L1", "round trip, p50", 1.3, new Ratio("nodes", "write", "p50")),
                        Budget.atMost("L1", "round trip, p99", 1.3, new Ratio("nodes", "write", "p99")),
                        Budget.atMost(
                                "L1", "round trip without the flag, p50", 1.5, new Ratio("nodes-own", "write", "p50")),
                        Budget.atMost(
                                "L1", "round trip without the flag, p99", 1.5, new Ratio("nodes-own", "write", "p99")),
                        Budget.below(
                                "L5", "allocated in a round trip, drop_oldest one way", 0.5, " B", "nodes", "bytes")));
    }

    private static Chapter rate(int rate, int length) {
        String[] what = {"rate=" + rate, "length=" + length};
        List<Row> rows = new ArrayList<>();
        rows.add(probe("floor", "the clock alone (floor)", NO_FLAG, "rate", with(what, Carrier.CLOCK)));
        rows.addAll(hops("rate", what));
        return new Chapter(
                "rate-" + rate + "-" + length,
                "One hop at " + rate + " messages a second, " + length + " bytes",
                "Open loop, two spinning threads: a message's time counts from when it was due. No tail can be better than the floor, which is a thread that only looks at the clock while"
                        + " another one spins. Microseconds.",
                LATENCY,
                "p50",
                rows,
                List.of());
    }

    private static Chapter flood(int length) {
        return new Chapter(
                "throughput-" + length,
                "Throughput of one hop, " + length + " bytes",
                "As fast as there is room, two spinning threads, nothing lost, rings of about 512 KiB; queues of references hold as many messages as an edge and copy the same bytes. Aeron's buffer is 8 MiB,"
                        + " for its driver looks at it once a millisecond.",
                THROUGHPUT,
                "median",
                hops("flood", "length=" + length),
                List.of(
                        Budget.atLeast(
                                "L2",
                                "throughput, " + length + " B, beside the bare ring claimed",
                                0.85,
                                new Ratio("millrace", "claim", "median")),
                        Budget.atLeast(
                                "L2",
                                "throughput, " + length + " B, beside Disruptor",
                                1.0,
                                new Ratio("millrace", "disruptor", "median")),
                        Budget.below(
                                "L5",
                                "allocated for a message of " + length + " B, backpressure",
                                0.5,
                                " B",
                                "millrace",
                                "bytes")));
    }

    /** Ours and the peers', one hop each. */
    private static List<Row> hops(String what, String... arguments) {
        return List.of(
                probe(
                        "millrace",
                        "Millrace, node to operator",
                        FLAG,
                        what,
                        with(arguments, Carrier.MILLRACE, "form=" + Flags.AGRONA_FORM)),
                probe(
                        "millrace-own",
                        "Millrace without the flag",
                        NO_FLAG,
                        what,
                        with(arguments, Carrier.MILLRACE, "form=" + Flags.OWN_FORM)),
                probe("write", "bare Agrona ring, write", FLAG, what, with(arguments, Carrier.AGRONA_WRITE)),
                probe("claim", "bare Agrona ring, claim", FLAG, what, with(arguments, Carrier.AGRONA_CLAIM)),
                probe("disruptor", "LMAX Disruptor", NO_FLAG, what, with(arguments, Carrier.DISRUPTOR)),
                probe("jctools", "JCTools SPSC queue", NO_FLAG, what, with(arguments, Carrier.JCTOOLS)),
                probe("aeron", "Aeron IPC", FLAG, what, with(arguments, Carrier.AERON_IPC)),
                probe("blocking", "ArrayBlockingQueue", NO_FLAG, what, with(arguments, Carrier.BLOCKING_QUEUE)));
    }

    private static Chapter nodesInARow() {
        String[] what = {"rate=10000", "length=64", "hops=3", "waiting=park", "warmup=5"};
        return new Chapter(
                "three-nodes",
                "Three nodes in a row, more than there are cores",
                "Open loop: a source that spins on the clock sends 10,000 messages a second of 64 bytes through three threads that sleep when there is nothing to do. One way through all, after five seconds: at this rate it takes so long until the JVM has compiled what it will. Microseconds.",
                LATENCY,
                "p50",
                List.of(
                        probe(
                                "millrace",
                                "Millrace, default idle strategy",
                                FLAG,
                                "rate",
                                with(what, Carrier.MILLRACE)),
                        probe("ring", "bare Agrona ring with unpark", FLAG, "rate", with(what, Carrier.AGRONA_WRITE)),
                        probe("blocking", "ArrayBlockingQueue", NO_FLAG, "rate", with(what, Carrier.BLOCKING_QUEUE))),
                List.of(
                        Budget.atMost("L3", "three nodes, p50", 1.2, new Ratio("millrace", "ring", "p50")),
                        Budget.atMost("L3", "three nodes, p99", 1.2, new Ratio("millrace", "ring", "p99")),
                        Budget.atMost(
                                "L3",
                                "three nodes, p50 beside ArrayBlockingQueue",
                                1.0,
                                new Ratio("millrace", "blocking", "p50")),
                        Budget.atMost(
                                "L3",
                                "three nodes, p99 beside ArrayBlockingQueue",
                                1.0,
                                new Ratio("millrace", "blocking", "p99"))));
    }

    private static Chapter operators() {
        String benchmark = OperatorHopBenchmark.class.getName();
        return new Chapter(
                "operators",
                "Operator to operator in one node",
                "JMH, one thread: a number through one operator and through nine, each copying it into the message for the next, beside objects that do the same and call one another.",
                List.of(new Column(JmhRow.SCORE, "ns/message", 2), new Column(JmhRow.BYTES, "B/message", 2)),
                JmhRow.SCORE,
                List.of(
                        new JmhRow("calls-1", "one call", benchmark, "calls", Map.of("length", "1")),
                        new JmhRow("calls-9", "nine calls", benchmark, "calls", Map.of("length", "9")),
                        new JmhRow("operators-1", "one operator", benchmark, "operators", Map.of("length", "1")),
                        new JmhRow("operators-9", "nine operators", benchmark, "operators", Map.of("length", "9"))),
                List.of(new Budget(
                        "L4", "a hop between operators beyond a call", "<= 10 ns", Chapters::hopBeyondCall)));
    }

    private static Optional<Judgement> hopBeyondCall(Results results) {
        double hops = 8; // from one to nine
        return new Ratio("operators-9", "operators-1", JmhRow.SCORE)
                .difference(results)
                .flatMap(operators -> new Ratio("calls-9", "calls-1", JmhRow.SCORE)
                        .difference(results)
                        .map(calls -> (operators - calls) / hops))
                .map(ns -> new Judgement(Budget.format("%.2f ns", ns), ns <= 10));
    }

    private static Chapter drop() {
        String[] what = {"length=64", "capacity=4096", "policy=drop_oldest"};
        return new Chapter(
                "drop-oldest",
                "Throughput where the oldest message gives way",
                "Two spinning threads, 64 bytes, 4096 messages may wait; nothing holds the sender back. The bare ring moves its read position by compare-and-set on both sides.",
                List.of(new Column("sent", "sent, M/s", 1), new Column("received", "received, M/s", 1)),
                "sent",
                List.of(
                        probe("millrace", "Millrace, drop_oldest", NO_FLAG, "drop", with(what, Carrier.MILLRACE)),
                        probe("slots", "bare slot ring", NO_FLAG, "drop", with(what, Carrier.SLOT_RING))),
                List.of(Budget.atLeast(
                        "L2", "drop_oldest beside a bare slot ring", 0.75, new Ratio("millrace", "slots", "sent"))));
    }

    private static Chapter longs() {
        return new Chapter(
                "source-map-sink",
                "Source, map and sink of longs: throughput",
                "Three threads or what stands for them, on two cores; each adds nothing but one to a long. Jet and Pekko carry objects, the others eight bytes.",
                THROUGHPUT.subList(0, 2),
                "median",
                longRows("flood", "added=1"),
                List.of(
                        Budget.atLeast(
                                "L2", "source, map, sink beside Jet", 1.0, new Ratio("millrace", "jet", "median")),
                        Budget.atLeast(
                                "L2",
                                "source, map, sink beside Pekko",
                                1.0,
                                new Ratio("millrace", "pekko", "median"))));
    }

    private static Chapter longsAtARate() {
        return new Chapter(
                "source-map-sink-rate",
                "Source, map and sink of longs at 100,000 a second",
                "Open loop, as above. Microseconds.",
                LATENCY,
                "p50",
                longRows("rate", "rate=100000"),
                List.of());
    }

    private static List<Row> longRows(String what, String argument) {
        String[] arguments = {argument, "length=8", "hops=2", "waiting=park"};
        String[] yielding = {argument, "length=8", "hops=2", "waiting=yield"};
        return List.of(
                probe("millrace", "Millrace, default idle strategy", FLAG, what, with(arguments, Carrier.MILLRACE)),
                probe("ring", "bare Agrona rings with unpark", FLAG, what, with(arguments, Carrier.AGRONA_CLAIM)),
                probe("ring-yield", "bare Agrona rings with yield", FLAG, what, with(yielding, Carrier.AGRONA_CLAIM)),
                probe("jet", "Hazelcast Jet", JET_FLAGS, what, with(arguments, Carrier.JET)),
                probe("pekko", "Pekko Streams, async boundaries", NO_FLAG, what, with(arguments, Carrier.PEKKO)));
    }

    private static Chapter idle() {
        return new Chapter(
                "idle",
                "Nothing to do",
                "Processor time of a JVM whose nodes wait for messages that do not come, by the kernel's account of its threads, as another JVM reads it.",
                List.of(new Column("percent", "% of a core", 2)),
                "percent",
                List.of(
                        probe("empty", "an empty JVM", NO_FLAG, "idle", "nodes=0"),
                        probe("nodes", "twenty nodes", NO_FLAG, "idle", "nodes=20")),
                List.of(Budget.below("L7", "idle, twenty nodes", 0.5, " % of a core", "nodes", "percent")));
    }

    private static Chapter wakeUp() {
        String[] what = {"length=64", "hops=2", "waiting=park"};
        return new Chapter(
                "wake-up",
                "The first message after a silence",
                "Everybody sleeps for 50 ms, then one message goes over two hops. Microseconds.",
                LATENCY.subList(0, 3),
                "p50",
                List.of(
                        probe(
                                "millrace",
                                "Millrace, default idle strategy",
                                FLAG,
                                "wake",
                                with(what, Carrier.MILLRACE)),
                        probe("ring", "bare Agrona ring with unpark", FLAG, "wake", with(what, Carrier.AGRONA_WRITE)),
                        probe("blocking", "ArrayBlockingQueue", NO_FLAG, "wake", with(what, Carrier.BLOCKING_QUEUE))),
                List.of(Budget.atMost(
                        "L7", "first message after a silence, p50", 1.2, new Ratio("millrace", "ring", "p50"))));
    }

    private static Chapter coldStart() {
        return new Chapter(
                "cold-start",
                "A cold JVM",
                "From the start of the process to its first line: one main method prints it at once, the other loads a dataflow file of two nodes, starts it, and prints when the first message has come. Without flags, where an application has the local runtime and nothing else. Milliseconds.",
                List.of(new Column(JvmRow.FIRST_LINE, "first line, ms", 0)),
                JvmRow.FIRST_LINE,
                List.of(
                        new JvmRow(
                                "empty",
                                "empty main",
                                ColdStart.class,
                                NO_FLAG,
                                ClassPath.OF_AN_APPLICATION,
                                List.of("EMPTY")),
                        new JvmRow(
                                "millrace",
                                "load, start, first message",
                                ColdStart.class,
                                NO_FLAG,
                                ClassPath.OF_AN_APPLICATION,
                                List.of(ColdStart.FILE)),
                        new JvmRow(
                                "empty-modules",
                                "empty main, module path",
                                ColdStart.class,
                                NO_FLAG,
                                ClassPath.OF_MODULES,
                                List.of("EMPTY")),
                        new JvmRow(
                                "millrace-modules",
                                "load, start, first message, module path",
                                ColdStart.class,
                                NO_FLAG,
                                ClassPath.OF_MODULES,
                                List.of(ColdStart.FILE))),
                List.of(
                        Budget.beyond(
                                "L8",
                                "load, start and first message beyond an empty main",
                                150,
                                " ms",
                                new Ratio("millrace", "empty", JvmRow.FIRST_LINE)),
                        Budget.beyond(
                                "L8",
                                "the same on the module path",
                                150,
                                " ms",
                                new Ratio("millrace-modules", "empty-modules", JvmRow.FIRST_LINE))));
    }

    private static Chapter manyNodes() {
        return new Chapter(
                "many-nodes",
                "From ten nodes to ten thousand",
                "Nodes in a row, a thread each unless said: to start them, to pass one message through all, to stop them; the last of a few times in one JVM, but 10,000 only once. Milliseconds, and what the process has in memory.",
                List.of(
                        new Column("build", "build ms", 1),
                        new Column("start", "start ms", 1),
                        new Column("pass", "pass ms", 1),
                        new Column("stop", "stop ms", 1),
                        new Column("memory", "MiB", 0)),
                "start",
                List.of(
                        probe("10", "10 nodes", NO_FLAG, "many", "nodes=10"),
                        probe("100", "100 nodes", NO_FLAG, "many", "nodes=100"),
                        probe("1000", "1,000 nodes", NO_FLAG, "many", "nodes=1000"),
                        probe("10000", "10,000 nodes", NO_FLAG, "many", "nodes=10000", "times=1"),
                        probe("1000-shared", "1,000 nodes on two threads", NO_FLAG, "many", "nodes=1000", "threads=2")),
                List.of(Budget.below("L8", "1,000 nodes, warm: start", 1000, " ms", "1000", "start")));
    }

    private static Chapter payloads() {
        String benchmark = PayloadBenchmark.class.getName();
        List<Row> rows = new ArrayList<>();
        List<Budget> budgets = new ArrayList<>();
        for (String consumers : List.of("1", "4")) {
            for (String length : List.of("64", "4000000", "40000000")) {
                String id = length + "-" + consumers;
                String title = length + " bytes to " + consumers;
                rows.add(
                        new JmhRow(id, title, benchmark, "handOver", Map.of("length", length, "consumers", consumers)));
                if (!length.equals("64")) {
                    Ratio ratio = new Ratio(id, "64-" + consumers, JmhRow.SCORE);
                    budgets.add(Budget.atMost("L6", title + " beside 64 bytes", 3.0, ratio));
                }
            }
        }
        for (String length : List.of("4000000", "40000000")) {
            rows.add(new JmhRow("copy-" + length, "memcpy of " + length, benchmark, "copy", Map.of("length", length)));
        }
        return new Chapter(
                "payloads",
                "Large payloads by reference",
                "JMH, closed loop: a payload is claimed, its first and last words are written, one or four consumers read both and answer. Copying as many bytes once stands beside. One"
                        + " consumer spins, four sleep.",
                List.of(new Column(JmhRow.SCORE, "ns", 0), new Column(JmhRow.BYTES, "B/message", 1)),
                JmhRow.SCORE,
                rows,
                budgets);
    }

    private static Chapter metrics() {
        return new Chapter(
                "metrics",
                "What metrics cost",
                "A node that sends to itself, one with metrics and one without in turns in one JVM (without, with, with, without), 100,000 messages each: the medians of all such fours.",
                List.of(
                        new Column("without", "without, ns/message", 2),
                        new Column("difference", "with metrics more, ns", 2),
                        new Column("quarter", "a quarter below", 2),
                        new Column("three-quarters", "a quarter above", 2)),
                "difference",
                List.of(probe("pairs", "a message sent and polled", NO_FLAG, "metrics", "fours=200")),
                List.of(Budget.below("L9", "metrics on minus off", 3.0, " ns", "pairs", "difference")));
    }

    private static Chapter recording() {
        String ratio = "ratio";
        return new Chapter(
                "recording",
                "Recording",
                "Messages of 512 bytes into Chronicle Queue: by one thread that only appends, by one that takes them from a bare ring, and by the recorder of a node that sends as fast as it may, in turns in"
                        + " one JVM, with the same bytes in the file; then what being recorded costs a node that sends 50,000 a second. `benchmarks/recording` prints more of it.",
                List.of(
                        new Column("alone", "appender alone, messages/s", 0),
                        new Column("bare", "ring and appender", 0),
                        new Column("recorder", "recorder", 0),
                        new Column(ratio, ratio, 2),
                        new Column("slower", "slower, %", 2),
                        new Column("late-most", "latest, us", 0)),
                "",
                List.of(new JvmRow("recording", "recorder", RecordingBenchmark.class, RECORDING_FLAGS, List.of("1"))),
                List.of(
                        new Budget(
                                "L10",
                                "recorder beside a bare ring and appender",
                                ">= 0.80",
                                results -> Budget.median(results, "recording", ratio)
                                        .map(value -> new Judgement(Budget.format("ratio %.2f", value), value >= 0.8))),
                        Budget.below(
                                "L10",
                                "a recorded node at 50,000 messages a second sends fewer",
                                10,
                                " %",
                                "recording",
                                "slower")));
    }

    private static String[] with(String[] arguments, Carrier carrier, String... more) {
        return Stream.of(Stream.of("carrier=" + carrier), Arrays.stream(arguments), Arrays.stream(more))
                .flatMap(words -> words)
                .toArray(String[]::new);
    }

    private static Row probe(String id, String title, List<String> flags, String what, String... arguments) {
        return new JvmRow(
                id,
                title,
                Probe.class,
                flags,
                Stream.concat(Stream.of(what), Arrays.stream(arguments)).toList());
    }
}
