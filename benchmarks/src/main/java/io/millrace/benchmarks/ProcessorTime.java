package io.millrace.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What the machine's cores did since it was started, in the kernel's ticks.
 *
 * @param total of all cores
 * @param busy of all cores, with what the hypervisor took away
 * @param own of this process and of its children that have ended
 */
public record ProcessorTime(long total, long busy, long own) {
    private static final int STATE_FIELD = 3; // the first one behind the name, counted from 1 as proc(5) does
    private static final int USER_TIME_FIELD = 14;
    private static final int STEAL = 7;

    /** Empty where there is no {@code /proc}. */
    public static Optional<ProcessorTime> now() throws IOException {
        Path machine = Path.of("/proc/stat");
        Path process = Path.of("/proc/self/stat");
        return Files.isReadable(machine) && Files.isReadable(process)
                ? Optional.of(parse(Files.readString(machine), Files.readString(process)))
                : Optional.empty();
    }

    /** @param machine {@code /proc/stat}, {@code process} {@code /proc/self/stat}, both as in proc(5) */
    static ProcessorTime parse(String machine, String process) {
        String cores = machine.lines().findFirst().orElseThrow();
        // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in user and nice
        long[] spent =
                numbers(cores.substring("cpu".length())).limit(STEAL + 1L).toArray();
        long total = Arrays.stream(spent).sum();
        // The name stands in parentheses and may hold anything. User and system time, each alone and of children.
        String fields = process.substring(process.lastIndexOf(')') + ")".length() + " S".length());
        long own = numbers(fields)
                .skip(USER_TIME_FIELD - STATE_FIELD - 1L)
                .limit(4)
                .sum();
        return new ProcessorTime(total, total - spent[3] - spent[4], own);
    }

    private static LongStream numbers(String text) {
        return Arrays.stream(text.trim().split("\\s+")).mapToLong(Long::parseLong);
    }

    /** The share of all cores' time that others used since then. */
    public double othersSince(ProcessorTime earlier) {
        long others = busy - earlier.busy - (own - earlier.own);
        return Math.max(0, (double) others / Math.max(1, total - earlier.total));
    }
}
