package io.millrace.remote.raft;

import io.millrace.remote.log.AppendId;
import io.millrace.remote.log.AppendResult;
import io.millrace.remote.log.AppliedOnce;
import io.millrace.remote.log.Leadership;
import io.millrace.remote.log.LogListener;
import io.millrace.remote.log.LogUnavailableException;
import io.millrace.remote.log.MetadataLog;
import io.millrace.remote.log.MetadataLogs;
import io.millrace.remote.log.StateMachine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log on Apache Ratis: durable in a folder, and the same on one member as on three or more.
 *
 * <p>Entries are appended through the member in this process alone, and by no service on the network. What others than the machine hear,
 * they hear on the thread {@code millrace-log-NAME}; Ratis has some twenty threads of its own.
 *
 * <p>Between {@link RaftSettings#electionTimeout()} and a quarter of a second more, a leader that is cut from the others may still
 * believe that it leads, while they have another one: what it appends comes out as unknown or not at all.
 */
public final class RaftLog implements MetadataLog {
    static final int MAX_PENDING = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(RaftLog.class);
    private static final long TICK_MS = 250;
    private static final long CLOSE_SECONDS = 15;
    private static final Duration SHORTEST_LEADERLESS = Duration.ofSeconds(1);

    private final RaftSettings settings;
    private final LogListener listener;
    private final ScheduledExecutorService thread;
    private final RatisMember member;
    private final AtomicInteger pendingBytes = new AtomicInteger();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final ConcurrentMap<Long, PendingAppend> pending = new ConcurrentHashMap<>();

    // Written by the thread.
    private volatile Leadership leadership = Leadership.NONE;
    private volatile boolean stopped;

    private long leaderlessSinceNs = System.nanoTime(); // of the thread

    private RaftLog(RaftSettings settings, StateMachine machine, LogListener listener) {
        this.settings = settings;
        this.listener = listener;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, settings.name()));
        this.member = new RatisMember(settings, machine, new MachineEvents());
    }

    /**
     * Opens this member, with what its folder holds; returns when it listens, without waiting for the others. Blocks for a second or so.
     *
     * @throws LogUnavailableException if the folder is in use, of another cluster or member, or damaged; if the address is taken
     */
    public static MetadataLog open(RaftSettings settings, StateMachine machine, LogListener listener) {
        RaftLog log = new RaftLog(settings, machine, listener);
        log.start();
        return log;
    }

    /** {@link #open}, as a master takes it. */
    public static MetadataLogs with(RaftSettings settings) {
        return (machine, listener) -> open(settings, machine, listener);
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public CompletionStage<AppendResult> append(byte[] entry) {
        return offer(AppliedOnce.envelope(null, entry));
    }

    @Override
    public CompletionStage<AppendResult> append(AppendId id, byte[] entry) {
        return offer(AppliedOnce.envelope(id, entry));
    }

    @Override
    public Leadership leadership() {
        return leadership;
    }

    @Override
    public void close() {
        close(true);
    }

    /** {@link #close()} without handing over, as if the process had ended. */
    void closeAtOnce() {
        close(false);
    }

    private void close(boolean handOver) {
        if (closing.compareAndSet(false, true)) {
            thread.execute(() -> leave(handOver));
            thread.shutdown();
        }
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("member '{}' of the log has not closed within {} s: left behind", name(), CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start() {
        try {
            member.start();
        } catch (RuntimeException e) {
            closing.set(true);
            thread.shutdown();
            throw e;
        }
        var unused = thread.scheduleWithFixedDelay(this::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
    }

    private CompletionStage<AppendResult> offer(byte[] envelope) {
        PendingAppend append = new PendingAppend(calls.incrementAndGet(), envelope, System.nanoTime());
        if (closing.get()) {
            return append.refused("the log is closed");
        }
        int bytes = pendingBytes.addAndGet(envelope.length);
        if (pending.size() >= MAX_PENDING || (bytes > settings.pendingBytes() && bytes > envelope.length)) {
            pendingBytes.addAndGet(-envelope.length);
            return append.refused(
                    "too much is pending: " + pending.size() + " entries, " + (bytes - envelope.length) + " bytes");
        }
        pending.put(append.call(), append);
        try {
            thread.execute(() -> submit(append));
        } catch (RejectedExecutionException e) {
            finish(append, new AppendResult.Refused("the log is closed"));
        }
        return append.stage();
    }

    // On the thread.

    private void submit(PendingAppend append) {
        if (stopped) {
            finish(append, new AppendResult.Refused("member '" + name() + "' of the log has stopped"));
            return;
        }
        if (!leadership.own()) {
            finish(append, new AppendResult.NotLeader(leadership.leader()));
            return;
        }
        var unused = member.append(append.call(), append.envelope())
                .whenComplete((reply, e) -> onThread(() -> onReply(append, reply, e)));
    }

    private void onReply(PendingAppend append, @Nullable RaftClientReply reply, @Nullable Throwable thrown) {
        if (reply != null && reply.isSuccess()) {
            finish(append, AppliedOnce.result(reply.getMessage().getContent().toByteArray()));
            return;
        }
        Throwable cause = thrown != null ? Causes.unwrap(thrown) : reply == null ? null : reply.getException();
        if (append.hasStarted()) {
            finish(append, new AppendResult.Unknown(cause == null ? "no reply" : Causes.line(cause)));
        } else if (cause instanceof NotLeaderException
                || cause instanceof LeaderNotReadyException
                || cause instanceof LeaderSteppingDownException) {
            refresh();
            Optional<String> leader = leadership.leader().filter(name -> !name.equals(name()));
            finish(append, new AppendResult.NotLeader(leader));
        } else {
            finish(append, new AppendResult.Refused(cause == null ? "no reply" : Causes.line(cause)));
        }
    }

    private void finish(PendingAppend append, AppendResult result) {
        if (pending.remove(append.call(), append)) {
            pendingBytes.addAndGet(-append.envelope().length);
            append.complete(result);
        }
    }

    private void tick() {
        refresh();
        long now = System.nanoTime();
        callAgainWhereNobodyLeads(now);
        long timeoutNs = settings.appendTimeout().toNanos();
        for (PendingAppend each : pending.values()) {
            if (now - each.sinceNs() > timeoutNs) {
                finish(
                        each,
                        new AppendResult.Unknown(
                                "no majority of the log's members has answered within " + settings.appendTimeout()));
            }
        }
    }

    /** A member that was away for long is called ever more rarely by the others, which may need its vote. */
    private void callAgainWhereNobodyLeads(long nowNs) {
        if (stopped || settings.isAlone() || leadership.leader().isPresent()) {
            leaderlessSinceNs = nowNs;
        } else if (nowNs - leaderlessSinceNs > longestLeaderlessNs()) {
            leaderlessSinceNs = nowNs;
            member.callAgain();
        }
    }

    private long longestLeaderlessNs() {
        Duration twoElections = settings.electionTimeout().multipliedBy(2);
        return (twoElections.compareTo(SHORTEST_LEADERLESS) > 0 ? twoElections : SHORTEST_LEADERLESS).toNanos();
    }

    private void refresh() {
        if (!stopped) {
            tell(member.leadership());
        }
    }

    private void tell(Leadership now) {
        if (!now.equals(leadership)) {
            leadership = now;
            listener.onLeadership(now);
        }
    }

    private void stop(String reason, @Nullable Throwable cause) {
        if (stopped || closing.get()) {
            return;
        }
        stopped = true;
        LOG.error("member '{}' of the log stops: {}", name(), reason, cause);
        tell(new Leadership(leadership.term(), Optional.empty(), false));
        endPending("member '" + name() + "' of the log has stopped");
        closeStopped();
        listener.onStopped(reason);
    }

    /** Where Ratis ends itself at the same time, its two ends may wait for each other. */
    private void closeStopped() {
        CompletableFuture<Void> closed = CompletableFuture.runAsync(
                member::close, task -> daemon(task, name() + "-close").start());
        try {
            closed.get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("member '{}' of the log has not closed within {} s: left behind", name(), CLOSE_SECONDS);
        } catch (ExecutionException e) {
            LOG.warn("member '{}' of the log has not closed in order", name(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(boolean handOver) {
        if (handOver && !stopped && leadership.own()) {
            member.handOver();
        }
        stopped = true;
        tell(new Leadership(leadership.term(), Optional.empty(), false));
        member.close();
        endPending("the log was closed");
    }

    private void endPending(String reason) {
        for (PendingAppend each : pending.values()) {
            finish(each, each.hasStarted() ? new AppendResult.Unknown(reason) : new AppendResult.Refused(reason));
        }
    }

    private void onThread(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("after closing", e);
        }
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "millrace-log-" + name);
        thread.setDaemon(true);
        return thread;
    }

    /** Passes on what Ratis's threads have to say. */
    private final class MachineEvents implements RaftMachine.Events {
        @Override
        public void onStarted(long call) {
            PendingAppend append = pending.get(call);
            if (append != null) {
                append.start();
            }
        }

        @Override
        public void onLeadershipChanged() {
            onThread(RaftLog.this::refresh);
        }

        @Override
        public void onFailed(String reason, @Nullable Throwable cause) {
            onThread(() -> stop(reason, cause));
        }

        @Override
        public void onSnapshotDue() {
            onThread(member::snapshot);
        }

        @Override
        public void onServerClosed() {
            onThread(() -> stop("Ratis has closed itself; its loggers, org.apache.ratis, say why", null));
        }
    }
}
