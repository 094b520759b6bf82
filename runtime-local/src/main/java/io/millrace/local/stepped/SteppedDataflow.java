package io.millrace.local.stepped;

import io.millrace.codec.Codec;
import io.millrace.graph.Execution.Isolation;
import io.millrace.graph.Graph;
import io.millrace.graph.GraphNode;
import io.millrace.graph.InvalidDataflowException;
import io.millrace.graph.Problem;
import io.millrace.graph.Source;
import io.millrace.layout.MessageView;
import io.millrace.local.agent.InputPort;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.plan.Plan;
import io.millrace.local.plan.Preparation;
import io.millrace.local.run.Agenda;
import io.millrace.local.run.Coordinator;
import io.millrace.local.run.LocalDataflow;
import io.millrace.local.waiting.Times;
import io.millrace.local.wiring.AppPublisher;
import io.millrace.local.wiring.OutputEnd;
import io.millrace.node.Parameters;
import io.millrace.node.SendResult;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.runtime.TapHandler;
import io.millrace.testkit.ManualClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A dataflow that is stepped: nothing happens in it but within a call of this. Used by one thread at a time; what other threads do through {@link #running} is
 * noticed by the next step.
 */
public final class SteppedDataflow {
    /** For nodes that were stuck, to end when they are interrupted. */
    private static final long MOMENT_NS = TimeUnit.SECONDS.toNanos(1);

    private static final int ROUNDS_TO_END = 100_000;
    private static final Duration SHORTEST_PATIENCE = Duration.ofMillis(1);
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(10);

    private final ManualClock clock;
    private final Stepper stepper;
    private final Coordinator coordinator;
    private final RunningDataflow running;
    private Duration patience = SHORTEST_PATIENCE;

    /**
     * How it is stepped.
     *
     * @param seed null for the order of the dataflow
     * @param turnLimit how long a node with its own loop may keep its turn, in real time
     * @param witness is called with all that nodes send, at once; null for nobody
     */
    public record Manner(
            ManualClock clock,
            @Nullable Long seed,
            Duration turnLimit,
            @Nullable TapHandler witness) {}

    private SteppedDataflow(Plan plan, StartOptions options, Manner manner) {
        this.clock = manner.clock();
        this.stepper = new Stepper(
                clock,
                Turns.of(manner.seed()),
                Times.nanos(manner.turnLimit()),
                (action, suffix) -> daemon(action, "millrace-" + plan.graph().name() + suffix));
        this.coordinator =
                new Coordinator(plan, options, stepper, new Agenda(stepper::nanoTime, stepper.signal()::signal));
        stepper.attach(coordinator);
        TapHandler witness = manner.witness();
        if (witness != null) {
            coordinator.wiring().outputs().names().forEach(name -> show(name, witness));
        }
        this.running = opened();
    }

    private static Thread daemon(Runnable action, String name) {
        Thread made = new Thread(action, name);
        made.setDaemon(true);
        return made;
    }

    private void show(String output, TapHandler witness) {
        MessageView view = new MessageView();
        OutputEnd end = coordinator.wiring().outputs().find(output).orElseThrow();
        end.port().consumers().witness((record, offset, body) -> {
            try {
                witness.onMessage(output, view.wrap(record, offset, InputPort.viewOf(body)));
            } catch (Exception e) {
                throw new IllegalStateException("what looks at the messages of '" + output + "' has failed", e);
            } finally {
                view.invalidate();
            }
        });
    }

    /**
     * Finds what the dataflow needs, opens every node, and begins. Blocks on the file system.
     *
     * @throws InvalidDataflowException if something is missing, or a node is a process
     * @throws io.millrace.runtime.DataflowStartException if a node's {@code open} fails
     */
    public static SteppedDataflow start(Graph graph, StartOptions options, Manner manner) {
        checkSteppable(graph);
        StartOptions stepped = options.toBuilder().clock(manner.clock()).build();
        return start(Preparation.plan(graph, stepped), stepped, manner);
    }

    static SteppedDataflow start(Plan plan, StartOptions options, Manner manner) {
        try {
            return new SteppedDataflow(plan, options, manner);
        } catch (Throwable t) { // what it has taken is given back, whatever came of it
            plan.close();
            throw t;
        }
    }

    /** Whose time is not the clock's, and who cannot be held, is refused. */
    static void checkSteppable(Graph graph) {
        List<Problem> problems = graph.nodes().stream()
                .filter(SteppedDataflow::isProcess)
                .map(node -> Problem.error(
                        node.location(),
                        "node '" + node.id() + "' is a process: nodes that take turns run in this JVM, so make it of a"
                                + " Java class or a shared library without 'isolation: process', or replace it"))
                .toList();
        if (!problems.isEmpty()) {
            throw new InvalidDataflowException(problems);
        }
    }

    private static boolean isProcess(GraphNode node) {
        return node.execution().isolation() == Isolation.PROCESS
                || node.operators().stream()
                        .anyMatch(operator -> !(operator.source() instanceof Source.ClassSource)
                                && !(operator.source() instanceof Source.SuppliedSource)
                                && !(operator.source() instanceof Source.SharedLibrarySource));
    }

    private RunningDataflow opened() {
        CompletableFuture<LocalDataflow> started = coordinator.startStepped();
        finish(started);
        try {
            return started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Whoever is stuck has failed, and the others go on: the first of those is returned. */
    private Stepper.@Nullable StuckException finish(CompletableFuture<?> until) {
        Stepper.StuckException first = null;
        for (int rounds = 0; !until.isDone(); rounds++) {
            try {
                if (stepper.step()) {
                    continue;
                }
            } catch (Stepper.StuckException e) {
                coordinator.fail(e.node(), e);
                first = first == null ? e : first;
                continue;
            }
            stepper.awaitStuck(MOMENT_NS);
            if (rounds < ROUNDS_TO_END && stepper.isAnyIdling()) {
                stepper.wakeIdling(); // it does not take notice of the end, but may be done soon
            } else if (!stepper.canStep() && !passIdleTime()) {
                throw new AssertionError("nothing is left to do, but it has not come to its end");
            }
        }
        return first;
    }

    /** The handle. There {@code await} and whatever waits for a node fails while nobody steps. */
    public RunningDataflow running() {
        return running;
    }

    /**
     * One turn of one node; false if there is nothing to do at this time.
     *
     * @throws IllegalStateException naming a node that keeps its turn for too long; it counts as failed, and the dataflow is stopping then
     */
    public boolean step() {
        coordinator.stepOn(Thread.currentThread());
        try {
            if (stepper.hasProgressed()) {
                patience = SHORTEST_PATIENCE;
            }
            return stepper.step();
        } catch (Stepper.StuckException e) {
            coordinator.fail(e.node(), e);
            throw e;
        }
    }

    /** The node that had a turn last; empty before the first. */
    public Optional<String> lastTurn() {
        return stepper.lastTurn();
    }

    /** How long nothing will happen unless somebody does something; empty for ever. */
    public Optional<Duration> untilDue() {
        long untilNs = stepper.untilDueNs();
        return untilNs == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, untilNs)));
    }

    /** Time passes. */
    public void advance(Duration step) {
        clock.advance(step);
        stepper.wakeIdling();
    }

    public boolean isOver() {
        return running.state().isFinal();
    }

    /** Publishes; FULL if there is no room now. */
    public SendResult offer(String name, ByteBuffer payload, Parameters parameters, int formatCode) {
        stepper.wakeIdling();
        return ((AppPublisher) running.publisher(name)).offer(payload, parameters, formatCode);
    }

    /** As {@link #offer(String, ByteBuffer, Parameters, int)}, for what a codec writes. */
    public <T> SendResult offer(String name, Codec<T> codec, T value) {
        stepper.wakeIdling();
        return running.publisher(name).offer(codec, value);
    }

    /**
     * Ends it at once: what still waits is given up. Idempotent.
     *
     * @throws IllegalStateException naming a node that keeps its turn for too long, once all has ended
     */
    public void close() {
        if (!isOver()) {
            coordinator.stepOn(Thread.currentThread());
            coordinator.stop(Duration.ZERO);
            Stepper.StuckException stuck = finish(coordinator.completion());
            if (stuck != null) {
                throw stuck;
            }
        }
    }

    /** Steps it to its end, moving the clock whenever there is nothing to do, and waiting where only others can bring something. */
    void drive() {
        WakeSignal signal = stepper.signal();
        signal.bind(Thread.currentThread());
        while (!coordinator.completion().isDone()) {
            if (!stepUnlessStuck() && !passIdleTime()) {
                signal.arm();
                if (stepper.canStep()) {
                    signal.disarm();
                } else {
                    signal.park(0);
                }
            }
        }
    }

    private boolean stepUnlessStuck() {
        try {
            return step();
        } catch (Stepper.StuckException e) { // it stands in the result
            stepper.awaitStuck(MOMENT_NS);
            return true;
        }
    }

    /**
     * Moves the clock to when there is something to do; false if no time would be long enough. For whoever asks again and again, and perhaps looks at the clock,
     * it is moved by a little, and by more each time that nothing comes of it.
     */
    public boolean passIdleTime() {
        Optional<Duration> untilDue = untilDue();
        boolean isAsking = stepper.isAnyIdling();
        if (untilDue.isEmpty() && !isAsking) {
            return false;
        }
        Duration step = untilDue.orElse(patience);
        if (isAsking && patience.compareTo(step) < 0) {
            step = patience;
        }
        patience = patience.compareTo(LONGEST_PATIENCE) < 0 ? patience.multipliedBy(2) : patience;
        advance(step);
        return true;
    }
}
