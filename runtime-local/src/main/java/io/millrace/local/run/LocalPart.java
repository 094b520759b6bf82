package io.millrace.local.run;

import io.millrace.graph.Problem;
import io.millrace.local.agent.NodeFault;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.part.EdgeMaker;
import io.millrace.local.part.PartSpec;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.Preparation;
import io.millrace.local.wiring.Boundary;
import io.millrace.local.wiring.BoundaryInput;
import io.millrace.local.wiring.Incarnations;
import io.millrace.local.wiring.OutputEnd;
import io.millrace.local.wiring.Wiring;
import io.millrace.runtime.DataflowStartException;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.SubscribeOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Some nodes of a dataflow, which run in this JVM, and the ends of those edges that lead elsewhere. Any thread.
 *
 * <pre>
 *   prepare --> input, output, join --> open --> run --> running()
 *                        |               |
 *                        +--- abandon ---+
 * </pre>
 *
 * An edge that leads elsewhere is connected by {@link #input} and {@link #output}, whose owner moves messages from one to the other, or by {@link #join}, where both ends are in
 * this JVM and nothing is moved. An input that is not connected has nothing yet; of an output that is not connected when the part is opened messages wait, by the edge's
 * policy, for who reads them later. Each of them may be connected anew at any time: then the half before is closed.
 */
public final class LocalPart {
    /** For so long beyond the grace of a stop a node may still run: then its thread is left behind. */
    public static final Duration BEYOND_GRACE = Duration.ofNanos(Shutdown.ABANDON_AFTER_NS);

    private final PartSpec spec;
    private final Plan plan;
    private final Coordinator coordinator;
    private final LocalDataflow running;
    private Phase phase = Phase.PREPARED; // guarded by this

    private enum Phase {
        PREPARED,
        OPENED,
        RUNNING,
        ABANDONED
    }

    private LocalPart(PartSpec spec, StartOptions options, Plan plan) {
        this.spec = spec;
        this.plan = plan;
        this.coordinator = new Coordinator(plan, options);
        this.running = new LocalDataflow(coordinator.wiring(), options, coordinator);
    }

    /**
     * Finds files and classes and makes the edges of the part. Does not block: the work is done on a thread of its own.
     *
     * @param options those that concern nodes; its state directory, and what is to be done when every node is open, are not used
     * @return fails with an {@link io.millrace.graph.InvalidDataflowException} that has all findings; nothing is left then
     */
    public static CompletionStage<LocalPart> prepare(PartSpec spec, StartOptions options) {
        return Preparation.begin(spec, options, plan -> make(spec, options, plan));
    }

    private static LocalPart make(PartSpec spec, StartOptions options, Plan plan) {
        try {
            return new LocalPart(spec, options, plan);
        } catch (Throwable t) { // whatever could not be made for it: edges, threads
            plan.close();
            throw t;
        }
    }

    public PartSpec spec() {
        return spec;
    }

    /** Warnings and notes of its preparation. */
    public List<Problem> findings() {
        return plan.findings();
    }

    /** The names of the edges whose messages come from elsewhere: see {@code BoundaryEdge}. */
    public List<String> boundaryInputs() {
        return boundary().inputNames();
    }

    /** The names of the edges whose messages go elsewhere. */
    public List<String> boundaryOutputs() {
        return boundary().outputNames();
    }

    /**
     * An edge into a node of this part, in the place of the one before: that one is closed, and what waited there is lost and counted as discarded.
     *
     * @param edge one of {@link #boundaryInputs}
     * @param writerSignal how who writes learns of room; null if it never parks
     * @return whose writer is the caller's; closed if the node takes nothing more
     * @throws IllegalArgumentException if there is no such edge; the message lists those there are
     */
    public Edge input(String edge, @Nullable WakeSignal writerSignal) {
        return boundary().input(edge, writerSignal);
    }

    /**
     * An edge out of a node of this part, in the place of the one before: that one is closed, and what waits there is for who still reads it.
     *
     * @param edge one of {@link #boundaryOutputs}
     * @param readerSignal how who reads learns of messages
     * @return whose reader is the caller's; its writer is closed if the node sends nothing more
     * @throws IllegalArgumentException if there is no such edge; the message lists those there are
     */
    public Edge output(String edge, WakeSignal readerSignal) {
        return boundary().output(edge, readerSignal);
    }

    /**
     * As {@link #input(String, WakeSignal)}, by an edge that {@code maker} makes. Should the node be replaced, its next edge is an ordinary one.
     *
     * @param writerSignal of that one
     */
    public Edge input(String edge, EdgeMaker maker, WakeSignal writerSignal) {
        return boundary().input(edge, maker, writerSignal);
    }

    /**
     * As {@link #input(String, WakeSignal)}, but what waits in the edge before is taken first: until that is empty and its writer is closed.
     *
     * @param onChained run on some thread when that writer can be closed
     */
    public Edge inputNext(String edge, WakeSignal writerSignal, Runnable onChained) {
        return boundary().inputNext(edge, writerSignal, onChained);
    }

    /**
     * As {@link #output(String, WakeSignal)}, by an edge that {@code maker} makes. Should the node be replaced, its next edge is an ordinary one.
     *
     * @param readerSignal of that one
     */
    public Edge output(String edge, EdgeMaker maker, WakeSignal readerSignal) {
        return boundary().output(edge, maker, readerSignal);
    }

    /** As {@link #inputNext(String, WakeSignal, Runnable)}, by an edge that {@code maker} makes. */
    public Edge inputNext(String edge, EdgeMaker maker, WakeSignal writerSignal, Runnable onChained) {
        return boundary().inputNext(edge, maker, writerSignal, onChained);
    }

    /** As {@link #outputAfter(String, Edge, EdgeMaker, WakeSignal)}, to an ordinary edge. */
    public Edge outputAfter(String edge, Edge former, WakeSignal readerSignal) {
        return boundary().outputAfter(edge, former, readerSignal);
    }

    /**
     * As {@link #output(String, EdgeMaker, WakeSignal)}, but what waits in the edge before is moved to this one, by the node's thread.
     *
     * @param former whose reader nobody uses any more
     */
    public Edge outputAfter(String edge, Edge former, EdgeMaker maker, WakeSignal readerSignal) {
        return boundary().outputAfter(edge, former, maker, readerSignal);
    }

    /** The first message of an edge that an {@link EdgeMaker} has made has given way to another. On the producer's thread. */
    public void onFirstDrop(String edge) {
        coordinator.onFirstDrop(edge);
    }

    /**
     * Has an output of this part write straight into the input of another one, in this JVM, as if both nodes were of one part: also when either is replaced, and when one tells
     * the other what became of it.
     *
     * @param edge one of {@link #boundaryOutputs}, and of the other's {@link #boundaryInputs}
     * @throws IllegalArgumentException if there is no such edge; the message lists those there are
     */
    public void join(String edge, LocalPart consumer) {
        boundary().join(edge, consumer.boundary());
    }

    /**
     * Opens every node; they wait before their first message. Does not block.
     *
     * @return completes when every {@code open} has returned, on a thread that nothing else waits for; fails with a {@link DataflowStartException}: then all is closed again
     * @throws IllegalStateException if the part was opened or abandoned before
     */
    public CompletionStage<@Nullable Void> open() {
        begin(Phase.PREPARED, Phase.OPENED, "opened");
        try {
            coordinator.begin();
        } catch (Throwable t) { // no memory for a thread
            coordinator.wiring().close();
            coordinator.over().complete(List.of());
            return CompletableFuture.failedFuture(new DataflowStartException(
                    "dataflow '" + plan.graph().name() + "' did not start: " + NodeFault.describe(t), t));
        }
        return coordinator.opened().minimalCompletionStage();
    }

    /**
     * Has messages flow, at once or when every node is open. Does not wait.
     *
     * @throws IllegalStateException if the part was not opened, or was abandoned
     */
    public void run() {
        begin(Phase.OPENED, Phase.RUNNING, "run");
        coordinator.release();
    }

    private synchronized void begin(Phase before, Phase after, String what) {
        if (phase != before) {
            throw new IllegalStateException("a part of dataflow '"
                    + plan.graph().name() + "' is " + phase.name().toLowerCase(Locale.ROOT) + " and cannot be " + what);
        }
        phase = after;
    }

    /**
     * The part as a dataflow: its state, its nodes and edges, its end. It has no publishers. Of edges that lead elsewhere it counts what this side does: see {@link Merging}.
     * Once opened; its state is STARTING until messages flow.
     */
    public RunningDataflow running() {
        return running;
    }

    /**
     * A node elsewhere has failed that feeds one of this part over a link. Any thread, before the writer of those edges is closed.
     *
     * @param consumer the node of this part
     * @param inputs the names of its inputs concerned
     */
    public void onNodeFailed(String consumer, String failed, String error, List<String> inputs) {
        incarnations(consumer).postNodeFailed(failed, error, inputs);
    }

    /** A node elsewhere runs again that feeds one of this part over a link. Any thread, before the first message of the new incarnation is written. */
    public void onNodeRestarted(String consumer, String restarted) {
        incarnations(consumer).postNodeRestarted(restarted);
    }

    /**
     * Has a node end and run again, as a new incarnation, whatever its restart policy says; what waits for it stays. Any thread; does not wait.
     *
     * @throws IllegalArgumentException if it does not run in this part
     */
    public void restartNode(String nodeId) {
        incarnations(nodeId);
        coordinator.restartNode(nodeId);
    }

    /**
     * Has a node end for good: its inputs and outputs close. Any thread; does not wait.
     *
     * @throws IllegalArgumentException if it does not run in this part
     */
    public void stopNode(String nodeId) {
        incarnations(nodeId);
        coordinator.stopNode(nodeId);
    }

    private Incarnations incarnations(String nodeId) {
        if (!spec.isHere(nodeId)) {
            throw new IllegalArgumentException("node '" + nodeId + "' does not run in this part of dataflow '"
                    + plan.graph().name() + "', where there are " + spec.nodes());
        }
        return coordinator.wiring().nodes().of(nodeId);
    }

    /**
     * An edge from an output to the application, beside those of the graph: attached while the part runs, and renewed if the node is replaced. Does not wait.
     *
     * @param output {@code node/output} or {@code node/operator/output}, of a node of this part
     * @param keepsOpen whether the output stays open for its sake, as for a subscription; false for a tap
     * @param readerSignal how who reads learns of messages
     * @param onReplaced given the edge to go on with, whose reader is then the caller's; any thread
     * @throws IllegalArgumentException if there is no such output; the message lists those there are
     */
    public OutputFeed feed(
            String output,
            SubscribeOptions subscribeOptions,
            boolean keepsOpen,
            WakeSignal readerSignal,
            Consumer<Edge> onReplaced) {
        OutputEnd producer = wiring().outputs()
                .find(output)
                .orElseThrow(() -> new IllegalArgumentException("this part of dataflow '"
                        + plan.graph().name() + "' has no output '" + output + "'; its outputs are "
                        + wiring().outputs().names()));
        String name = output + (keepsOpen ? " -> application" : " -> tap");
        Supplier<Edge> edges = () -> wiring().rings().ringBeside(subscribeOptions, readerSignal, producer, name);
        Edge first = edges.get();
        OutputFeed feed = new OutputFeed(output, producer, first, keepsOpen, onReplaced);
        producer.keep(feed, edges);
        feed.attach(first);
        return feed;
    }

    /** Nodes that somebody starts by hand are waited for no longer than the others: of the whole dataflow only such nodes are left. Idempotent. */
    public void dismiss() {
        coordinator.dismiss();
    }

    /**
     * Gives everything back, instead of {@link #open} or {@link #run}. After that it does nothing. Idempotent; does not wait.
     *
     * @return completes when nothing is left of the part, with what nodes threw when they were closed
     */
    public CompletionStage<List<Throwable>> abandon() {
        Phase before;
        synchronized (this) {
            before = phase;
            if (phase == Phase.PREPARED || phase == Phase.OPENED) {
                phase = Phase.ABANDONED;
            }
        }
        if (before == Phase.PREPARED) {
            coordinator.wiring().close();
            coordinator.over().complete(List.of());
        } else if (before == Phase.OPENED) {
            coordinator.abandon();
        }
        return coordinator.over().minimalCompletionStage();
    }

    private Boundary boundary() {
        return Objects.requireNonNull(coordinator.wiring().boundaryOrNull());
    }

    BoundaryInput joinable(String edge) {
        return boundary().joinable(edge);
    }

    Wiring wiring() {
        return coordinator.wiring();
    }

    Coordinator coordinator() {
        return coordinator;
    }

    @Override
    public String toString() {
        return "part of dataflow '" + plan.graph().name() + "' with nodes " + spec.nodes();
    }
}
