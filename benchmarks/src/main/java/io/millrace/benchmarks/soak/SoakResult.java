package io.millrace.benchmarks.soak;

import io.millrace.benchmarks.Machine;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.DataflowStatus.NodeStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a soak found. */
record SoakResult(long seed, Duration took, DataflowStatus status, Ledger ledger, List<Growth> growth) {

    boolean isGood() {
        return ledger.found() == 0 && growth.stream().noneMatch(Growth::isGrowing);
    }

    /** As it stands in the documents. */
    List<String> lines(String command) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(isGood() ? "soak: nothing grew, every message is accounted for" : "soak: FAILED");
        lines.add("commit " + Machine.commit() + ", " + LocalDate.now(ZoneOffset.UTC) + ", seed " + seed
                + String.format(Locale.ROOT, ", %.0f s", seconds()));
        lines.add("command: " + command);
        lines.add("machine: " + Machine.description());
        lines.add("JDK: " + Machine.jdk() + ", flags: " + Machine.flags());
        addCounts(lines);
        growth.forEach(line -> lines.add(line.toString()));
        ledger.findings().forEach(finding -> lines.add("WRONG: " + finding));
        if (ledger.found() > 0) {
            lines.add(ledger.found() + " things wrong in all");
        }
        return lines;
    }

    private void addCounts(List<String> lines) {
        lines.add("edge: sent = received + dropped + conflated + discarded");
        for (EdgeStatus edge : status.edges()) {
            lines.add("  " + edge.name() + ": " + edge.sent() + " = " + edge.received() + " + " + edge.dropped() + " + "
                    + edge.conflated() + " + " + edge.discarded());
        }
        long messages = status.nodes().stream().mapToLong(NodeStatus::received).sum();
        double bytes = ledger.counts().entrySet().stream()
                .filter(count -> count.getKey().endsWith(" bytes"))
                .mapToLong(count -> count.getValue().get())
                .sum();
        lines.add(String.format(
                Locale.ROOT,
                "received by nodes: %d messages, %.0f a second, %.1f GB",
                messages,
                messages / seconds(),
                bytes / 1e9));
        lines.add("restarts after planned failures: " + restarts());
        lines.add("subscribers that came and went: " + ledger.count("visits") + ", with "
                + ledger.count("visitors' messages") + " messages; dataflows beside it: " + ledger.count("guests"));
    }

    private long restarts() {
        return status.nodes().stream().mapToLong(NodeStatus::incarnation).sum();
    }

    private double seconds() {
        return took.toNanos() / 1e9;
    }
}
