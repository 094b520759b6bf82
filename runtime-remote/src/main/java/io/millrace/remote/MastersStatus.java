package io.millrace.remote;

import io.millrace.remote.wire.ClientReply;
import java.time.Duration;
import java.util.List;

/**
 * The masters at one moment, as the one that leads knows them.
 *
 * @param leader the name of the one that leads
 * @param term grows with every change of the leader
 * @param leases of the executors that are there, which the leader counts for itself
 */
public record MastersStatus(String leader, long term, List<Member> masters, List<Lease> leases) {
    public MastersStatus {
        masters = List.copyOf(masters);
        leases = List.copyOf(leases);
    }

    static MastersStatus of(ClientReply.Masters told) {
        return new MastersStatus(
                told.leader(),
                told.term(),
                told.masters().stream()
                        .map(master -> new Member(master.name(), new HostPort(master.host(), master.port())))
                        .toList(),
                told.leases().stream()
                        .map(lease -> new Lease(
                                lease.machineId(),
                                lease.instance(),
                                lease.isConnected(),
                                Duration.ofMillis(lease.heardMsAgo()),
                                Duration.ofMillis(lease.leftMs())))
                        .toList());
    }

    /** @param address where executors and clients reach it */
    public record Member(String name, HostPort address) {}

    /**
     * What the leader knows of an executor's life.
     *
     * @param instance of its process
     * @param isConnected whether it is registered over a connection with the leader now
     * @param heardAgo when it was heard of last, or the leader began to lead
     * @param left until the leader counts it as lost, if it is not heard of again
     */
    public record Lease(String machineId, String instance, boolean isConnected, Duration heardAgo, Duration left) {}
}
