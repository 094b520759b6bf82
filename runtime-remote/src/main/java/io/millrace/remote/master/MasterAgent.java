package io.millrace.remote.master;

import io.millrace.remote.link.ControlAcceptor;
import io.millrace.remote.link.ControlConnection;
import io.millrace.remote.link.ControlHandler;
import io.millrace.remote.link.Peer;
import io.millrace.remote.log.AppendResult;
import io.millrace.remote.log.Leadership;
import io.millrace.remote.log.LogListener;
import io.millrace.remote.log.MetadataLog;
import io.millrace.remote.log.MetadataLogs;
import io.millrace.remote.metrics.MetricsPage;
import io.millrace.remote.state.Applied;
import io.millrace.remote.state.ClusterEntry;
import io.millrace.remote.state.ClusterState;
import io.millrace.remote.state.Outcome;
import io.millrace.remote.wire.ExecutorView;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.MasterAddress;
import io.millrace.remote.wire.PartId;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master, without its door to the network: give {@link #acceptor()} and {@link #executor()} to a listener.
 *
 * <p>Whether it leads or not, it answers everyone: who wants what only the leader can do is told who leads. All fields belong to its thread.
 */
public final class MasterAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterAgent.class);

    /** Clocks of masters may differ by so much without a word. */
    private static final long MARKED_LAG_MS = TimeUnit.MINUTES.toMillis(1);

    private static final long TICK_MS = 100;
    private static final long CLOSE_SECONDS = 5;
    private static final int MAX_REFUSED = 1024;

    private final MasterSettings settings;
    private final LongSupplier wallClockMs;
    private final ScheduledExecutorService thread;
    private final ArtifactFiles artifacts;
    private final MasterMachine machine;
    private final MetadataLog log;

    private final Map<String, ExecutorSession> registered = new HashMap<>();
    private final Set<Session<?, ?>> sessions = new LinkedHashSet<>();
    private final Map<String, Set<ClientSession>> watchers = new HashMap<>();
    private final Questions questions = new Questions();
    private final Set<String> refused = new LinkedHashSet<>(); // instances, of which it has been said
    private @Nullable Lead lead;
    private volatile Leadership leadership = Leadership.NONE;
    private final AtomicLong lostExecutors = new AtomicLong();
    private volatile boolean isClosed;

    private MasterAgent(
            MasterSettings settings, MetadataLogs logs, Consumer<String> onStopped, LongSupplier wallClockMs) {
        this.settings = settings;
        this.wallClockMs = wallClockMs;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, settings.name()));
        try {
            this.artifacts = new ArtifactFiles(settings.folder());
            this.machine =
                    new MasterMachine(artifacts, settings.limits(), applied -> execute(() -> onApplied(applied)));
            this.log = logs.open(machine, new FromLog(onStopped));
        } catch (RuntimeException e) {
            thread.shutdownNow();
            throw e;
        }
    }

    /**
     * Opens the log and takes part.
     *
     * @param onStopped told, on the log's thread, if the log has stopped by itself: the master is of no use any more, and to be closed
     * @throws io.millrace.remote.log.LogUnavailableException if the log cannot be opened
     */
    public static MasterAgent open(MasterSettings settings, MetadataLogs logs, Consumer<String> onStopped) {
        return open(settings, logs, onStopped, System::currentTimeMillis);
    }

    /**
     * Likewise.
     *
     * @param wallClockMs read once whenever it begins to lead
     */
    public static MasterAgent open(
            MasterSettings settings, MetadataLogs logs, Consumer<String> onStopped, LongSupplier wallClockMs) {
        MasterAgent master = new MasterAgent(settings, logs, onStopped, wallClockMs);
        var unused = master.thread.scheduleWithFixedDelay(master::tickSafely, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
        return master;
    }

    /** Takes in executors and clients. */
    public ControlAcceptor acceptor() {
        return this::accept;
    }

    /** Where the handlers of {@link #acceptor()} are to be called. */
    public Executor executor() {
        return this::execute;
    }

    /** Who leads, as far as this master knows. Any thread. */
    public Leadership leadership() {
        return leadership;
    }

    /** Puts what it knows of the cluster onto a page. Any thread. */
    public void addTo(MetricsPage page) {
        Leadership known = leadership;
        page.gauge("millrace_master_leads", "Whether this master leads.").add(known.own() ? 1 : 0);
        page.gauge("millrace_master_term", "The term of the leader that it knows; 0 before it knows of any.")
                .add(known.term());
        page.gauge(
                        "millrace_master_log_index",
                        "The last entry of the masters' log that it has applied since it began; 0 before the first.")
                .add(machine.lastIndex());
        page.counter(
                        "millrace_master_executors_lost_total",
                        "Executors that this master, while it led, counted as lost, for it had not heard of them.")
                .add(lostExecutors.get());
        Map<ExecutorView.Condition, Long> executors = new EnumMap<>(ExecutorView.Condition.class);
        ask(ClusterState::executorViews).forEach(view -> executors.merge(view.condition(), 1L, Long::sum));
        MetricsPage.Family byCondition = page.gauge("millrace_executors", "Executors by condition.");
        for (ExecutorView.Condition condition : ExecutorView.Condition.values()) {
            byCondition.add(
                    executors.getOrDefault(condition, 0L),
                    "condition",
                    condition.name().toLowerCase(Locale.ROOT));
        }
        Map<JobState, Long> jobs = ask(ClusterState::jobCounts);
        MetricsPage.Family byState = page.gauge("millrace_jobs", "Jobs that the masters know, by state.");
        for (JobState state : JobState.values()) {
            byState.add(jobs.getOrDefault(state, 0L), "state", state.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Leaves the group of masters and ends its threads; takes some seconds at the most. Connections are the network's to close. Idempotent. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        log.close();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("master '{}' is still busy after {} s: left behind", settings.name(), CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // For sessions, on the thread.

    MasterSettings settings() {
        return settings;
    }

    ArtifactFiles artifacts() {
        return artifacts;
    }

    Questions questions() {
        return questions;
    }

    Optional<Lead> lead() {
        return Optional.ofNullable(lead);
    }

    /** Index of the leader among the masters, or -1. */
    int leaderIndex() {
        List<String> names =
                settings.masters().stream().map(MasterAddress::name).toList();
        return leadership.leader().map(names::indexOf).orElse(-1);
    }

    <T> T ask(Function<ClusterState, T> question) {
        return machine.ask(question);
    }

    /** Has something decided; the verdict comes on the thread, later. */
    void decide(LongFunction<ClusterEntry> entry, Consumer<Verdict> onVerdict) {
        Lead now = lead;
        if (now == null) {
            execute(() -> onVerdict.accept(new Verdict.NotLeading()));
            return;
        }
        byte[] bytes = machine.encode(entry.apply(now.timeMs(System.nanoTime())));
        if (bytes.length > MetadataLog.MAX_ENTRY_BYTES) {
            String reason = bytes.length + " bytes are more than the " + MetadataLog.MAX_ENTRY_BYTES
                    + " that masters decide on at once";
            execute(() -> onVerdict.accept(new Verdict.TooLarge(reason)));
            return;
        }
        var unused = log.append(bytes).thenAccept(result -> execute(() -> onVerdict.accept(verdict(result))));
    }

    Optional<ExecutorSession> executor(String machineId) {
        return Optional.ofNullable(registered.get(machineId));
    }

    /** The executor that has a part, if it is connected. */
    Optional<ExecutorSession> executorOf(PartId part) {
        return ask(state -> state.jobView(part.jobId()))
                .flatMap(job -> job.parts().stream()
                        .filter(each -> each.place().id().equals(part))
                        .findFirst())
                .flatMap(each -> executor(each.place().machineId()));
    }

    void onRegistered(ExecutorSession session, Leases.Holder holder) {
        refused.remove(holder.instance());
        ExecutorSession before = registered.put(holder.machineId(), session);
        if (before != null && before != session) {
            before.supersede();
        }
        lead().ifPresent(now -> now.leases.begin(holder, System.nanoTime(), lostAfterNs(holder)));
    }

    /** Until an executor renews with this leader, it may go by what another one has told it. */
    private long lostAfterNs(Leases.Holder holder) {
        long toldMs = ask(state -> state.holdsMs(holder.machineId()));
        return settings.leases().lostAfterNs(Duration.ofMillis(toldMs));
    }

    /** Whether it was let in is not known: if it was, and is never heard of again, it is lost as any other. */
    void onRegistrationUnknown(Leases.Holder holder) {
        lead().ifPresent(now -> now.leases.expect(holder, System.nanoTime(), lostAfterNs(holder)));
    }

    /** It stands in the log that this process is lost. */
    void onEnded(Leases.Holder holder, String reason) {
        lead().ifPresent(now -> now.leases.end(holder));
        executor(holder.machineId()).filter(session -> session.isOf(holder)).ifPresent(session -> {
            registered.remove(holder.machineId(), session);
            session.end(reason);
        });
    }

    /** Whether it is worth a line that this process of an executor is refused. */
    boolean isNewRefusal(String instance) {
        if (refused.size() >= MAX_REFUSED) {
            refused.clear();
        }
        return refused.add(instance);
    }

    void onSessionEnded(Session<?, ?> session) {
        sessions.remove(session);
        registered.values().removeIf(each -> each == session);
        watchers.values().forEach(each -> each.removeIf(watching -> watching == session));
        watchers.values().removeIf(Set::isEmpty);
        questions.onEnded(session);
    }

    void watch(String jobId, ClientSession session) {
        watchers.computeIfAbsent(jobId, any -> new LinkedHashSet<>()).add(session);
    }

    Set<ClientSession> watchers(String jobId) {
        return watchers.getOrDefault(jobId, Set.of());
    }

    private ControlHandler accept(Peer peer) {
        return switch (peer.role()) {
            case EXECUTOR -> new ExecutorSession(this, peer);
            case CLIENT -> new ClientSession(this);
            case MASTER -> new Unwanted();
        };
    }

    void onSessionOpened(Session<?, ?> session) {
        sessions.add(session);
    }

    private void onLeadership(Leadership now) {
        Lead before = lead;
        leadership = now;
        if (now.own() && (before == null || before.term != now.term())) {
            begin(now.term());
        } else if (!now.own() && before != null) {
            lead = null;
            LOG.info("master '{}' does not lead any more", settings.name());
        }
        if (lead != before) {
            registered.clear();
            questions.clear();
            List.copyOf(sessions).forEach(Session::onLeadershipChanged);
        }
    }

    private void begin(long term) {
        long nowNs = System.nanoTime();
        long nowMs = time(ask(ClusterState::nowMs));
        Leases leases = new Leases(settings.leases().lostAfterNs());
        ask(ClusterState::executorViews).stream()
                .filter(MasterAgent::isHere)
                .map(view -> new Leases.Holder(view.machineId(), view.instance()))
                .forEach(holder -> leases.begin(holder, nowNs, lostAfterNs(holder)));
        Lead now = new Lead(term, leases, nowMs, nowNs);
        lead = now;
        writeDown(now);
        LOG.info("master '{}' leads, in term {}", settings.name(), term);
    }

    /** Before anything else of its term, and again until it is decided: nothing is due before. */
    private void writeDown(Lead now) {
        now.isTickUnderWay = true;
        decide(ClusterEntry.LeaderBegan::new, verdict -> {
            now.isTickUnderWay = false;
            now.isWrittenDown = verdict instanceof Verdict.Decided;
        });
    }

    /** What is written down is in order, whatever has become of this machine's clock meanwhile. */
    private long time(long writtenMs) {
        long behindMs = writtenMs - wallClockMs.getAsLong();
        if (behindMs > MARKED_LAG_MS) {
            LOG.warn(
                    "master '{}': the clock of this machine is {} s behind what was written last, so times of jobs go on from"
                            + " there; set it right",
                    settings.name(),
                    TimeUnit.MILLISECONDS.toSeconds(behindMs));
        }
        return writtenMs + Math.max(0, -behindMs);
    }

    static boolean isHere(ExecutorView executor) {
        return switch (executor.condition()) {
            case JOINED, DRAINING -> true;
            case LOST, LEFT -> false;
        };
    }

    private void onApplied(Applied applied) {
        if (lead == null) {
            return;
        }
        applied.machines().forEach(machineId -> executor(machineId).ifPresent(ExecutorSession::sendDesired));
        for (String jobId : applied.jobs()) {
            Set<ClientSession> watching = watchers(jobId);
            if (!watching.isEmpty()) {
                ask(state -> state.jobView(jobId)).ifPresent(job -> tell(Set.copyOf(watching), job));
            }
        }
    }

    private void tell(Set<ClientSession> watching, JobView job) {
        watching.forEach(session -> session.onJobChanged(job));
        if (job.state().isFinal()) {
            watchers.remove(job.jobId());
        }
    }

    private void tickSafely() {
        try {
            tick();
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again.
            LOG.error("master '{}': a fault in its own code", settings.name(), e);
        }
    }

    private void tick() {
        Lead now = lead;
        if (now == null) {
            return;
        }
        long nowNs = System.nanoTime();
        now.leases.lost(nowNs).stream()
                .filter(lost -> now.beingLost.add(lost.holder()))
                .forEach(lost -> lose(now, lost));
        if (!now.isTickUnderWay && !now.isWrittenDown) {
            writeDown(now);
        } else if (!now.isTickUnderWay && ask(MasterAgent::tickDueMs) <= now.timeMs(nowNs)) {
            now.isTickUnderWay = true;
            decide(ClusterEntry.Tick::new, verdict -> now.isTickUnderWay = false);
        }
        questions.expire(nowNs);
    }

    private static long tickDueMs(ClusterState state) {
        return Math.min(state.nextDueMs(), state.clockDueMs());
    }

    private void lose(Lead now, Leases.Standing lost) {
        Leases.Holder holder = lost.holder();
        LOG.warn(
                "master '{}' has not heard of executor '{}' for {} ms: it is lost",
                settings.name(),
                holder.machineId(),
                TimeUnit.NANOSECONDS.toMillis(lost.silentNs()));
        decide(timeMs -> new ClusterEntry.ExecutorLost(timeMs, holder.machineId(), holder.instance()), verdict -> {
            now.beingLost.remove(holder);
            if (verdict instanceof Verdict.Decided decided) {
                lostExecutors.addAndGet(decided.outcome() instanceof Outcome.Refused ? 0 : 1); // it was never let in
                onEnded(holder, "the lease has ended: register anew");
            }
        });
    }

    private static Verdict verdict(AppendResult result, MasterMachine machine) {
        if (result instanceof AppendResult.Applied applied) {
            return new Verdict.Decided(machine.outcome(applied.reply()));
        }
        if (result instanceof AppendResult.NotLeader) {
            return new Verdict.NotLeading();
        }
        return result instanceof AppendResult.Refused refused
                ? new Verdict.Undecided(refused.reason())
                : new Verdict.Undecided(
                        "whether it was decided is not known: " + ((AppendResult.Unknown) result).reason());
    }

    private Verdict verdict(AppendResult result) {
        return verdict(result, machine);
    }

    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("after closing", e);
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, "millrace-master-" + name);
        thread.setDaemon(true);
        return thread;
    }

    /** Passes on what the log says. */
    private final class FromLog implements LogListener {
        private final Consumer<String> onStopped;

        FromLog(Consumer<String> onStopped) {
            this.onStopped = onStopped;
        }

        @Override
        public void onLeadership(Leadership now) {
            execute(() -> MasterAgent.this.onLeadership(now));
        }

        @Override
        public void onStopped(String reason) {
            onStopped.accept(reason);
        }
    }

    /** Masters speak through their log alone. */
    private static final class Unwanted implements ControlHandler {
        @Override
        public void onOpen(ControlConnection connection) {
            connection.close("masters do not dial each other");
        }

        @Override
        public void onMessage(ControlConnection connection, byte[] message) {
            // It is closing.
        }

        @Override
        public void onClosed(String reason) {
            // Nobody to tell.
        }
    }
}
