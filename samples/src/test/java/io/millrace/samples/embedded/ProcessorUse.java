package io.millrace.samples.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How much of a core a process uses: by the kernel's account of each of its threads, which is exact to the nanosecond where a process' own is not. */
final class ProcessorUse {
    private ProcessorUse() {}

    static boolean isKnown() {
        return Files.isReadable(Path.of("/proc/self/schedstat"));
    }

    /** Blocks for so long. */
    static double shareOfACore(Process process, long millis) throws IOException, InterruptedException {
        long beforeNs = nanoseconds(process);
        long beginNs = System.nanoTime();
        Thread.sleep(millis);
        long usedNs = nanoseconds(process) - beforeNs;
        return Math.max(0, (double) usedNs / (System.nanoTime() - beginNs));
    }

    /** What the process has used so far, without what compiled its code beside it: the time it needs where a core is spare. */
    static double millisWithoutCompilers(Process process) throws IOException {
        long sum = 0;
        for (Path thread : threads(process)) {
            if (!name(thread).matches("C[12] CompilerThre.*")) {
                sum += nanoseconds(thread.resolve("schedstat"));
            }
        }
        return sum / 1e6;
    }

    private static long nanoseconds(Process process) throws IOException {
        long sum = 0;
        for (Path thread : threads(process)) {
            sum += nanoseconds(thread.resolve("schedstat"));
        }
        return sum;
    }

    private static List<Path> threads(Process process) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            return entries.toList();
        }
    }

    private static String name(Path thread) throws IOException {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static long nanoseconds(Path schedstat) throws IOException {
        try {
            return Long.parseLong(Files.readString(schedstat).split(" ", -1)[0]);
        } catch (NoSuchFileException e) {
            return 0; // the thread has ended meanwhile
        }
    }
}
