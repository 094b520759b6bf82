package io.millrace.benchmarks.links;

import io.millrace.benchmarks.Arguments;
import java.nio.file.Path;

/** Sends back what comes over a bare ring, until -1 does. */
public final class MappedRingFar {
    private MappedRingFar() {}

    public static void main(String[] words) throws Exception {
        Arguments arguments = Arguments.parse(words);
        MappedRings rings = MappedRings.map(Path.of(arguments.text("file")));
        int length = arguments.number("length");
        Jvm.sayReady("ready");
        long[] last = {0};
        while (last[0] >= 0) {
            int count = rings.there()
                    .read(
                            (type, buffer, index, bytes) -> {
                                last[0] = buffer.getLong(index);
                                MappedRings.send(rings.back(), length, last[0]);
                            },
                            1);
            if (count == 0) {
                Thread.onSpinWait();
            }
        }
    }
}
