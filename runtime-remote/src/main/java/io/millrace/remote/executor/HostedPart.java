package io.millrace.remote.executor;

import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.local.edge.Edge;
import io.millrace.local.part.LogLine;
import io.millrace.local.part.PartListener;
import io.millrace.local.run.LocalPart;
import io.millrace.remote.agenda.Agenda;
import io.millrace.remote.wire.CodeNames;
import io.millrace.remote.wire.FailureRecord;
import io.millrace.remote.wire.Finding;
import io.millrace.remote.wire.NodeAction;
import io.millrace.remote.wire.PartAssignment;
import io.millrace.remote.wire.PartId;
import io.millrace.remote.wire.PartReport;
import io.millrace.remote.wire.PartState;
import io.millrace.remote.wire.Question;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.RunningDataflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One part that this executor has, from its preparation to its end: brought as far as its assignment says, one step at a time. Used by the agenda's thread, but for what
 * the part calls.
 *
 * <pre>
 *   PREPARING -> PREPARED -> OPENING -> OPENED -> RUNNING -> STOPPING -> ENDED
 *       |           |           |         |          +-----------------> ENDED
 *       +-----------+-----------+---------+----------------------------> FAILED | ENDED
 * </pre>
 */
final class HostedPart {
    private static final Logger LOG = LoggerFactory.getLogger(HostedPart.class);

    private final HostedJob job;
    private final Agenda agenda;
    private final PartId id;
    private final long epoch;
    private final boolean isPinned;
    private PartAssignment assignment;
    private PartState state = PartState.PREPARING;
    private List<Finding> findings = List.of();
    private List<FailureRecord> failures = List.of(); // the first of nodes as they come, then the first of all
    private boolean wasStopped;
    private final Map<String, Integer> incarnations;
    private final Map<String, String> lostEdges = new LinkedHashMap<>(); // why
    private final Set<String> endedNodes = new LinkedHashSet<>(); // for good, by themselves
    private @Nullable LocalPart local; // once prepared
    private boolean isDetached;
    private @Nullable RunningDataflow running; // once it runs
    private boolean isDismissed;
    private @Nullable Last last; // once it has ended

    // Any thread.
    private final PartLog log;
    private volatile @Nullable PartRoutes routes; // once prepared

    HostedPart(HostedJob job, PartAssignment assignment, Agenda agenda) {
        this.job = job;
        this.agenda = agenda;
        this.id = assignment.id();
        this.epoch = assignment.epoch();
        this.isPinned = assignment.isPinned();
        this.assignment = assignment;
        this.incarnations = new HashMap<>(assignment.incarnations());
        this.log = new PartLog(assignment.nodes().size());
    }

    Agenda agenda() {
        return agenda;
    }

    PartId id() {
        return id;
    }

    long epoch() {
        return epoch;
    }

    boolean isPinned() {
        return isPinned;
    }

    PartState state() {
        return state;
    }

    /** Whether its nodes do, be it that they are about to end. */
    boolean isRunning() {
        return state == PartState.RUNNING || state == PartState.STOPPING && running != null;
    }

    List<String> nodes() {
        return assignment.nodes();
    }

    PartAssignment assignment() {
        return assignment;
    }

    /** Null until it is prepared. */
    @Nullable LocalPart local() {
        return local;
    }

    @Nullable PartRoutes routes() {
        return routes;
    }

    PartReport report() {
        return new PartReport(
                id, epoch, state, findings, failures, wasStopped, incarnations, List.copyOf(endedNodes), degraded());
    }

    private Optional<String> degraded() {
        if (lostEdges.isEmpty() || state != PartState.RUNNING) {
            return Optional.empty();
        }
        Map.Entry<String, String> first = lostEdges.entrySet().iterator().next();
        String more = lostEdges.size() == 1 ? "" : ", and " + (lostEdges.size() - 1) + " more edges";
        return Optional.of("edge '" + first.getKey() + "'" + more + ": " + first.getValue());
    }

    /** The link of an edge was down for so long that the edge is closed. Any thread. */
    void onLinkLost(String edge, String reason, Runnable then) {
        agenda.execute(() -> {
            then.run();
            if (lostEdges.putIfAbsent(edge, reason) == null && state == PartState.RUNNING) {
                job.onChanged(this);
            }
        });
    }

    /** It is connected anew. */
    void onLinked(String edge) {
        if (lostEdges.remove(edge) != null && state == PartState.RUNNING) {
            agenda.execute(() -> job.onChanged(this));
        }
    }

    // What brings it further.

    void prepare() {
        job.prepare(this, new Listening())
                .whenComplete((prepared, error) -> agenda.execute(() -> onPrepared(prepared, error)));
    }

