package io.millrace.remote.cli;

import io.millrace.remote.ExecutorStatus;
import io.millrace.remote.MastersStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Executors for people and for programs. */
final class ExecutorText {
    private ExecutorText() {}

    /** A line for each master. */
    static String table(MastersStatus masters) {
        Table table = new Table(List.of("MASTER", "ROLE", "ADDRESS", "TERM"), List.of(0, 1, 2));
        for (MastersStatus.Member master : masters.masters()) {
            boolean leads = master.name().equals(masters.leader());
            table.row(List.of(
                    master.name(),
                    leads ? "leads" : "follows",
                    master.address().toString(),
                    leads ? Long.toString(masters.term()) : ""));
        }
        return table.toString();
    }

    /** A line for each executor. */
    static String table(List<ExecutorStatus> executors, MastersStatus masters) {
        Table table = new Table(
                List.of("MACHINE", "CONDITION", "ADDRESS", "CORES", "NODES", "STARTS", "LEASE", "LABELS"),
                List.of(0, 1, 2, 6, 7));
        for (ExecutorStatus executor : executors) {
            table.row(List.of(
                    executor.machineId(),
                    executor.condition().name().toLowerCase(Locale.ROOT),
                    executor.address().toString(),
                    Integer.toString(executor.cores()),
                    Units.count(executor.nodes()),
                    Long.toString(executor.incarnation()),
                    leaseOf(executor, masters).map(ExecutorText::words).orElse("none"),
                    executor.labels().entrySet().stream()
                            .map(label -> label.getKey() + "=" + label.getValue())
                            .collect(Collectors.joining(","))));
        }
        return table.toString();
    }

    private static Optional<MastersStatus.Lease> leaseOf(ExecutorStatus executor, MastersStatus masters) {
        return masters.leases().stream()
                .filter(lease -> lease.machineId().equals(executor.machineId())
                        && lease.instance().equals(executor.instance()))
                .findFirst();
    }

    private static String words(MastersStatus.Lease lease) {
        return lease.isConnected()
                ? "heard " + Units.elapsed(lease.heardAgo()) + " ago"
                : "not connected, lost in " + Units.elapsed(lease.left());
    }

    static Map<String, @Nullable Object> toJson(MastersStatus masters) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("leader", masters.leader());
        json.put("term", masters.term());
        json.put(
                "members",
                masters.masters().stream()
                        .map(master -> Map.of(
                                "name",
                                master.name(),
                                "address",
                                master.address().toString()))
                        .toList());
        return json;
    }

    static Map<String, @Nullable Object> toJson(ExecutorStatus executor, MastersStatus masters) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("machine", executor.machineId());
        json.put("condition", executor.condition().name().toLowerCase(Locale.ROOT));
        json.put("address", executor.address().toString());
        json.put("cores", executor.cores());
        json.put("nodes", executor.nodes());
        json.put("incarnation", executor.incarnation());
        json.put("instance", executor.instance());
        json.put("labels", executor.labels());
        json.put("lease", leaseOf(executor, masters).map(ExecutorText::toJson).orElse(null));
        return json;
    }

    private static Map<String, @Nullable Object> toJson(MastersStatus.Lease lease) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("connected", lease.isConnected());
        json.put("heardMsAgo", lease.heardAgo().toMillis());
        json.put("leftMs", lease.left().toMillis());
        return json;
    }
}
