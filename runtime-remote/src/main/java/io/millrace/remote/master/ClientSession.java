package io.millrace.remote.master;

import io.millrace.remote.state.ClusterEntry;
import io.millrace.remote.state.ClusterState;
import io.millrace.remote.state.Outcome;
import io.millrace.remote.wire.ClientReply;
import io.millrace.remote.wire.ClientReply.Reason;
import io.millrace.remote.wire.ClientRequest;
import io.millrace.remote.wire.CodeNames;
import io.millrace.remote.wire.JobState;
import io.millrace.remote.wire.JobView;
import io.millrace.remote.wire.MasterMessage;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.Question;
import io.millrace.remote.wire.RecordCodec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/** The connection of a client. Each request is answered once, unless the connection ends before. */
final class ClientSession extends Session<ClientRequest, ClientReply> {
    private static final RecordCodec<ClientRequest> INCOMING = RecordCodec.of(ClientRequest.class);
    private static final RecordCodec<ClientReply> OUTGOING = RecordCodec.of(ClientReply.class);
    /** Of jobs that are listed at once: a quarter of what a message may have, and one job may take more. */
    private static final int PAGE_BYTES = 4 << 20;
    /** Of what is nobody's answer. */
    private static final long NO_REQUEST = 0;

    ClientSession(MasterAgent master) {
        super(master, INCOMING, OUTGOING);
    }

    @Override
    Optional<ClientReply> inPlaceOf(ClientReply message, String reason) {
        return number(message).stream()
                .<ClientReply>mapToObj(number -> new ClientReply.Failed(number, Reason.LIMIT, reason, List.of()))
                .findFirst();
    }

    /** Of the request that it answers. A failure, which is small, is not asked for here. */
    private static OptionalLong number(ClientReply message) {
        if (message instanceof ClientReply.Job job) {
            return OptionalLong.of(job.request());
        } else if (message instanceof ClientReply.Jobs jobs) {
            return OptionalLong.of(jobs.request());
        } else if (message instanceof ClientReply.Executors executors) {
            return OptionalLong.of(executors.request());
        } else if (message instanceof ClientReply.Masters masters) {
            return OptionalLong.of(masters.request());
        } else if (message instanceof ClientReply.Submitted submitted) {
            return OptionalLong.of(submitted.request());
        } else if (message instanceof ClientReply.Answers answers) {
            return OptionalLong.of(answers.request());
        }
        return OptionalLong.empty();
    }

    void onJobChanged(JobView job) {
        send(new ClientReply.JobChanged(job));
    }

    @Override
    void onLeadershipChanged() {
        if (master.lead().isEmpty()) {
            notLeading(NO_REQUEST);
        }
    }

    @Override
    void onMessage(ClientRequest request) {
        if (master.lead().isEmpty()) {
            notLeading(request.request());
        } else if (!change(request)) {
            answer(request);
        }
    }

    /** Whether it was something that has to be decided. */
    private boolean change(ClientRequest request) {
        if (request instanceof ClientRequest.Submit submit) {
            decide(request, timeMs -> new ClusterEntry.SubmitJob(timeMs, submit.submission()));
        } else if (request instanceof ClientRequest.SubmitLarge submit) {
            decide(request, timeMs -> new ClusterEntry.SubmitLarge(timeMs, submit.id(), submit.sha256()));
        } else if (request instanceof ClientRequest.PutChunk chunk) {
            put(chunk);
        } else if (request instanceof ClientRequest.Release release) {
            decide(request, timeMs -> new ClusterEntry.ReleaseJob(timeMs, release.jobId()));
        } else if (request instanceof ClientRequest.Stop stop) {
            decide(request, timeMs -> new ClusterEntry.StopJob(timeMs, stop.job(), stop.graceMs()));
        } else if (request instanceof ClientRequest.Drain drain) {
            decide(request, timeMs -> new ClusterEntry.DrainExecutor(timeMs, drain.machineId()));
        } else {
            return false;
        }
        return true;
    }

    private void put(ClientRequest.PutChunk chunk) {
        long moreBytes = Math.min(
                chunk.totalBytes() - chunk.offset(), master.settings().limits().artifactBytes());
        Optional<String> lack = master.artifacts().lackOfRoom(master.ask(ClusterState::artifactsBytes), moreBytes);
        if (lack.isPresent()) {
            fail(chunk.request(), Reason.LIMIT, lack.get());
        } else {
            decide(
                    chunk,
                    timeMs -> new ClusterEntry.PutChunk(
                            timeMs, chunk.sha256(), chunk.offset(), chunk.totalBytes(), chunk.bytes()));
        }
    }

    private void answer(ClientRequest request) {
        long number = request.request();
        if (request instanceof ClientRequest.AskArtifact ask) {
            Outcome.Held held = master.ask(state -> state.artifact(ask.sha256()));
            send(new ClientReply.Held(number, held.heldBytes(), held.isWhole()));
        } else if (request instanceof ClientRequest.GetJob get) {
            job(number, get.job()).ifPresent(job -> tell(number, job));
        } else if (request instanceof ClientRequest.Watch watch) {
            job(number, watch.job()).ifPresent(job -> watch(number, job));
        } else if (request instanceof ClientRequest.ListJobs list) {
            send(jobs(number, list.after()));
        } else if (request instanceof ClientRequest.ListExecutors) {
            send(new ClientReply.Executors(number, master.ask(ClusterState::executorViews)));
        } else if (request instanceof ClientRequest.AskMasters) {
            master.lead().ifPresent(lead -> send(masters(number, lead)));
        } else if (request instanceof ClientRequest.GetSubmission get) {
            master.ask(state -> state.submission(get.job()))
                    .ifPresentOrElse(
                            submission -> send(new ClientReply.Submitted(number, submission)),
                            () -> fail(
                                    number,
                                    Reason.UNKNOWN,
                                    "there is no job '" + get.job() + "', or it has been over for long"));
        } else if (request instanceof ClientRequest.AskParts ask) {
            job(number, ask.job()).ifPresent(job -> ask(number, parts(job), ask.question()));
        } else if (request instanceof ClientRequest.AskPart ask) {
            ask(number, List.of(ask.part()), ask.question());
        } else if (request instanceof ClientRequest.ActOnNode act) {
            job(number, act.job()).ifPresent(job -> act(act, job));
        }
    }