    private void onPrepared(@Nullable LocalPart prepared, @Nullable Throwable error) {
        if (state != PartState.PREPARING) { // told to end meanwhile
            if (prepared != null) {
                prepared.abandon();
            }
            return;
        }
        if (prepared == null) {
            fail(cause(error));
            return;
        }
        findings = findings(prepared.findings());
        local = prepared;
        routes = new PartRoutes(this, prepared, job, job.hub());
        become(PartState.PREPARED);
    }

    private static Throwable cause(@Nullable Throwable error) {
        if (error instanceof CompletionException && error.getCause() != null) {
            return error.getCause();
        }
        return error == null ? new IllegalStateException("nothing came of it") : error;
    }

    private void fail(Throwable error) {
        if (error instanceof InvalidDataflowException invalid) {
            findings = findings(invalid.problems());
        } else {
            failures = List.of(FailureRecord.of("", error));
        }
        LOG.warn("part {}: it cannot be started: {}", id, error.getMessage());
        detach();
        become(PartState.FAILED);
    }

    private List<Finding> findings(List<Problem> problems) {
        return Finding.shortened(
                problems.stream().map(this::finding).toList(), PartReport.MAX_DETAILS, PartReport.DETAIL_BYTES);
    }

    private Finding finding(Problem problem) {
        return new Finding(job.machineId(), problem.severity(), problem.location(), problem.message());
    }

    /** Goes by what is wanted now. */
    void follow(PartAssignment wanted) {
        assignment = wanted;
        advance();
    }

    private void advance() {
        switch (assignment.phase()) {
            case PREPARE -> {} // it is being done
            case OPEN -> openIfPrepared();
            case RUN -> {
                openIfPrepared();
                runIfOpened();
            }
            case STOP -> stop(Duration.ofMillis(assignment.stopGraceMs()));
            case MOVE, DROP -> drop(Duration.ofMillis(assignment.stopGraceMs()));
        }
    }

    private void openIfPrepared() {
        if (state != PartState.PREPARED) {
            return;
        }
        LocalPart opening = known(local);
        become(PartState.OPENING);
        known(routes).connect();
        opening.running().listen(this::onEvent);
        opening.open().whenComplete((nothing, error) -> agenda.execute(() -> onOpened(error)));
    }

    private void onOpened(@Nullable Throwable error) {
        if (state != PartState.OPENING) {
            return;
        }
        if (error != null) {
            fail(cause(error));
            return;
        }
        become(PartState.OPENED);
        advance();
    }

    private void runIfOpened() {
        if (state != PartState.OPENED) {
            return;
        }
        LocalPart opened = known(local);
        opened.run();
        RunningDataflow handle = opened.running();
        running = handle;
        handle.completion().thenAccept(result -> agenda.execute(() -> onEnded(result)));
        become(PartState.RUNNING);
    }

    private void onEnded(DataflowResult result) {
        failures = List.of();
        result.failures().forEach(failure -> note(failure.node(), failure.error()));
        wasStopped = result.state() == DataflowState.STOPPED || state == PartState.STOPPING;
        last = Last.of(known(running));
        become(PartState.ENDED);
    }

    /** No more of them than are told. */
    private void note(String node, Throwable error) {
        if (failures.size() < PartReport.MAX_DETAILS) {
            List<FailureRecord> all = new ArrayList<>(failures);
            all.add(FailureRecord.of(node, error));
            failures = FailureRecord.shortened(all, PartReport.MAX_DETAILS, PartReport.DETAIL_BYTES);
        }
    }

    // What ends it.

    /** In order: its edges close as its nodes end. */
    void stop(Duration grace) {
        RunningDataflow handle = running;
        if (handle != null && !state.isFinal()) {
            if (state == PartState.RUNNING) {
                become(PartState.STOPPING);
            }
            handle.stop(grace).whenComplete((result, error) -> LOG.debug("part {} has stopped", id, error));
        } else if (!state.isFinal()) {
            abandon();
        }
    }

    /** It belongs elsewhere from now on, or nowhere: nobody is told that its nodes end. */
    void drop(Duration grace) {
        detach();
        stop(grace);
    }

    /** Before messages flowed. */
    private void abandon() {
        detach();
        wasStopped = true;
        LocalPart left = local;
        if (left == null) {
            become(PartState.ENDED);
        } else if (state != PartState.STOPPING) {
            become(PartState.STOPPING);
            left.abandon()
                    .thenAccept(thrown -> agenda.execute(() -> {
                        for (Throwable error : thrown) { // by nodes that were closed, or that were still in open
                            note("", error);
                        }
                        become(PartState.ENDED);
                    }));
        }
    }

    private void detach() {
        if (routes != null && !isDetached) {
            isDetached = true;
            routes.detach();
        }
    }

    /** Nothing of the job is left, here or elsewhere, but nodes that somebody starts by hand. */
    void dismiss() {
        if (!isDismissed && local != null) {
            isDismissed = true;
            local.dismiss();
        }
    }

    boolean isDetached() {
        return isDetached;
    }

