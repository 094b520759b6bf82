package io.millrace.remote.raft;

import io.millrace.remote.log.AppliedOnce;
import io.millrace.remote.log.StateMachine;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our state machine as Ratis wants one. Ratis calls it from its threads, for applying, snapshots and restoring one at a time.
 *
 * <p>A snapshot is a file {@code snapshot.TERM_INDEX} with its checksum beside it; the last two are kept.
 */
final class RaftMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(RaftMachine.class);

    /** Hears what concerns more than the machine; on Ratis's threads, so it must only pass it on. */
    interface Events {
        /** An append of this member has passed the checks, and from here on may be applied. */
        void onStarted(long callId);

        /** Who leads may have changed. */
        void onLeadershipChanged();

        /** The member cannot go on. */
        void onFailed(String reason, @Nullable Throwable cause);

        /** It would be good to take a snapshot. */
        void onSnapshotDue();

        /** Ratis has closed itself. */
        void onServerClosed();
    }

    private final String name;
    private final AppliedOnce machine;
    private final Events events;
    private final long snapshotBytes;
    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

    // Written by the thread that applies.
    private long bytesSinceSnapshot;
    private boolean snapshotFailed;

    private volatile boolean failed;

    RaftMachine(String name, StateMachine machine, long snapshotBytes, Events events) {
        this.name = name;
        this.machine = new AppliedOnce(machine);
        this.snapshotBytes = snapshotBytes;
        this.events = events;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage) throws IOException {
        super.initialize(server, group, raftStorage);
        storage.init(raftStorage);
        getLifeCycle().startAndTransition(this::restoreLatest, IOException.class);
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        storage.loadLatestSnapshot();
        try {
            getLifeCycle().startAndTransition(this::restoreLatest, IOException.class);
        } catch (IOException | RuntimeException | Error e) {
            throw fail("restoring a snapshot of the leader", e);
        }
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        events.onStarted(request.getCallId());
        return super.startTransaction(request);
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = Objects.requireNonNull(transaction.getLogEntry());
        byte[] envelope = entry.getStateMachineLogEntry().getLogData().toByteArray();
        byte[] reply;
        try {
            reply = machine.apply(entry.getIndex(), envelope);
        } catch (RuntimeException | Error e) {
            throw fail("applying entry " + entry.getIndex(), e);
        }
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        bytesSinceSnapshot += envelope.length;
        if (bytesSinceSnapshot >= snapshotBytes) {
            bytesSinceSnapshot = 0;
            events.onSnapshotDue();
        }
        return CompletableFuture.completedFuture(Message.valueOf(ByteString.copyFrom(reply)));
    }

    /** Returns the index up to which the snapshot goes, or that there is none: then the log is kept, and another is tried later. */
    @Override
    public long takeSnapshot() {
        TermIndex last = getLastAppliedTermIndex();
        if (failed || last == null || last.getIndex() < 0) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        Path file = storage.getSnapshotFile(last.getTerm(), last.getIndex()).toPath();
        try {
            MD5Hash checksum = write(file);
            storage.updateLatestSnapshot(
                    new SingleFileSnapshotInfo(new FileInfo(file, checksum), last.getTerm(), last.getIndex()));
        } catch (IOException | IllegalStateException e) {
            return withoutSnapshot(file, e);
        } catch (RuntimeException | Error e) {
            throw fail("writing a snapshot", e);
        }
        snapshotFailed = false;
        bytesSinceSnapshot = 0;
        return last.getIndex();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        events.onLeadershipChanged();
    }

    @Override
    public void notifyLeaderReady() {
        events.onLeadershipChanged();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        events.onLeadershipChanged();
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
        failed = true;
        events.onFailed("its log cannot be written: " + Causes.line(cause), null);
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allServers) {
        events.onServerClosed();
    }

    private void restoreLatest() throws IOException {
        SingleFileSnapshotInfo snapshot = storage.getLatestSnapshot();
        if (snapshot == null) {
            return;
        }
        FileInfo file = snapshot.getFile();
        MD5FileUtil.verifySavedMD5(file.getPath().toFile(), file.getFileDigest());
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file.getPath()), 1 << 16)) {
            machine.restore(in);
        }
        setLastAppliedTermIndex(snapshot.getTermIndex());
        bytesSinceSnapshot = 0;
    }

    private MD5Hash write(Path file) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        MessageDigest digest = md5();
        try (FileOutputStream disk = new FileOutputStream(fresh.toFile())) {
            OutputStream out = new BufferedOutputStream(new DigestOutputStream(disk, digest), 1 << 16);
            machine.snapshot(out);
            out.flush();
            disk.getChannel().force(true);
            MD5Hash checksum = MD5Hash.newInstance(digest.digest());
            MD5FileUtil.saveMD5File(file.toFile(), checksum);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            return checksum;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** What Ratis has snapshots checked by; against damage, not against people. */
    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM lacks MD5, which each has to have", e);
        }
    }

    private long withoutSnapshot(Path file, Exception reason) {
        if (!snapshotFailed) {
            snapshotFailed = true;
            LOG.warn(
                    "member '{}' of the log cannot write snapshot '{}', and keeps its log until it can: {}",
                    name,
                    file,
                    Causes.line(reason));
        }
        return RaftLog.INVALID_LOG_INDEX;
    }

    private IllegalStateException fail(String what, Throwable cause) {
        failed = true;
        String reason = "the state machine failed in " + what + ": " + cause;
        events.onFailed(reason, cause);
        return new IllegalStateException(reason, cause);
    }
}
