package io.millrace.remote.master;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Since when the leader has not heard of each executor, by its monotonic clock. Not thread-safe. */
final class Leases {
    /** One process of an executor. */
    record Holder(String machineId, String instance) {}

    private final long lostAfterNs;
    private final Map<String, Lease> leases = new TreeMap<>();

    private record Lease(String instance, long heardNs) {}

    Leases(long lostAfterNs) {
        this.lostAfterNs = lostAfterNs;
    }

    /** Counts all anew, as a new leader does, which cannot know when the one before heard of them. */
    void begin(Collection<Holder> holders, long nowNs) {
        leases.clear();
        holders.forEach(holder -> heard(holder, nowNs));
    }

    void heard(Holder holder, long nowNs) {
        leases.put(holder.machineId(), new Lease(holder.instance(), nowNs));
    }

    /** What is known of each at one moment: since when it is silent, and how long it may be so still. */
    record Standing(Holder holder, long silentNs, long leftNs) {}

    Optional<Standing> standing(String machineId, long nowNs) {
        return standings(nowNs).stream()
                .filter(each -> each.holder.machineId().equals(machineId))
                .findFirst();
    }

    List<Standing> standings(long nowNs) {
        return leases.entrySet().stream()
                .map(each -> {
                    long silentNs = nowNs - each.getValue().heardNs;
                    return new Standing(
                            new Holder(each.getKey(), each.getValue().instance),
                            silentNs,
                            Math.max(0, lostAfterNs - silentNs));
                })
                .toList();
    }

    /** Forgets it, if it is still this process that holds the lease. */
    void end(Holder holder) {
        leases.computeIfPresent(
                holder.machineId(), (machine, lease) -> lease.instance.equals(holder.instance()) ? null : lease);
    }

    /** Those that are lost. They stay in here until {@link #end}: what is said of them may have to be said again. */
    List<Holder> lost(long nowNs) {
        List<Holder> lost = new ArrayList<>();
        leases.forEach((machine, lease) -> {
            if (nowNs - lease.heardNs >= lostAfterNs) {
                lost.add(new Holder(machine, lease.instance));
            }
        });
        return lost;
    }
}
