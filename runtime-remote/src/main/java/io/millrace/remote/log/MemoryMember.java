package io.millrace.remote.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of a {@link MemoryLogGroup}: the group decides what it gets, this sees to it that it comes on the member's own thread. */
final class MemoryMember implements MetadataLog {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryMember.class);
    private static final long CLOSE_SECONDS = 5;

    /** An append that no majority holds yet. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
    record Pending(byte[] envelope, CompletableFuture<AppendResult> result) {}

    private final MemoryLogGroup group;
    private final String name;
    private final AppliedOnce machine;
    private final LogListener listener;
    private final @Nullable ExecutorService ownThread;
    private final Mailbox mailbox;

    // Guarded by the group.
    final Queue<Pending> pending = new ArrayDeque<>();
    final Map<Long, CompletableFuture<AppendResult>> results = new HashMap<>();
    long nextIndex = 1;
    boolean cut;
    boolean gone;
    boolean losesNextReply;

    // Written in the mailbox.
    private volatile Leadership leadership = Leadership.NONE;
    private volatile boolean stopped;
    private volatile @Nullable Thread runningOn;
    private int appliedSinceSnapshot;

    MemoryMember(
            MemoryLogGroup group,
            String name,
            StateMachine machine,
            LogListener listener,
            @Nullable Executor executor) {
        this.group = group;
        this.name = name;
        this.machine = new AppliedOnce(machine);
        this.listener = listener;
        this.ownThread = executor == null ? Executors.newSingleThreadExecutor(task -> daemon(task, name)) : null;
        this.mailbox = new Mailbox(ownThread != null ? ownThread : Objects.requireNonNull(executor));
    }

    @Override
    public String name() {
        return name;
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
        group.remove(this);
        if (ownThread == null) {
            return;
        }
        ownThread.shutdown();
        if (Thread.currentThread() == runningOn) {
            return;
        }
        try {
            if (!ownThread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "member '{}' of the log is still in its state machine after {} s: left behind",
                        name,
                        CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // For the group, which holds its lock, and wakes the member when it has let go of it.

    boolean canReachOthers() {
        return !gone && !stopped && !cut;
    }

    boolean hasStopped() {
        return stopped;
    }

    boolean believesToLead() {
        return leadership.own();
    }

    void restore(long index, byte[] snapshot) {
        mailbox.put(() -> unlessStopped("restoring a snapshot of entries up to " + index, () -> {
            machine.restore(new ByteArrayInputStream(snapshot));
            appliedSinceSnapshot = 0;
        }));
    }

    void apply(long index, byte[] envelope, @Nullable CompletableFuture<AppendResult> result, boolean loseReply) {
        mailbox.put(() -> {
            unlessStopped("applying entry " + index, () -> {
                byte[] reply = machine.apply(index, envelope);
                if (result != null) {
                    result.complete(
                            loseReply ? new AppendResult.Unknown("its reply was lost") : AppliedOnce.result(reply));
                }
                snapshotWhenDue(index);
            });
            if (result != null) {
                result.complete(new AppendResult.Unknown("member '" + name + "' of the log has stopped"));
            }
        });
    }

    void tell(Leadership now) {
        mailbox.put(() -> {
            if (!stopped && !leadership.equals(now)) {
                leadership = now;
                listener.onLeadership(now);
            }
        });
    }

    void answer(CompletableFuture<AppendResult> result, AppendResult with) {
        mailbox.put(() -> result.complete(with));
    }

    void giveUpPending(String reason) {
        for (Pending each = pending.poll(); each != null; each = pending.poll()) {
            answer(each.result(), new AppendResult.Unknown(reason));
        }
    }

    /** Does nothing of what is still in the mailbox. */
    void stopAtOnce() {
        stopped = true;
    }

    void wake() {
        mailbox.wake();
    }

    private CompletionStage<AppendResult> offer(byte[] envelope) {
        CompletableFuture<AppendResult> result = new CompletableFuture<>();
        group.offer(this, new Pending(envelope, result));
        return result.minimalCompletionStage();
    }

    private void snapshotWhenDue(long index) throws Exception {
        if (++appliedSinceSnapshot < group.snapshotEvery()) {
            return;
        }
        appliedSinceSnapshot = 0;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        machine.snapshot(out);
        group.keep(index, out.toByteArray());
    }

    private void unlessStopped(String what, Step step) {
        if (stopped) {
            return;
        }
        runningOn = Thread.currentThread();
        try {
            step.run();
        } catch (Throwable e) {
            // Whatever it is: a state machine that goes on after it would differ from the others.
            stopped = true;
            String reason = "the state machine failed in " + what + ": " + e;
            LOG.error("member '{}' of the log stops: {}", name, reason, e);
            group.stopped(this);
            listener.onStopped(reason);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "millrace-log-" + name);
        thread.setDaemon(true);
        return thread;
    }

    /** What may throw. */
    private interface Step {
        void run() throws Exception;
    }
}
