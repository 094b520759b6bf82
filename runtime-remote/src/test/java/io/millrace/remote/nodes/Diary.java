package io.millrace.remote.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What nodes of tests say became of them, by the name of the diary that their config gives: all executors of a test are in one JVM. */
public final class Diary {
    private static final Map<String, List<Line>> DIARIES = new ConcurrentHashMap<>();

    /**
     * One thing that a node has said.
     *
     * @param machine the name of its executor's base directory
     */
    public record Line(
            String node, String machine, int incarnation, long epoch, String what, String detail, long atNs) {}

    private Diary() {}

    /** Has every test, and every further try of one, begin with empty diaries. */
    public static final class Fresh implements BeforeEachCallback {
        @Override
        public void beforeEach(ExtensionContext context) {
            DIARIES.clear();
        }
    }

    static void write(String diary, Line line) {
        DIARIES.computeIfAbsent(diary, any -> new CopyOnWriteArrayList<>()).add(line);
    }

    /** All lines so far. */
    public static List<Line> of(String diary) {
        return new ArrayList<>(DIARIES.getOrDefault(diary, List.of()));
    }

    /** Those of one node and kind. */
    public static List<Line> of(String diary, String node, String what) {
        return of(diary).stream()
                .filter(line -> line.node().equals(node) && line.what().equals(what))
                .toList();
    }
}
