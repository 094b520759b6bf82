package io.millrace.remote.master;

import io.millrace.remote.wire.PartReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What an executor says of all its parts, as entries of the log, none of which is larger than that takes. Each names all parts, for one that is not named is not there; of
 * parts that are no news, and of those that another entry tells of, it says no more than that they are there.
 */
final class ReportEntries {
    /** Of what one entry tells: with the names of parts beside it that is still well below what a log takes. */
    private static final int ENTRY_BYTES = 512 << 10;
    /** Nodes of one part that one entry tells of. */
    private static final int ENTRY_NODES = 1024;

    private final List<PartReport> present;
    private final List<List<PartReport>> entries = new ArrayList<>();
    private List<PartReport> current;
    private long currentBytes;

    private ReportEntries(List<PartReport> present) {
        this.present = present;
        this.current = begin();
    }

    /** At least one, in the order in which they are to be decided on. */
    static List<List<PartReport>> of(List<PartReport> reports, Predicate<PartReport> isNews) {
        ReportEntries made = new ReportEntries(presence(reports));
        for (int i = 0; i < reports.size(); i++) {
            if (isNews.test(reports.get(i))) {
                made.tell(i, reports.get(i));
            }
        }
        return made.entries;
    }

    /** Only which parts there are. */
    static List<PartReport> presence(List<PartReport> reports) {
        return reports.stream().map(PartReport::presence).toList();
    }

    private List<PartReport> begin() {
        List<PartReport> entry = new ArrayList<>(present);
        entries.add(entry);
        currentBytes = 0;
        return entry;
    }

    private void tell(int position, PartReport report) {
        for (PartReport portion : portions(report)) {
            boolean isTold = current.get(position) != present.get(position);
            if (isTold || currentBytes > 0 && currentBytes + portion.sizeBytes() > ENTRY_BYTES) {
                current = begin();
            }
            current.set(position, portion);
            currentBytes += portion.sizeBytes();
        }
    }

    /** What is known of nodes adds up until their part has ended, so it may come in portions. */
    private static List<PartReport> portions(PartReport report) {
        List<String> ended = report.endedNodes();
        Map<String, Integer> restarted = new TreeMap<>(report.incarnations());
        List<PartReport> portions = new ArrayList<>();
        int from = 0;
        while (Math.max(ended.size(), restarted.size()) - from > ENTRY_NODES) {
            portions.add(report.before(some(restarted, from), some(ended, from)));
            from += ENTRY_NODES;
        }
        portions.add(report.of(some(restarted, from), some(ended, from)));
        return portions;
    }

    private static List<String> some(List<String> nodes, int from) {
        return nodes.stream().skip(from).limit(ENTRY_NODES).toList();
    }

    private static Map<String, Integer> some(Map<String, Integer> incarnations, int from) {
        Map<String, Integer> some = new TreeMap<>();
        incarnations.entrySet().stream()
                .skip(from)
                .limit(ENTRY_NODES)
                .forEach(each -> some.put(each.getKey(), each.getValue()));
        return some;
    }
}
