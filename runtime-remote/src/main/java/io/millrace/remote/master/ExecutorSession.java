package io.millrace.remote.master;

import io.millrace.remote.link.Peer;
import io.millrace.remote.state.ClusterEntry;
import io.millrace.remote.state.Outcome;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ExecutorMessage;
import io.millrace.remote.wire.JobAssignment;
import io.millrace.remote.wire.MasterMessage;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.RecordCodec;
import io.millrace.remote.wire.Submission;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection of an executor. */
final class ExecutorSession extends Session<ExecutorMessage, MasterMessage> {
    private static final Logger LOG = LoggerFactory.getLogger(ExecutorSession.class);
    private static final RecordCodec<ExecutorMessage> INCOMING = RecordCodec.of(ExecutorMessage.class);
    private static final RecordCodec<MasterMessage> OUTGOING = RecordCodec.of(MasterMessage.class);
    private static final int CHUNK_BYTES = 512 << 10;
    /** Of checkpoints in one message. */
    private static final int CHECKPOINTS_BYTES = 2 << 20;

    private final Peer peer;
    private Leases.@Nullable Holder holder;
    private long heardNs = System.nanoTime();
    private long sentRevision = -1;
    private boolean isLimitTold; // once, for it comes again

    ExecutorSession(MasterAgent master, Peer peer) {
        super(master, INCOMING, OUTGOING);
        this.peer = peer;
    }

    @Override
    Optional<MasterMessage> inPlaceOf(MasterMessage message, String reason) {
        return message instanceof MasterMessage.PartContents contents
                ? Optional.of(new MasterMessage.Unavailable(contents.request(), reason))
                : Optional.empty();
    }

    boolean isOf(Leases.Holder other) {
        return other.equals(holder);
    }

    /** Another connection of this executor has taken its place. */
    void supersede() {
        holder = null;
        end("this executor has connected anew");
    }

    /** Tells it what it is to do, if that is not what it was told last. */
    void sendDesired() {
        Leases.Holder who = holder;
        if (who == null) {
            return;
        }
        long revision = master.ask(state -> state.desiredRevision(who.machineId()));
        if (revision != sentRevision) {
            List<JobAssignment> jobs = master.ask(state -> state.desired(who.machineId()));
            sentRevision = revision;
            send(new MasterMessage.Desired(revision, jobs));
        }
    }

    @Override
    void onLeadershipChanged() {
        holder = null;
        sentRevision = -1;
        notLeading();
    }

    @Override
    void onMessage(ExecutorMessage message) {
        if (message instanceof ExecutorMessage.FetchChunk fetch) {
            onFetchChunk(fetch);
        } else if (master.lead().isEmpty()) {
            notLeading();
        } else if (message instanceof ExecutorMessage.Register register) {
            onRegister(register);
        } else if (holder != null) {
            onMessageOf(holder, message);
        }
        // What one sends that is not registered yet, or not any more, belongs to another time.
    }

    private void onMessageOf(Leases.Holder who, ExecutorMessage message) {
        if (message instanceof ExecutorMessage.Renew renew) {
            onRenew(who, renew);
        } else if (message instanceof ExecutorMessage.Report report) {
            onReports(who, report.parts());
        } else if (message instanceof ExecutorMessage.Unregister unregister) {
            onUnregister(who, unregister);
        } else if (message instanceof ExecutorMessage.Drain) {
            master.decide(timeMs -> new ClusterEntry.DrainExecutor(timeMs, who.machineId()), logged("drain", who));
        } else if (message instanceof ExecutorMessage.FetchPart fetch) {
            onFetchPart(fetch);
        } else if (message instanceof ExecutorMessage.FetchCheckpoints fetch) {
            onFetchCheckpoints(fetch);
        } else if (message instanceof ExecutorMessage.StoreCheckpoint store) {
            onStoreCheckpoint(who, store);
        } else if (message instanceof ExecutorMessage.Events events) {
            onEvents(events);
        } else if (message instanceof ExecutorMessage.Answered answered) {
            master.questions().onAnswered(this, answered);
        }
    }

    private void onRegister(ExecutorMessage.Register register) {
        if (!isWhoItSaid(register)) {
            refuse("it said hello as '" + peer.name() + "', and registers another executor or process", false, -1);
            return;
        }
        Optional<Leases.Holder> former = former(register);
        if (former.isPresent()) {
            onFormerEnded(former.get(), register);
            return;
        }
        Optional<String> objection = objection(register);
        if (objection.isPresent()) {
            refuse(objection.get(), true, -1);
            return;
        }
        master.decide(
                timeMs -> new ClusterEntry.RegisterExecutor(
                        timeMs,
                        register.machineId(),
                        register.instance(),
                        register.labels(),
                        register.linkHost(),
                        register.linkPort(),
                        register.cores(),
                        register.system(),
                        master.settings().leases().holds().toMillis(),
                        ReportEntries.presence(register.parts())),
                verdict -> onRegistered(register, verdict));
    }