    private ClientReply.Jobs jobs(long number, long after) {
        ClusterState.JobPage page = master.ask(state -> state.jobPage(after, PAGE_BYTES));
        return new ClientReply.Jobs(number, page.jobs(), page.next());
    }

    private ClientReply.Masters masters(long number, Lead lead) {
        List<ClientReply.LeaseView> leases = lead.leases.standings(System.nanoTime()).stream()
                .map(lease -> new ClientReply.LeaseView(
                        lease.holder().machineId(),
                        lease.holder().instance(),
                        master.executor(lease.holder().machineId())
                                .filter(session -> session.isOf(lease.holder()))
                                .isPresent(),
                        TimeUnit.NANOSECONDS.toMillis(lease.silentNs()),
                        TimeUnit.NANOSECONDS.toMillis(lease.leftNs())))
                .toList();
        return new ClientReply.Masters(
                number, master.settings().name(), lead.term, master.settings().masters(), leases);
    }

    private Optional<JobView> job(long number, String name) {
        Optional<JobView> job = master.ask(state -> state.jobView(name));
        if (job.isEmpty()) {
            fail(number, Reason.UNKNOWN, "there is no job '" + name + "'");
        }
        return job;
    }

    private void tell(long number, JobView job) {
        send(new ClientReply.Job(number, job, master.settings().linkTimeout().toMillis()));
    }

    private void watch(long number, JobView job) {
        tell(number, job);
        if (!job.state().isFinal()) {
            master.watch(job.jobId(), this);
        }
    }

    private static List<PartId> parts(JobView job) {
        return job.parts().stream().map(part -> part.place().id()).toList();
    }

    private void ask(long number, List<PartId> parts, Question question) {
        List<Questions.Target> targets = parts.stream()
                .map(part -> new Questions.Target(part, master.executorOf(part)))
                .toList();
        master.questions().ask(this, number, targets, question, System.nanoTime());
    }

    private void act(ClientRequest.ActOnNode act, JobView job) {
        String node = CodeNames.nodeOf(act.node());
        Optional<JobView.PartView> part = job.parts().stream()
                .filter(each -> each.place().nodes().contains(node))
                .findFirst();
        if (part.isEmpty()) {
            Set<String> nodes = new HashSet<>();
            job.parts().forEach(each -> nodes.addAll(each.place().nodes()));
            fail(
                    act.request(),
                    Reason.UNKNOWN,
                    "job '" + job.name() + "' has no node '" + node + "' that is placed, only "
                            + nodes.stream().sorted().toList());
            return;
        }
        boolean isOver = job.state().isFinal() || part.get().state().isFinal();
        if (isOver || job.state() != JobState.RUNNING) {
            fail(
                    act.request(),
                    isOver ? Reason.UNKNOWN : Reason.CONFLICT,
                    "node '" + node + "' does not run" + (isOver ? " any more" : "") + ": job '" + job.name() + "' is "
                            + job.state() + ", its part is " + part.get().state());
            return;
        }
        master.executor(part.get().place().machineId())
                .ifPresentOrElse(
                        executor -> {
                            executor.send(new MasterMessage.ActOnNode(
                                    part.get().place().id(), act.node(), act.action()));
                            send(new ClientReply.Done(act.request()));
                        },
                        () -> fail(
                                act.request(),
                                Reason.UNAVAILABLE,
                                "executor '" + part.get().place().machineId() + "' of node '" + node
                                        + "' is not connected"));
    }

    private void decide(ClientRequest request, LongFunction<ClusterEntry> entry) {
        master.decide(entry, verdict -> onVerdict(request.request(), verdict));
    }

    private void onVerdict(long number, Verdict verdict) {
        if (verdict instanceof Verdict.Decided decided) {
            onOutcome(number, decided.outcome());
        } else if (verdict instanceof Verdict.TooLarge large) {
            fail(number, Reason.LIMIT, large.reason());
        } else {
            // Not decided, or it is not known whether it was: every request may be repeated, here or elsewhere.
            notLeading(number);
        }
    }

    private void onOutcome(long number, Outcome outcome) {
        if (outcome instanceof Outcome.OfJob of) {
            job(number, of.jobId()).ifPresent(job -> tell(number, job));
        } else if (outcome instanceof Outcome.Held held) {
            send(new ClientReply.Held(number, held.heldBytes(), held.isWhole()));
        } else if (outcome instanceof Outcome.Refused refused) {
            send(new ClientReply.Failed(number, refused.code(), refused.reason(), refused.findings()));
        } else {
            send(new ClientReply.Done(number));
        }
    }

    private void fail(long number, Reason code, String reason) {
        send(new ClientReply.Failed(number, code, reason, List.of()));
    }

    private void notLeading(long number) {
        send(new ClientReply.NotLeading(number, master.settings().masters(), master.leaderIndex()));
    }
}