    private void become(PartState next) {
        state = next;
        job.onChanged(this);
        if (next == PartState.PREPARED) {
            advance();
        }
    }

    private static <T> T known(@Nullable T made) {
        return Objects.requireNonNull(made, "made when it was prepared");
    }

    /** Something is to be done to one node of it, while it runs. */
    void act(String node, NodeAction action) {
        LocalPart runs = local;
        String id = CodeNames.nodeOf(node);
        if (runs == null || state != PartState.RUNNING || !runs.spec().isHere(id)) {
            LOG.warn("part {}: node '{}' is not there, so nothing is done to it", this.id, node);
            return;
        }
        switch (action) {
            case RESTART -> runs.restartNode(id);
            case STOP -> runs.stopNode(id);
        }
    }

    // What it is asked.

    CompletionStage<Question.Answer> answer(Question question) {
        PartRoutes known = routes;
        if (question instanceof Question.Logs logs) {
            return CompletableFuture.completedFuture(log.answer(logs));
        }
        if (question instanceof Question.Subscribe wanted) {
            return known == null || isDetached
                    ? CompletableFuture.completedFuture(nothing())
                    : known.subscriptions().add(wanted);
        }
        return CompletableFuture.completedFuture(answerAtOnce(question, known));
    }

    private Question.Answer answerAtOnce(Question question, @Nullable PartRoutes known) {
        if (question instanceof Question.Publish publish) {
            return known == null || isDetached || state.isFinal() ? nothing() : known.adopt(publish);
        }
        if (question instanceof Question.Unsubscribe left) {
            return known == null ? nothing() : known.subscriptions().end(left.session());
        }
        if (last != null) {
            return last.answer(question);
        }
        boolean isOpen = state != PartState.PREPARED && state != PartState.PREPARING;
        return local == null || !isOpen ? nothing() : Answers.of(local.running(), question);
    }

    private Question.Answer nothing() {
        return new Question.Answer.Nothing("part " + id + " is " + state.name().toLowerCase(Locale.ROOT));
    }

    /** What it says once it has ended. */
    record Last(Question.Answer status, Question.Answer metrics) {
        /** Of a part that never ran. */
        static final Last NONE = new Last(
                new Question.Answer.Nothing("the part never ran"), new Question.Answer.Nothing("the part never ran"));

        static Last of(RunningDataflow ended) {
            return new Last(Answers.of(ended, new Question.Status()), Answers.of(ended, new Question.Metrics()));
        }

        Question.Answer answer(Question question) {
            if (question instanceof Question.Status) {
                return status;
            }
            return question instanceof Question.Metrics ? metrics : new Question.Answer.Stalls(List.of());
        }
    }

    /** Once it is over. */
    Last last() {
        return last == null ? Last.NONE : last;
    }

    PartLog log() {
        return log;
    }

    /** What happens in the part. On its threads. */
    private final class Listening implements PartListener {
        @Override
        public void onNodeFailed(String consumer, String failed, String error, List<String> inputs) {
            PartRoutes known = routes;
            if (known != null) {
                known.tellNodeFailed(consumer, failed, error, inputs);
            }
        }

        @Override
        public void onNodeRestarted(String consumer, String restarted) {
            PartRoutes known = routes;
            if (known != null) {
                known.tellNodeRestarted(consumer, restarted);
            }
        }

        @Override
        public void onLogged(LogLine line) {
            log.add(line);
        }

        @Override
        public void onInputReplaced(String edge, Edge fresh) {
            agenda.execute(() -> known(routes).onInputReplaced(edge, fresh));
        }

        @Override
        public void onOutputReplaced(String edge, Edge fresh) {
            agenda.execute(() -> known(routes).onOutputReplaced(edge, fresh));
        }
    }

    /** A node of it has something for its next incarnation. On the node's thread. */
    void onCheckpoint(String code, byte[] bytes) {
        agenda.execute(() -> job.store(this, code, bytes));
    }

    /** An application would be told. On the thread that brings about the part's end. */
    void onEvent(DataflowEvent event) {
        log.note(event);
        agenda.execute(() -> {
            if (event instanceof DataflowEvent.NodeRestarted restarted) {
                incarnations.put(restarted.node(), restarted.incarnation());
                job.onChanged(this);
            }
            if (event instanceof DataflowEvent.NodeStateChanged changed
                    && changed.state().isFinal()
                    && state == PartState.RUNNING
                    && !isDetached) {
                endedNodes.add(changed.node());
                job.onChanged(this);
            }
            if (event instanceof DataflowEvent.NodeFailed failed
                    && endedNodes.contains(CodeNames.nodeOf(failed.node()))) {
                note(failed.node(), failed.error());
                job.onChanged(this);
            }
            job.tell(this, event);
        });
    }

    @Override
    public String toString() {
        return "part " + id + " (epoch " + epoch + "), " + state;
    }
}