    /** The process that holds the machine id, if this one knows that it has ended. */
    private Optional<Leases.Holder> former(ExecutorMessage.Register register) {
        return master.ask(state -> state.executorView(register.machineId()))
                .filter(MasterAgent::isHere)
                .filter(known -> register.formers().contains(known.instance()))
                .map(known -> new Leases.Holder(known.machineId(), known.instance()));
    }

    /** Its lease ends here and now: nothing of it runs, as it would be taken for granted when the lease ends by itself. */
    private void onFormerEnded(Leases.Holder former, ExecutorMessage.Register register) {
        LOG.info("{} takes the place of its former process, which has ended without a word", peer);
        master.decide(
                timeMs -> new ClusterEntry.ExecutorLost(timeMs, former.machineId(), former.instance()), verdict -> {
                    if (verdict instanceof Verdict.Decided) {
                        master.onEnded(former, "this process has ended, as another one of its machine says");
                        onRegister(register);
                    } else {
                        notLeading();
                    }
                });
    }

    private boolean isWhoItSaid(ExecutorMessage.Register register) {
        return register.machineId().equals(peer.name()) && register.instance().equals(peer.instance());
    }

    private Optional<String> objection(ExecutorMessage.Register register) {
        return master.executor(register.machineId())
                .filter(other -> other != this
                        && other.isAlive()
                        && !other.peer.instance().equals(peer.instance()))
                .map(other -> "machine id '" + register.machineId() + "' is in use by " + other.peer
                        + ": give each executor one of its own, or end the other");
    }

    private boolean isAlive() {
        long silentNs = System.nanoTime() - heardNs;
        return isOpen()
                && silentNs < 2 * master.settings().leases().renewEvery().toNanos();
    }

    private void onRegistered(ExecutorMessage.Register register, Verdict verdict) {
        if (verdict instanceof Verdict.Decided decided && decided.outcome() instanceof Outcome.Registered outcome) {
            LeaseSettings leases = master.settings().leases();
            Leases.Holder who = new Leases.Holder(register.machineId(), register.instance());
            holder = who;
            heardNs = System.nanoTime();
            master.onRegistered(this, who);
            send(new MasterMessage.Registered(
                    outcome.incarnation(),
                    leases.lease().toMillis(),
                    leases.stopGrace().toMillis(),
                    leases.renewEvery().toMillis(),
                    master.settings().linkTimeout().toMillis()));
            sentRevision = -1;
            sendDesired();
            onReports(who, register.parts());
        } else if (verdict instanceof Verdict.Decided decided && decided.outcome() instanceof Outcome.Refused refused) {
            long leftMs = master.lead()
                    .flatMap(lead -> lead.leases.standing(register.machineId(), System.nanoTime()))
                    .map(lease -> TimeUnit.NANOSECONDS.toMillis(lease.leftNs()))
                    .orElse(-1L);
            refuse(refused.reason(), refused.code() == ClientReply.Reason.CONFLICT, leftMs);
        } else if (verdict instanceof Verdict.TooLarge large) {
            refuse(large.reason(), !register.parts().isEmpty(), -1); // of which there may be fewer later
        } else {
            // Not decided, or not by this master: it may try again here or elsewhere.
            master.onRegistrationUnknown(new Leases.Holder(register.machineId(), register.instance()));
            notLeading();
        }
    }

    private void onRenew(Leases.Holder who, ExecutorMessage.Renew renew) {
        heardNs = System.nanoTime();
        master.lead().ifPresent(lead -> lead.leases.heard(who, heardNs));
        send(new MasterMessage.Renewed(renew.number()));
        onReports(who, renew.parts());
    }

    private void onReports(Leases.Holder who, List<PartReport> parts) {
        if (!master.ask(state -> state.isNews(who.machineId(), who.instance(), parts))) {
            return;
        }
        List<List<PartReport>> entries =
                master.ask(state -> ReportEntries.of(parts, report -> state.isNews(who.machineId(), report)));
        for (List<PartReport> entry : entries) {
            master.decide(
                    timeMs -> new ClusterEntry.PartsReported(timeMs, who.machineId(), who.instance(), entry),
                    logged("report", who));
        }
    }

    private void onUnregister(Leases.Holder who, ExecutorMessage.Unregister unregister) {
        master.decide(
                timeMs -> new ClusterEntry.UnregisterExecutor(
                        timeMs, who.machineId(), who.instance(), unregister.reason()),
                verdict -> {
                    if (verdict instanceof Verdict.Decided) {
                        master.lead().ifPresent(lead -> lead.leases.end(who));
                        end("unregistered");
                    }
                });
    }

    private void onFetchPart(ExecutorMessage.FetchPart fetch) {
        Optional<Submission> submission = master.ask(state -> state.place(fetch.part(), fetch.epoch())
                .flatMap(known -> state.submission(fetch.part().jobId())));
        send(submission
                .<MasterMessage>map(known -> new MasterMessage.PartContents(fetch.request(), known))
                .orElseGet(() -> notCurrent(fetch.request(), fetch.part(), fetch.epoch())));
    }

