package io.millrace.benchmarks.recording;

import io.millrace.benchmarks.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How many messages a second does a recorder write, beside a bare appender of the same queue; and what does being recorded cost a node that sends 50,000 messages a
 * second?
 *
 * <p>{@code benchmarks/recording [SECONDS]} runs it: the two sides take turns in one JVM, after a turn of each that does not count. What is printed is the median
 * with the least and the most, and what the budget asks for.
 */
public final class RecordingBenchmark {
    private static final int LENGTH = 512;
    private static final int ROUNDS = 5;
    private static final int MESSAGES = 300_000;
    private static final int RATE = 50_000;

    private RecordingBenchmark() {}

    /** @param arguments how many seconds a round at a fixed rate lasts; 3 unless said */
    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length == 0 ? 3 : Integer.parseInt(arguments[0]);
        Path scratch = Files.createTempDirectory("millrace-recording");
        try {
            print("machine: %s", Machine.description());
            print("JDK: %s", Machine.jdk());
            print("flags: %s", Machine.flags());
            print("%nmessages of %d bytes a second, %d a round, %d rounds", LENGTH, MESSAGES, ROUNDS);
            throughput(scratch);
            print("%nsent at %,d messages a second of %d bytes for %d s, %d rounds", RATE, LENGTH, seconds, ROUNDS);
            cost(scratch, seconds);
        } finally {
            delete(scratch);
        }
    }

    private static void throughput(Path scratch) throws Exception {
        List<Written> bare = new ArrayList<>();
        List<Written> recorded = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            Written appender = BareAppender.write(scratch.resolve("bare" + round), LENGTH, MESSAGES);
            Written recorder = RecordedNode.write(scratch.resolve("recorded" + round), LENGTH, MESSAGES);
            if (round > 0) {
                bare.add(appender);
                recorded.add(recorder);
            }
            delete(scratch.resolve("bare" + round));
            delete(scratch.resolve("recorded" + round));
        }
        List<Double> bareRates = bare.stream().map(Written::messagesASecond).toList();
        List<Double> rates = recorded.stream().map(Written::messagesASecond).toList();
        List<Double> bareTimes = bare.stream().map(Written::processorNs).toList();
        List<Double> times = recorded.stream().map(Written::processorNs).toList();
        line("bare appender", bareRates, "%,.0f");
        line("recorder", rates, "%,.0f");
        print("ratio of the medians: %.2f; asked for: 0.80 or more", median(rates) / median(bareRates));
        line("bare appender: its thread, ns each", bareTimes, "%,.0f");
        line("recorder: its thread, ns each", times, "%,.0f");
        print("ratio of the medians: %.2f", median(bareTimes) / median(times));
        figure("bare", median(bareRates));
        figure("recorder", median(rates));
        figure("ratio", median(rates) / median(bareRates));
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
