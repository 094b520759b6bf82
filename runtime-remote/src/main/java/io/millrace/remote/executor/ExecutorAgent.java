package io.millrace.remote.executor;

import io.millrace.local.part.PartListener;
import io.millrace.local.run.LocalPart;
import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.link.LinkHub;
import io.millrace.remote.metrics.MetricsPage;
import io.millrace.remote.shared.SharedMemory;
import io.millrace.remote.wire.ExecutorMessage;
import io.millrace.remote.wire.JobAssignment;
import io.millrace.remote.wire.MasterMessage;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.Question;
import io.millrace.runtime.DataflowEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an executor does: has the parts that the masters want it to have, each as far as they want, and says how far they are. All state belongs to its agenda's thread.
 *
 * <p>What is wanted comes whole, and so does what is reported: a message that is lost, another leader, or a connection that is made anew needs nothing special.
 */
public final class ExecutorAgent implements HostedJob.Host {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorAgent.class);

    /** How late it may be seen that the machine was suspended. */
    private static final long LEASE_LOOK_NS = TimeUnit.SECONDS.toNanos(1);

    private final Settings settings;
    private final Agenda agenda;
    private final LinkHub hub;
    private final Line line;
    private final Pending pending;
    private final PartPreparation preparation;
    private final Succession succession;
    private final @Nullable SharedMemory memory;
    private final CompletableFuture<Void> registered = new CompletableFuture<>();
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private final CompletableFuture<Void> dropped = new CompletableFuture<>();
    private final CompletableFuture<Void> handedOver = new CompletableFuture<>();
    private final CompletableFuture<Void> unregistered = new CompletableFuture<>();

    // Written by the agenda's thread, read by any.
    private volatile boolean isRegistered; // over this connection
    private volatile int runningNodes;

    // The agenda's thread.
    private final Map<String, HostedJob> jobs = new LinkedHashMap<>();
    private final PastParts past = new PastParts();
    private final Reporting reporting = new Reporting(Reporting.MESSAGE_BYTES);
    private final UnstoredCheckpoints checkpoints = new UnstoredCheckpoints();
    private final Lease lease = new Lease();
    private final WakefulTime leaseTime = new WakefulTime();
    private MasterMessage.@Nullable Registered terms; // of the leader that was last heard
    private long registrationSentNs;
    private boolean isConnected;
    private boolean isReportDue;
    private boolean isLeaving;
    private boolean isClosing; // what becomes of its parts is told nobody any more
    private boolean isHandingOver;
    private boolean isUnregistering;
    private String lastRefusal = "";
    private String leaveReason = "closed";
    private Agenda.@Nullable Timer renewal;
    private Agenda.@Nullable Timer expiry;
    private final long beganNs;

    /**
     * What it says of itself.
     *
     * @param linkHost where peers reach its links
     */
    public record Settings(
            String machineId,
            String instance,
            Map<String, String> labels,
            String linkHost,
            int linkPort,
            int cores,
            String system,
            Duration dropGrace) {
        public Settings {
            labels = Map.copyOf(labels);
        }
    }

    /** The connection to the leading master. */
    public interface Line {
        /** False if there is none at the moment, or the message is too large. Any thread. */
        boolean send(ExecutorMessage message);
    }

    /**
     * @param memory what is shared with other executors of this host; null for nothing
     * @param line of which the calls arrive at {@link #onConnected}, {@link #onMessage} and {@link #onDisconnected}
     */
    public ExecutorAgent(
            Settings settings,
            Agenda agenda,
            LinkHub hub,
            @Nullable SharedMemory memory,
            Line line,
            PartPreparation preparation,
            Succession succession) {
        this.settings = settings;
        this.agenda = agenda;
        this.hub = hub;
        this.memory = memory;
        this.line = line;
        this.preparation = preparation;
        this.pending = preparation.pending();
        this.succession = succession;
        this.beganNs = agenda.nowNs();
    }

    /** Completes when a leader has registered it for the first time; exceptionally if it is refused for good. */
    public CompletionStage<Void> registered() {
        return registered;
    }

    /** Whether the leading master has registered it over the connection that it has now. Any thread. */
    public boolean isRegistered() {
        return isRegistered;
    }

    /** Puts what runs here onto a page. Completes when it is there, which nobody else touches meanwhile. Any thread. */
    public CompletionStage<MetricsPage> addTo(MetricsPage page) {
        CompletableFuture<MetricsPage> done = new CompletableFuture<>();
        agenda.execute(() -> {
            try {
                addFigures(page);
                done.complete(page);
            } catch (RuntimeException e) { // it is a page that fails then, and not the executor
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private void addFigures(MetricsPage page) {
        page.gauge("millrace_executor_registered", "Whether a leading master has registered it.")
                .add(isRegistered ? 1 : 0);
        page.gauge("millrace_executor_nodes", "Nodes that run here.").add(runningNodes);
        MetricsPage.Family age = page.gauge(
                "millrace_executor_lease_age_seconds",
                "Since it sent the last renewal that a leading master has answered; absent while it has no lease.");
        if (lease.isHeld()) {
            age.add(lease.ageNs(leaseTime.nowNs()) / 1e9);
        }
        Map<String, HostedJob> byName = new LinkedHashMap<>(); // of one name only the last may be under way
        jobs.values().forEach(job -> byName.put(job.name(), job));
        new ExecutorFigures(byName.values(), hub.links()).addTo(page);
    }

    /** Nodes that run here. Any thread. */
    public int runningNodes() {
        return runningNodes;
    }

    // The connection. On the agenda's thread.

    public void onConnected() {
        isConnected = true;
        registrationSentNs = leaseTime.nowNs();
        line.send(new ExecutorMessage.Register(
                settings.machineId,
                settings.instance,
                settings.labels,
                settings.linkHost,
                settings.linkPort,
                settings.cores,
                settings.system,
                reports(),
                formers()));
    }

    /** Not before their programs have ended too; until then they may be let in all the same, as the lease of the former may be over. */
    private List<String> formers() {
        long aheadNs = Succession.PROGRAMS_END.toNanos() - (agenda.nowNs() - beganNs);
        return aheadNs > 0 ? List.of() : succession.formers();
    }

    public void onDisconnected(String reason) {
        if (isRegistered) {
            LOG.info("executor '{}': the leading master is not connected any more: {}", settings.machineId, reason);
        }
        isConnected = false;
        isRegistered = false;
        if (isUnregistering) {
            unregistered.complete(null);
        }
        cancel(renewal);
        renewal = null;
    }

    public void onMessage(MasterMessage message) {
        if (message instanceof MasterMessage.Registered known) {
            onRegistered(known);
        } else if (message instanceof MasterMessage.Renewed renewed) {
            lease.onAnswered(renewed.number());
            watchLease();
        } else if (message instanceof MasterMessage.Desired desired) {
            follow(desired.jobs());
        } else if (message instanceof MasterMessage.PartContents contents) {
            pending.answer(contents.request(), contents);
        } else if (message instanceof MasterMessage.Checkpoints checkpoints) {
            pending.answer(checkpoints.request(), checkpoints);
        } else if (message instanceof MasterMessage.Stored stored) {
            onStored(stored);
        } else if (message instanceof MasterMessage.Chunk chunk) {
            pending.answer(chunk.request(), chunk);
        } else if (message instanceof MasterMessage.Unavailable unavailable) {
            pending.fail(unavailable.request(), unavailable.reason());
        } else if (message instanceof MasterMessage.Ask ask) {
            answer(ask).thenAccept(answer -> tell(ask, answer));
        } else if (message instanceof MasterMessage.ActOnNode act) {
            parts().stream()
                    .filter(part -> part.id().equals(act.part()))
                    .forEach(part -> part.act(act.node(), act.action()));
        } else if (message instanceof MasterMessage.Refused refused) {
            onRefused(refused);
        }
    }

    private void onRegistered(MasterMessage.Registered known) {
        if (terms == null) {
            LOG.info(
                    "executor '{}' is registered, incarnation {}, lease {} ms",
                    settings.machineId,
                    known.incarnation(),
                    known.leaseMs());
        }
        terms = known;
        isRegistered = true;
        hub.linkTimeout(Duration.ofMillis(Math.max(1, known.linkTimeoutMs())));
        lease.onRegistered(registrationSentNs);
        renewLater(known);
        watchLease();
        checkpoints.messages().forEach(line::send);
        pending.messages().forEach(line::send);
        if (isLeaving && !isClosing) {
            line.send(new ExecutorMessage.Drain());
        }
        lastRefusal = "";
        registered.complete(null);
    }

    private void onRefused(MasterMessage.Refused refused) {
        String reason = refused.reason();
        if (refused.mayPass()) {
            if (!reason.equals(lastRefusal)) {
                LOG.warn(
                        "executor '{}' is refused by the masters, and goes on trying: {}{}{}",
                        settings.machineId,
                        reason,
                        refused.leftMs() < 0
                                ? ""
                                : "; unless it is renewed, that lease ends in " + (refused.leftMs() + 999) / 1000
                                        + " s",
                        succession.formers().isEmpty()
                                ? ""
                                : "; a former process here has ended for certain, and this one takes its place "
                                        + Succession.PROGRAMS_END.toSeconds() + " s after its start");
            }
        } else {
            LOG.error("executor '{}' is refused by the masters: {}", settings.machineId, reason);
            registered.completeExceptionally(new IllegalStateException(
                    "executor '" + settings.machineId + "' is refused by the masters: " + reason));
        }
        lastRefusal = reason;
    }

    // The lease.

    private void renewLater(MasterMessage.Registered known) {
        cancel(renewal);
        renewal = agenda.after(Duration.ofMillis(known.renewEveryMs()), () -> renew(known));
    }

    private void renew(MasterMessage.Registered known) {
        if (isConnected && !isClosing) {
            watchLease(); // a machine that was suspended may have lost it
            line.send(new ExecutorMessage.Renew(lease.onSending(leaseTime.nowNs()), reports()));
            checkpoints.overdue().forEach(line::send);
            renewLater(known);
        }
    }

    private void watchLease() {
        cancel(expiry);
        MasterMessage.Registered known = terms;
        if (known == null || !lease.isHeld()) {
            return;
        }
        long leftNs = lease.leftNs(
                leaseTime.nowNs(), Duration.ofMillis(known.leaseMs()).toNanos());
        if (leftNs > 0) {
            expiry = agenda.after(Duration.ofNanos(Math.min(leftNs, LEASE_LOOK_NS)), this::watchLease);
        } else {
            onLeaseEnded(known);
        }
    }

    /** From now on movable nodes may run elsewhere, once the grace is over. */
    private void onLeaseEnded(MasterMessage.Registered known) {
        lease.end();
        List<HostedPart> movable = parts().stream()
                .filter(part -> !part.isPinned() && !part.state().isFinal())
                .toList();
        LOG.warn(
                "executor '{}': its lease of {} ms has ended without word from a leading master; {} movable parts stop, pinned ones run on",
                settings.machineId,
                known.leaseMs(),
                movable.size());
        movable.forEach(part -> part.drop(Duration.ofMillis(known.stopGraceMs())));
    }

    // What is wanted.

    private void follow(List<JobAssignment> wanted) {
        if (isClosing) {
            return;
        }
        for (JobAssignment job : wanted) {
            jobs.computeIfAbsent(job.jobId(), id -> new HostedJob(id, this)).follow(job, settings.dropGrace);
        }
        for (HostedJob job : jobs.values()) {
            if (wanted.stream().noneMatch(known -> known.jobId().equals(job.id()))) {
                job.drop(settings.dropGrace);
            }
        }
        forgetPast();
        endWhenEmpty();
    }

    /** Of parts that have ended, and that nobody wants any more, what they said last is all that is kept. */
    private void forgetPast() {
        for (HostedJob job : jobs.values()) {
            for (HostedPart part : job.takePast()) {
                past.remember(part);
                checkpoints.forget(part.id());
                preparation.forget(part);
            }
        }
        jobs.values().removeIf(job -> job.parts().isEmpty());
    }

    private CompletionStage<Question.Answer> answer(MasterMessage.Ask ask) {
        for (HostedPart part : parts()) {
            if (part.id().equals(ask.part())) {
                return part.answer(ask.question());
            }
        }
        return CompletableFuture.completedFuture(past.answer(ask.part(), ask.question()));
    }

    private void tell(MasterMessage.Ask ask, Question.Answer answer) {
        if (!line.send(new ExecutorMessage.Answered(ask.request(), answer))) { // too large, if anybody is there at all
            line.send(new ExecutorMessage.Answered(
                    ask.request(),
                    new Question.Answer.Nothing("part " + ask.part() + " has more to say than is sent")));
        }
    }

    private List<HostedPart> parts() {
        List<HostedPart> all = new ArrayList<>();
        jobs.values().forEach(job -> all.addAll(job.parts()));
        return all;
    }

    private List<PartReport> reports() {
        return reporting.of(jobs.values().stream()
                .flatMap(job -> job.reports().stream())
                .map(this::told)
                .toList());
    }

    /** A part has not ended before the masters have what its nodes left: once they know of its end, they begin elsewhere. One that ends with this executor they are not told of. */
    private PartReport told(PartReport report) {
        return report.state() == PartState.ENDED && (isClosing || checkpoints.isWaiting(report.id(), report.epoch()))
                ? report.before(report.incarnations(), report.endedNodes())
                : report;
    }

    // The end.

    /** Has the masters run elsewhere what may. Any thread. */
    public CompletionStage<Void> leave(String reason) {
        agenda.execute(() -> {
            isLeaving = true;
            leaveReason = reason;
            line.send(new ExecutorMessage.Drain());
            endWhenEmpty();
        });
        return emptied;
    }

    /** Completes when a leading master has answered for all that nodes have left for their next incarnations; to be called when nothing runs here any more. Any thread. */
    public CompletionStage<Void> handOver() {
        agenda.execute(() -> {
            isHandingOver = true;
            endWhenHandedOver();
        });
        return handedOver;
    }

    private void endWhenHandedOver() {
        if (isHandingOver && checkpoints.isEmpty()) {
            handedOver.complete(null);
        }
    }

    /** Says that nothing of it runs any more; to be called when that is so. Completes when the leader has taken note, or is gone. Any thread. */
    public CompletionStage<Void> unregister() {
        agenda.execute(() -> {
            isUnregistering = true;
            if (terms == null || !isConnected || !line.send(new ExecutorMessage.Unregister(leaveReason))) {
                unregistered.complete(null);
            }
        });
        return unregistered;
    }

    /** Everything ends, at most within the grace, and what becomes of it is told nobody. Any thread. */
    public CompletionStage<Void> dropAll(Duration grace) {
        agenda.execute(() -> {
            isLeaving = true;
            isClosing = true;
            parts().forEach(part -> part.drop(grace));
            endWhenEmpty();
        });
        return dropped;
    }

    private void endWhenEmpty() {
        if (isLeaving && parts().stream().allMatch(part -> part.state().isFinal())) {
            emptied.complete(null);
            if (isClosing) { // nothing begins here any more
                dropped.complete(null);
            }
        }
    }

    // What its jobs use.

    @Override
    public String machineId() {
        return settings.machineId;
    }

    @Override
    public String instance() {
        return settings.instance;
    }

    @Override
    public Agenda agenda() {
        return agenda;
    }

    @Override
    public @Nullable SharedMemory memory() {
        return memory;
    }

    @Override
    public LinkHub hub() {
        return hub;
    }

    @Override
    public CompletionStage<LocalPart> prepare(HostedPart part, PartListener listener) {
        return preparation.prepare(part, listener, line);
    }

    @Override
    public void onChanged() {
        runningNodes = parts().stream()
                .filter(part -> part.state() == PartState.RUNNING)
                .mapToInt(part -> part.nodes().size())
                .sum();
        endWhenEmpty();
        if (!isReportDue && !isClosing) { // several changes of one turn make one report
            isReportDue = true;
            agenda.execute(() -> {
                isReportDue = false;
                if (isClosing) {
                    return;
                }
                forgetPast();
                line.send(new ExecutorMessage.Report(reports()));
            });
        }
    }

    @Override
    public void tell(HostedPart part, DataflowEvent event) {
        JobEvents.of(event)
                .ifPresent(told -> line.send(new ExecutorMessage.Events(part.id(), part.epoch(), List.of(told))));
    }

    @Override
    public void store(HostedPart part, String code, byte[] bytes) {
        ExecutorMessage.StoreCheckpoint checkpoint = checkpoints.add(part.id(), part.epoch(), code, bytes);
        if (isRegistered) { // else when it is
            line.send(checkpoint);
        }
    }

    private void onStored(MasterMessage.Stored stored) {
        checkpoints.onAnswered(stored.number()).ifPresent(checkpoint -> {
            endWhenHandedOver();
            if (!stored.refusal().isEmpty() && checkpoints.isNewRefusal(checkpoint)) {
                LOG.warn(
                        "part {}: the masters do not keep what '{}' has left for its next incarnation: {}",
                        checkpoint.part(),
                        checkpoint.code(),
                        stored.refusal());
            }
            boolean mayBeOver = parts().stream()
                    .anyMatch(part ->
                            part.id().equals(checkpoint.part()) && part.state().isFinal());
            if (mayBeOver) {
                onChanged();
            }
        });
    }

    private static void cancel(Agenda.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
