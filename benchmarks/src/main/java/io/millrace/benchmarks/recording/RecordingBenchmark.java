package io.millrace.benchmarks.recording;

import io.millrace.benchmarks.Machine;
import io.millrace.layout.RecordLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many messages a second does a recorder write, beside a bare appender that writes the same bytes into the same queue, on a thread of its own behind a bare ring as the recorder's
 * is behind an edge; and what does being recorded cost a node that sends 50,000 messages a second?
 *
 * <p>{@code benchmarks/recording [SECONDS]} runs it: the sides take turns in one JVM, after a turn of each that does not count. What is printed is the median
 * with the least and the most, and what the budget asks for. Neither side forces anything to the disk.
 */
public final class RecordingBenchmark {
    private static final int LENGTH = 512;
    /** What a recording has of such a message: a document's prefix and a record's header before it. */
    private static final int RECORDED_LENGTH = 16 + RecordLayout.HEADER_LENGTH + LENGTH;

    private static final int ROUNDS = 5;
    private static final int MESSAGES = 500_000;
    private static final int RATE = 50_000;

    private RecordingBenchmark() {}

    /** @param arguments how many seconds a round at a fixed rate lasts; 1 unless said */
    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length == 0 ? 1 : Integer.parseInt(arguments[0]);
        Path scratch = Files.createTempDirectory("millrace-recording");
        try {
            print("machine: %s", Machine.description());
            print("JDK: %s", Machine.jdk());
            print("flags: %s", Machine.flags());
            print(
                    "%nmessages of %d bytes a second, %d in the file, %d a round, %d rounds",
                    LENGTH, RECORDED_LENGTH, MESSAGES, ROUNDS);
            throughput(scratch);
            print("%nsent at %,d messages a second of %d bytes for %d s, %d rounds", RATE, LENGTH, seconds, ROUNDS);
            cost(scratch, seconds);
        } finally {
            delete(scratch);
        }
    }

    private static void throughput(Path scratch) throws Exception {
        List<Written> alone = new ArrayList<>();
        List<Written> behind = new ArrayList<>();
        List<Written> recorded = new ArrayList<>();
        Path directory = scratch.resolve("throughput");
        for (int round = 0; round <= ROUNDS; round++) {
            Written appender = BareAppender.alone(directory, RECORDED_LENGTH, MESSAGES);
            delete(directory);
            Written behindARing = BareAppender.behindARing(directory, RECORDED_LENGTH, MESSAGES);
            delete(directory);
            Written recorder = RecordedNode.write(directory, LENGTH, MESSAGES);
            delete(directory);
            if (round > 0) {
                alone.add(appender);
                behind.add(behindARing);
                recorded.add(recorder);
            }
        }
        line("appender alone", rates(alone), "%,.0f");
        line("ring and appender", rates(behind), "%,.0f");
        line("node and recorder", rates(recorded), "%,.0f");
        line("appender alone: its thread, ns each", times(alone), "%,.0f");
        line("ring and appender: the same", times(behind), "%,.0f");
        line("node and recorder: the same", times(recorded), "%,.0f");
        line("recorder beside appender alone", ratios(rates(recorded), rates(alone)), "%.2f");
        line("recorder beside ring and appender", ratios(rates(recorded), rates(behind)), "%.2f");
        print("asked for, beside ring and appender: 0.80 or more");
        line("the same, of their threads' times", ratios(times(behind), times(recorded)), "%.2f");
        figure("alone", median(rates(alone)));
        figure("bare", median(rates(behind)));
        figure("recorder", median(rates(recorded)));
        figure("ratio", median(ratios(rates(recorded), rates(behind))));
    }

    private static List<Double> rates(List<Written> rounds) {
        return rounds.stream().map(Written::messagesASecond).toList();
    }

    private static List<Double> times(List<Written> rounds) {
        return rounds.stream().map(Written::processorNs).toList();
    }

    /** Round by round, for what disturbs a round disturbs both. */
    private static List<Double> ratios(List<Double> these, List<Double> others) {
        return IntStream.range(0, these.size())
                .mapToObj(round -> these.get(round) / others.get(round))
                .toList();
    }

    private static void cost(Path scratch, int seconds) throws Exception {
        List<PacedNode.Figures> alone = new ArrayList<>();
        List<PacedNode.Figures> recorded = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            PacedNode.Figures without = PacedNode.run(LENGTH, RATE, seconds, null);
            PacedNode.Figures with = PacedNode.run(LENGTH, RATE, seconds, scratch.resolve("paced" + round));
            if (round > 0) {
                alone.add(without);
                recorded.add(with);
            }
            delete(scratch.resolve("paced" + round));
        }
        for (int side = 0; side < 2; side++) {
            List<PacedNode.Figures> figures = side == 0 ? alone : recorded;
            String name = side == 0 ? "not recorded" : "recorded";
            line(name + ": messages a second", map(figures, PacedNode.Figures::messagesASecond), "%,.0f");
            line(name + ": a send takes, ns, mean", map(figures, PacedNode.Figures::sendMeanNs), "%,.0f");
            line(name + ": a send takes, ns, p99", map(figures, each -> (double) each.sendP99Ns()), "%,.0f");
            line(name + ": late, us, p99", map(figures, each -> each.lateP99Ns() / 1e3), "%,.1f");
            line(name + ": late, us, maximum", map(figures, each -> each.lateMaxNs() / 1e3), "%,.1f");
        }
        double slower = 1
                - median(map(recorded, PacedNode.Figures::messagesASecond))
                        / median(map(alone, PacedNode.Figures::messagesASecond));
        print("the recorded node sends %.2f %% fewer messages a second; asked for: 10 %% or less", 100 * slower);
        figure("slower", 100 * slower);
        figure("late-most", Collections.max(map(recorded, each -> each.lateMaxNs() / 1e3)));
        double budgetNs = 1e9 / RATE;
        double more = median(map(recorded, PacedNode.Figures::sendMeanNs))
                - median(map(alone, PacedNode.Figures::sendMeanNs));
        print("of the %.0f ns that it has for each message, being recorded takes %.0f", budgetNs, more);
        figure("more-ns", more);
    }

    /** For {@code benchmarks/peers}, which reads these lines. */
    private static void figure(String name, double value) {
        print("figure %s %f", name, value);
    }

    private interface Figure {
        double of(PacedNode.Figures figures);
    }

    private static List<Double> map(List<PacedNode.Figures> figures, Figure figure) {
        return figures.stream().map(figure::of).toList();
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static void line(String name, List<Double> values, String form) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        print(
                "%-34s " + form + " (" + form + " - " + form + ")",
                name,
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1]);
    }

    private static void print(String form, Object... values) {
        System.out.println(String.format(Locale.ROOT, form, values));
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
