package io.millrace.remote.raft;

import io.millrace.remote.log.Leadership;
import io.millrace.remote.log.LogUnavailableException;
import io.millrace.remote.log.StateMachine;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ratis's server with one group, which is ours. Used by one thread at a time. */
final class RatisMember {
    private static final Logger LOG = LoggerFactory.getLogger(RatisMember.class);
    private static final long HAND_OVER_MS = 1_500;
    private static final long SNAPSHOT_TIMEOUT_MS = 600_000;

    private final RaftSettings settings;
    private final RaftMachine machine;
    private final RaftGroupId group;
    private final RaftPeerId self;
    private final ClientId client = ClientId.randomId();
    /** Apart from those of appends, which count from 1 upwards. */
    private final AtomicLong otherCalls = new AtomicLong(Long.MAX_VALUE / 2);

    private @Nullable DataFolder folder;
    private @Nullable RaftServer server;
    private RaftServer.@Nullable Division division;

    RatisMember(RaftSettings settings, StateMachine machine, RaftMachine.Events events) {
        this.settings = settings;
        this.machine = new RaftMachine(settings.name(), machine, settings.snapshotBytes(), events);
        this.group = RaftGroupId.valueOf(
                UUID.nameUUIDFromBytes(("millrace cluster " + settings.cluster()).getBytes(StandardCharsets.UTF_8)));
        this.self = RaftPeerId.valueOf(settings.name());
    }

    /** Takes the folder, restores the machine, and listens. */
    void start() {
        if (!RatisInProcess.ensureTame()) {
            LOG.warn(
                    "Ratis was used in this process before: errors of peers are read as Java objects, "
                            + "so let nobody but masters reach {}",
                    RaftSettings.text(settings.bindAddress()));
        }
        DataFolder taken = DataFolder.take(settings);
        RaftServer started = null;
        try {
            requireFree(settings.bindAddress());
            started = RaftServer.newBuilder()
                    .setServerId(self)
                    .setGroup(RaftGroup.valueOf(group, peers()))
                    .setStateMachine(machine)
                    .setProperties(RatisProperties.of(settings, taken))
                    .setParameters(RatisSecurity.parameters(settings))
                    .setOption(RaftStorage.StartupOption.RECOVER)
                    .build();
            started.start();
            division = started.getDivision(group);
            server = started;
            folder = taken;
        } catch (IOException | RuntimeException e) {
            closeQuietly(started, e);
            taken.close();
            throw e instanceof LogUnavailableException unavailable
                    ? unavailable
                    : new LogUnavailableException(
                            "member '" + settings.name() + "' of the log cannot start in '" + settings.folder() + "': "
                                    + Causes.line(e),
                            e);
        }
    }

    CompletableFuture<RaftClientReply> append(long call, byte[] envelope) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(self)
                .setGroupId(group)
                .setCallId(call)
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(envelope)))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            return running().submitClientRequestAsync(request);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** As it is now: read until the term did not change meanwhile. */
    Leadership leadership() {
        RaftServer.Division ours = division;
        if (ours == null) {
            return Leadership.NONE;
        }
        DivisionInfo info = ours.getInfo();
        while (true) {
            long term = info.getCurrentTerm();
            Optional<String> leader = Optional.ofNullable(info.getLeaderId()).map(RaftPeerId::toString);
            boolean own = info.isLeaderReady();
            if (term == info.getCurrentTerm()) {
                return new Leadership(term, own ? Optional.of(settings.name()) : leader, own);
            }
        }
    }

    /** Has another member lead, if one takes over within a second or so. */
    void handOver() {
        for (String peer : settings.peers().keySet()) {
            if (!peer.equals(settings.name()) && handOver(peer)) {
                return;
            }
        }
    }

    /**
     * Connects to the other members anew, at once: gRPC itself waits for up to two minutes before it tries one again that was not there, and
     * Ratis cuts that short for a leader only. Does not wait.
     */
    void callAgain() {
        RaftServer open = server;
        if (open == null) {
            return;
        }
        for (String peer : settings.peers().keySet()) {
            if (!peer.equals(settings.name())) { // what is under way with it may take some seconds to end
                RaftLog.daemon(() -> callAgain(open, peer), settings.name() + "-call")
                        .start();
            }
        }
    }

    private static void callAgain(RaftServer open, String peer) {
        open.getServerRpc()
                .handleException(
                        RaftPeerId.valueOf(peer), new ConnectException("nobody leads, so it is called anew"), true);
    }

    /** Begins to take a snapshot. */
    void snapshot() {
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                client, self, group, otherCalls.incrementAndGet(), SNAPSHOT_TIMEOUT_MS, 1);
        try {
            var unused = running().snapshotManagementAsync(request).whenComplete((reply, e) -> {
                if (e != null) {
                    LOG.debug("no snapshot", e);
                }
            });
        } catch (IOException e) {
            LOG.debug("no snapshot", e);
        }
    }

    /** Ends all threads, and lets go of the folder; idempotent. */
    void close() {
        RaftServer open = server;
        DataFolder taken = folder;
        server = null;
        division = null;
        folder = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            LOG.warn("member '{}' of the log has not closed in order: {}", settings.name(), Causes.line(e));
        } finally {
            if (taken != null) {
                taken.close();
            }
        }
    }

    private boolean handOver(String peer) {
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                client, self, group, otherCalls.incrementAndGet(), RaftPeerId.valueOf(peer), HAND_OVER_MS);
        try {
            return running()
                    .transferLeadershipAsync(request)
                    .get(HAND_OVER_MS, TimeUnit.MILLISECONDS)
                    .isSuccess();
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.debug("'{}' does not take over", peer, e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private List<RaftPeer> peers() {
        return settings.sortedPeers().entrySet().stream()
                .map(each -> RaftPeer.newBuilder()
                        .setId(each.getKey())
                        .setAddress(RaftSettings.text(each.getValue()))
                        .build())
                .toList();
    }

    private RaftServer running() throws IOException {
        RaftServer open = server;
        if (open == null) {
            throw new IOException("the log is closed");
        }
        return open;
    }

    /** Ratis does not say in one line which address it was that is taken. */
    private static void requireFree(InetSocketAddress address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address.getHostString(), address.getPort()));
        } catch (IOException e) {
            throw new LogUnavailableException(
                    "masters cannot be listened for at " + RaftSettings.text(address) + ": " + Causes.line(e)
                            + ": end what listens there, or give another address",
                    e);
        }
    }

    private static void closeQuietly(@Nullable RaftServer server, Exception reason) {
        if (server != null) {
            try {
                server.close();
            } catch (IOException e) {
                reason.addSuppressed(e);
            }
        }
    }
}