    private void onFetchCheckpoints(ExecutorMessage.FetchCheckpoints fetch) {
        Optional<SortedMap<String, byte[]>> stored =
                master.ask(state -> state.checkpoints(fetch.part(), fetch.epoch()));
        send(stored.<MasterMessage>map(all -> checkpoints(fetch, all))
                .orElseGet(() -> notCurrent(fetch.request(), fetch.part(), fetch.epoch())));
    }

    private static MasterMessage.Checkpoints checkpoints(
            ExecutorMessage.FetchCheckpoints fetch, SortedMap<String, byte[]> all) {
        Map<String, byte[]> page = new TreeMap<>();
        long bytes = 0;
        for (Map.Entry<String, byte[]> each : all.entrySet()) {
            if (each.getKey().compareTo(fetch.after()) > 0) {
                bytes += each.getValue().length;
                if (bytes > CHECKPOINTS_BYTES && !page.isEmpty()) {
                    return new MasterMessage.Checkpoints(fetch.request(), page, true);
                }
                page.put(each.getKey(), each.getValue());
            }
        }
        return new MasterMessage.Checkpoints(fetch.request(), page, false);
    }

    private static MasterMessage notCurrent(long request, PartId part, long epoch) {
        return new MasterMessage.Unavailable(request, "part " + part + " is not current under epoch " + epoch);
    }

    private void onFetchChunk(ExecutorMessage.FetchChunk fetch) {
        Outcome.Held held = master.ask(state -> state.artifact(fetch.sha256()));
        try {
            Optional<byte[]> bytes = held.isWhole()
                    ? master.artifacts().read(fetch.sha256(), fetch.offset(), CHUNK_BYTES)
                    : Optional.empty();
            send(bytes.<MasterMessage>map(
                            some -> new MasterMessage.Chunk(fetch.request(), fetch.offset(), held.heldBytes(), some))
                    .orElseGet(() -> new MasterMessage.Unavailable(
                            fetch.request(), "this master does not hold the artifact, or not so far")));
        } catch (IOException e) {
            send(new MasterMessage.Unavailable(fetch.request(), "the artifact cannot be read: " + e.getMessage()));
        }
    }

    private void onStoreCheckpoint(Leases.Holder who, ExecutorMessage.StoreCheckpoint store) {
        master.decide(
                timeMs -> new ClusterEntry.StoreCheckpoint(
                        timeMs,
                        who.machineId(),
                        who.instance(),
                        store.part(),
                        store.epoch(),
                        store.code(),
                        store.bytes()),
                verdict -> {
                    logged("checkpoint", who).accept(verdict);
                    if (verdict instanceof Verdict.Decided || verdict instanceof Verdict.TooLarge) {
                        send(new MasterMessage.Stored(
                                store.number(), limit(verdict).orElse("")));
                    }
                });
    }

    /** What it is beyond, if it is not taken for that. */
    private static Optional<String> limit(Verdict verdict) {
        if (verdict instanceof Verdict.TooLarge large) {
            return Optional.of(large.reason());
        }
        return verdict instanceof Verdict.Decided decided
                        && decided.outcome() instanceof Outcome.Refused refused
                        && refused.code() == ClientReply.Reason.LIMIT
                ? Optional.of(refused.reason())
                : Optional.empty();
    }

    private void onEvents(ExecutorMessage.Events events) {
        if (master.ask(state -> state.place(events.part(), events.epoch())).isPresent()) {
            var happened = new ClientReply.Happened(events.part(), events.events());
            List.copyOf(master.watchers(events.part().jobId())).forEach(client -> client.send(happened));
        }
    }

    /** Of what is said again with the next renewal. */
    private Consumer<Verdict> logged(String what, Leases.Holder who) {
        return verdict -> {
            Optional<String> limit = limit(verdict);
            if (limit.isPresent() && !isLimitTold) {
                isLimitTold = true;
                LOG.warn("a {} of executor '{}' is not taken: {}", what, who.machineId(), limit.get());
            } else if (!(verdict instanceof Verdict.Decided decided
                    && !(decided.outcome() instanceof Outcome.Refused))) {
                LOG.debug("a {} of executor '{}' was not taken: {}", what, who.machineId(), verdict);
            }
        };
    }

    /** It comes again and again where that may pass, which is said once. */
    private void refuse(String reason, boolean mayPass, long leftMs) {
        if (master.isNewRefusal(peer.instance())) {
            LOG.warn("{} is refused: {}", peer, reason);
        }
        send(new MasterMessage.Refused(reason, mayPass, leftMs));
        end(reason);
    }

    private void notLeading() {
        send(new MasterMessage.NotLeading(master.settings().masters(), master.leaderIndex()));
    }
}
