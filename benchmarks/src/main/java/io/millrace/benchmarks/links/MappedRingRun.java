package io.millrace.benchmarks.links;

import io.millrace.benchmarks.Arguments;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/** The yardstick for shared memory: this JVM and another one send a message there and back over bare rings that both map, spinning at both ends. */
public final class MappedRingRun {
    private MappedRingRun() {}

    public static void main(String[] words) throws Exception {
        Arguments arguments = Arguments.parse(words);
        Path file = Files.createTempFile(Path.of(arguments.text("memory")), "millrace-rings", "");
        try {
            MappedRings rings = MappedRings.map(file);
            try (Jvm far = Jvm.start(MappedRingFar.class, arguments.with("file", file.toString()))) {
                far.firstLine();
                run(arguments, rings);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void run(Arguments arguments, MappedRings rings) {
        int length = arguments.number("length");
        long warmup = arguments.number("warmup");
        long total = warmup + arguments.number("count");
        Histogram nanoseconds = new Histogram(3);
        long[] back = {-1};
        for (long i = 0; i < total; i++) {
            long beginNs = System.nanoTime();
            MappedRings.send(rings.there(), length, i);
            while (back[0] != i) {
                if (rings.back().read((type, buffer, index, bytes) -> back[0] = buffer.getLong(index), 1) == 0) {
                    Thread.onSpinWait();
                }
            }
            if (i >= warmup) {
                nanoseconds.recordValue(System.nanoTime() - beginNs);
            }
        }
        MappedRings.send(rings.there(), length, -1);
        Figures.say(nanoseconds);
    }
}
