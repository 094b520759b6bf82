package io.millrace.local.affinity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** The cores of this machine, by the numbers that its system gives them. Immutable. */
public final class Cores {
    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

    private final NavigableSet<Integer> numbers;

    private Cores(NavigableSet<Integer> numbers) {
        this.numbers = numbers;
    }

    /** Those that are online. Blocks on the file system. */
    public static Cores ofThisMachine() {
        return read(ONLINE).orElseGet(() -> firstOnes(Runtime.getRuntime().availableProcessors()));
    }

    private static Optional<Cores> read(Path file) {
        try {
            return Optional.of(parse(Files.readString(file)));
        } catch (IOException | IllegalArgumentException e) { // another system than Linux: cores are counted
            return Optional.empty();
        }
    }

    static Cores firstOnes(int count) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (int core = 0; core < count; core++) {
            numbers.add(core);
        }
        return new Cores(numbers);
    }

    /**
     * @param list as Linux writes it: {@code 0-3,8,10-11}
     * @throws IllegalArgumentException if it is not written so
     */
    static Cores parse(String list) {
        TreeSet<Integer> numbers = new TreeSet<>();
        for (String range : list.strip().split(",", -1)) {
            String[] ends = range.split("-", -1);
            int first = Integer.parseInt(ends[0]);
            int last = Integer.parseInt(ends[ends.length - 1]);
            if (ends.length > 2 || first > last || last > 1 << 16) {
                throw new IllegalArgumentException("not a list of cores: '" + list.strip() + "'");
            }
            for (int core = first; core <= last; core++) {
                numbers.add(core);
            }
        }
        return new Cores(numbers);
    }

    /** Those of {@code wanted} that there are not. */
    public List<Integer> missing(List<Integer> wanted) {
        return wanted.stream().filter(core -> !numbers.contains(core)).toList();
    }

    @Override
    public String toString() {
        return numbers.size() == numbers.last() - numbers.first() + 1
                ? "cores " + numbers.first() + " to " + numbers.last()
                : "cores " + numbers;
    }
}
