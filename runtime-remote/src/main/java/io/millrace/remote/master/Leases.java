package io.millrace.remote.master;

import java.util.ArrayList;
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

    private record Lease(String instance, long heardNs, long lostAfterNs) {
        Standing standing(String machineId, long nowNs) {
            long silentNs = nowNs - heardNs;
            return new Standing(new Holder(machineId, instance), silentNs, Math.max(0, lostAfterNs - silentNs));
        }
    }

    Leases(long lostAfterNs) {
        this.lostAfterNs = lostAfterNs;
    }

    /**
     * Counts one anew, as a new leader does, which cannot know when the one before heard of it.
     *
     * @param lostAfterNs until it renews: it may go by what another leader has told it
     */
    void begin(Holder holder, long nowNs, long lostAfterNs) {
        leases.put(holder.machineId(), new Lease(holder.instance(), nowNs, lostAfterNs));
    }

    /** Counts one that may have been let in, unless one of its machine is counted. */
    void expect(Holder holder, long nowNs, long lostAfterNs) {
        leases.putIfAbsent(holder.machineId(), new Lease(holder.instance(), nowNs, lostAfterNs));
    }

    /** It renews what this leader has told it. */
    void heard(Holder holder, long nowNs) {
        begin(holder, nowNs, lostAfterNs);
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
                .map(each -> each.getValue().standing(each.getKey(), nowNs))
                .toList();
    }

    /** Forgets it, if it is still this process that holds the lease. */
    void end(Holder holder) {
        leases.computeIfPresent(
                holder.machineId(), (machine, lease) -> lease.instance.equals(holder.instance()) ? null : lease);
    }

    /** Those that are lost. They stay in here until {@link #end}: what is said of them may have to be said again. */
    List<Standing> lost(long nowNs) {
        List<Standing> lost = new ArrayList<>();
        leases.forEach((machine, lease) -> {
            if (nowNs - lease.heardNs >= lease.lostAfterNs) {
                lost.add(lease.standing(machine, nowNs));
            }
        });
        return lost;
    }
}
