package io.millrace.remote.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What all incarnations of all nodes have written, read as it grows, and checked. Used by one thread. */
final class Traces {
    private final Path directory;
    private final Map<String, Life> lives = new HashMap<>();
    private final List<String> broken = new ArrayList<>();

    /** One incarnation of a node, as far as it has been read. */
    final class Life {
        private final String id;
        private final Path file;
        private final Map<String, Long> lastOf = new HashMap<>();
        private long read;
        private String producer = "";
        private long firstNs;
        private long lastNs;
        private long newestOriginNs;
        private long received;
        private long longestGapNs;
        private boolean isClosed;

        Life(Path file) {
            this.file = file;
            this.id = file.getFileName().toString();
        }

        String id() {
            return id;
        }

        String node() {
            return id.substring(0, id.indexOf(','));
        }

        long pid() {
            return Long.parseLong(id.split(",")[3]);
        }

        long firstNs() {
            return firstNs;
        }

        long lastNs() {
            return lastNs;
        }

        private void readOn() throws IOException {
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                byte[] fresh = new byte[(int) (in.length() - read)];
                in.seek(read);
                in.readFully(fresh);
                int end = fresh.length;
                while (end > 0 && fresh[end - 1] != '\n') { // a line that is being written
                    end--;
                }
                read += end;
                new String(fresh, 0, end, StandardCharsets.UTF_8).lines().forEach(this::line);
            }
        }

        private void line(String line) {
            String[] parts = line.split(" ");
            long nanos = Long.parseLong(parts[1]);
            if (firstNs == 0) {
                firstNs = nanos;
            } else {
                longestGapNs = Math.max(longestGapNs, nanos - lastNs);
            }
            lastNs = nanos;
            switch (parts[0]) {
                case "R" -> onReceived(parts[2], Long.parseLong(parts[3]), Long.parseLong(parts[4]));
                case "C" -> isClosed = true;
                default -> {}
            }
        }

        private void onReceived(String from, long sequence, long originNs) {
            Long last = lastOf.put(from, sequence);
            if (last != null && sequence != last + 1) {
                broken.add(id + " has received " + sequence + " after " + last + " from " + from);
            }
            if (last != null && !from.equals(producer)) {
                broken.add(id + " has received " + sequence + " from " + from + " after messages from " + producer);
            }
            producer = from;
            received++;
            newestOriginNs = Math.max(newestOriginNs, originNs);
        }
    }

    Traces(Path directory) {
        this.directory = directory;
    }

    /** Reads what is new. */
    void readOn() {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Life life = lives.computeIfAbsent(file.getFileName().toString(), name -> new Life(file));
                if (!life.isClosed) {
                    life.readOn();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All incarnations of a node, by their beginnings. */
    List<Life> livesOf(String node) {
        return lives.values().stream()
                .filter(life -> life.node().equals(node) && life.firstNs > 0)
                .sorted(Comparator.comparingLong(Life::firstNs))
                .toList();
    }

    /** Whether a node has received what a source has sent after that moment. */
    boolean hasNews(String node, long sinceNs) {
        return livesOf(node).stream().anyMatch(life -> life.newestOriginNs > sinceNs);
    }

    /** The longest time without a line in the newest incarnation, since the last call; nanoseconds. */
    long takeLongestGapNs(String node) {
        List<Life> all = livesOf(node);
        if (all.isEmpty()) {
            return 0;
        }
        Life newest = all.get(all.size() - 1);
        long gap = newest.longestGapNs;
        newest.longestGapNs = 0;
        return gap;
    }

    long received() {
        return lives.values().stream().mapToLong(life -> life.received).sum();
    }

    int incarnations() {
        return lives.size();
    }

    /**
     * What contradicts order, or that a node runs once at a time, and was not told before.
     *
     * @param excused ids of incarnations that may write for a while after others have begun: their process stood still
     */
    List<String> takeBroken(Set<String> excused) {
        List<String> found = new ArrayList<>(broken);
        broken.clear();
        Set<String> nodes = new HashSet<>();
        lives.values().forEach(life -> nodes.add(life.node()));
        for (String node : nodes) {
            if (!node.startsWith(
                    "small")) { // of those several jobs may run, one after the other by one client, or two by two
                found.addAll(overlaps(livesOf(node), excused));
            }
        }
        return found;
    }

    private final Set<String> toldOverlaps = new HashSet<>();

    private List<String> overlaps(List<Life> all, Set<String> excused) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                Life one = all.get(i);
                Life other = all.get(j);
                if (one.lastNs >= other.firstNs && !excused.contains(one.id) && toldOverlaps.add(one.id + other.id)) {
                    found.add(one.id + " has written " + (one.lastNs - other.firstNs) / 1_000_000 + " ms after "
                            + other.id + " began");
                }
            }
        }
        return found;
    }
}
