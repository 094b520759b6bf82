package io.millrace.local.testkit;

import io.millrace.Dataflow;
import io.millrace.codec.Codec;
import io.millrace.local.stepped.SteppedDataflow;
import io.millrace.node.Clock;
import io.millrace.node.Message;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import io.millrace.runtime.DataflowEvent;
import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowState;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.RunningDataflow;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.SentMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a whole dataflow, or a part of one built for the test, one node at a time on the thread of a test: feeds what the application would publish, moves the
 * clock, shows what was sent.
 *
 * <pre>{@code
 * try (GraphHarness harness = GraphHarness.of(dataflow).open()) {
 *     harness.feed("number", "21");
 *     harness.run();
 *     assertThat(harness.sent("doubler/doubled")).extracting(SentMessage::text).containsExactly("42");
 * }
 * }</pre>
 *
 * <p>The nodes are run by the local runtime itself: with its edges and their policies, its timers, its events and its order of ending. Only who runs next is
 * decided here, and time stands still until it is moved. Reactive nodes need no threads. A node with its own loop has one, which runs only in its turn and gives that
 * up whenever it polls, waits, offers, sends or sleeps through its context; one that waits elsewhere is found out after a limit of real time, and named.
 *
 * <p>With a seed the order is drawn by lot, and so is how many messages a node takes at once. The same seed gives the same order: what fails with one seed fails
 * with it again. {@link #explore} looks for such a seed:
 *
 * <pre>{@code
 * GraphHarness.explore(1000, seed -> {
 *     try (GraphHarness harness = GraphHarness.of(dataflow()).seed(seed).open()) {
 *         harness.runToEnd();
 *         assertThat(harness.sent("merge/sorted")).isSortedAccordingTo(...);
 *     }
 * });
 * }</pre>
 *
 * <p>The failure of a node comes out of the call in which it happens, as the cause of an {@link AssertionError}, unless failures are tolerated. Used by one thread.
 */
public final class GraphHarness implements AutoCloseable {
    private static final Duration LONGEST_RUN = Duration.ofDays(1);

    /** Turns and messages at one instant: each message is kept, and so this many must fit into memory. */
    private static final int MOST_AT_ONCE = 2_000_000;

    private static final int TURNS_TO_NAME = 1000; // who has one of them goes on

    private final Map<String, List<SentMessage>> sent = new LinkedHashMap<>();
    private final List<SentMessage> all = new ArrayList<>();
    private final List<DataflowResult.Failure> failures = new ArrayList<>();
    private final ManualClock clock;
    private final SteppedDataflow stepped;
    private final String order;
    private final boolean toleratesFailures;
    private int failuresTold;
    private long done; // turns, and messages

    GraphHarness(GraphHarnessBuilder setup) {
        clock = setup.makeClock();
        Long seed = setup.seed;
        order = seed == null ? "" : ", with seed " + seed;
        toleratesFailures = setup.toleratesFailures;
        stepped = SteppedDataflow.start(
                setup.dataflow.graph(),
                setup.options.toBuilder().whenOpen(this::watch).build(),
                new SteppedDataflow.Manner(clock, seed, setup.turnLimit, this::keep));
    }

    private void watch(RunningDataflow running) {
        running.listen(event -> {
            if (event instanceof DataflowEvent.NodeFailed failed) {
                failures.add(new DataflowResult.Failure(failed.node(), failed.error()));
            }
        });
    }

    private void keep(String output, Message message) {
        SentMessage copy = SentMessage.copyOf(output, message);
        sent.computeIfAbsent(output, name -> new ArrayList<>()).add(copy);
        all.add(copy);
        done++;
    }

    /** Begins a harness. */
    public static GraphHarnessBuilder of(Dataflow dataflow) {
        return new GraphHarnessBuilder(dataflow);
    }

    /**
     * Calls {@code test} with the seeds from 0 to {@code seeds - 1} until one makes it fail.
     *
     * @throws AssertionError naming the seed with which it failed; its cause is what the test threw, whatever that was but an {@link OutOfMemoryError}, which comes out as
     *     it is
     */
    public static void explore(int seeds, LongConsumer test) {
        for (long seed = 0; seed < seeds; seed++) {
            try {
                test.accept(seed);
            } catch (OutOfMemoryError e) { // there may be no room for more
                throw e;
            } catch (Throwable t) { // also what no signature tells of
                throw new AssertionError(
                        "fails with seed " + seed + ": have it again with seed(" + seed + "): " + t, t);
            }
        }
    }

    // What the application does.

    /** Publishes text under {@code millrace/app/NAME}. Where there is no room nodes have turns until there is. Nobody is called otherwise: see {@link #run}. */
    public void feed(String name, String text) {
        feed(name, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), Parameters.EMPTY, PayloadFormat.UTF8.code());
    }

    /** As {@link #feed(String, String)}, with bytes. */
    public void feed(String name, byte[] payload) {
        feed(name, ByteBuffer.wrap(payload), Parameters.EMPTY, PayloadFormat.BYTES.code());
    }

    /** As {@link #feed(String, String)}, with bytes and parameters. */
    public void feed(String name, byte[] payload, Parameters parameters) {
        feed(name, ByteBuffer.wrap(payload), parameters, PayloadFormat.BYTES.code());
    }

    /** As {@link #feed(String, String)}, with the payload, format and parameters of what was sent elsewhere. */
    public void feed(String name, SentMessage message) {
        feed(
                name,
                ByteBuffer.wrap(message.payload()),
                message.parameters(),
                message.message().formatCode());
    }

    /** As {@link #feed(String, String)}, with a value that the codec writes. */
    public <T> void feed(String name, Codec<T> codec, T value) {
        feed(name, () -> stepped.offer(name, codec, value));
    }

    private void feed(String name, ByteBuffer payload, Parameters parameters, int formatCode) {
        feed(name, () -> stepped.offer(name, payload, parameters, formatCode));
    }

    private void feed(String name, Supplier<SendResult> offer) {
        long end = done + MOST_AT_ONCE;
        SendResult result = offer.get();
        while (result == SendResult.FULL) {
            if (!stepUntil(end)) {
                throw new IllegalStateException("'millrace/app/" + name
                        + "' has no room, and nobody takes a message from it unless time passes: advance the clock");
            }
            result = offer.get();
        }
        if (result == SendResult.CLOSED) {
            throw new IllegalStateException("'millrace/app/" + name + "' is closed, or nobody reads it any more");
        }
    }

    /** Closes {@code millrace/app/NAME}: the inputs that it feeds close after their last message. */
    public void closeInput(String name) {
        running().publisher(name).close();
    }

    /** Asks the dataflow to stop, with the grace in the time of the clock; what follows happens when it is run. */
    public void stop(Duration grace) {
        running().stop(grace);
    }

    // What happens then.

    /** One turn of one node; false if there is nothing to do at this time. */
    public boolean step() {
        boolean any;
        done++;
        try {
            any = stepped.step();
        } catch (IllegalStateException e) {
            failuresTold = failures.size();
            throw new AssertionError(e.getMessage() + order, e);
        }
        tellFailure();
        return any;
    }

    private boolean stepUntil(long end) {
        if (done < end) {
            return step();
        }
        Set<String> nodes = new TreeSet<>();
        for (int i = 0; i < TURNS_TO_NAME && step(); i++) {
            stepped.lastTurn().ifPresent(nodes::add);
        }
        throw new AssertionError("after " + MOST_AT_ONCE + " turns and messages without any time passing nodes " + nodes
                + " still go on" + order
                + ": let a cycle come to rest, or wait for a timer; where it is meant to go on,"
                + " call step() as often as it should");
    }

    private void tellFailure() {
        if (!toleratesFailures && failuresTold < failures.size()) {
            DataflowResult.Failure first = failures.get(failuresTold);
            failuresTold = failures.size();
            throw new AssertionError(first + order, first.error());
        }
    }

    /**
     * Gives nodes their turn until there is nothing to do at this time. A timer's first tick is due at the beginning.
     *
     * @throws AssertionError naming the nodes that have always something to do, such as those of a cycle, after two million turns and messages
     */
    public void run() {
        long end = done + MOST_AT_ONCE;
        while (stepUntil(end)) {
            // until nobody has anything to do
        }
    }

    /** Lets time pass, from one timer to the next: at each what is to be done is done, and once more at the end. */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a clock moves forward only, found " + time);
        }
        Duration end = clock.elapsed().plus(time);
        run();
        for (Duration next = nextDue(end); next.compareTo(end) < 0; next = nextDue(end)) {
            stepped.advance(next.minus(clock.elapsed()));
            run();
        }
        stepped.advance(end.minus(clock.elapsed()));
        run();
    }

    private Duration nextDue(Duration end) {
        return stepped.untilDue().map(until -> clock.elapsed().plus(until)).orElse(end);
    }

    /**
     * Runs it to its end, moving the clock whenever there is nothing else to do.
     *
     * @throws IllegalStateException if it does not end: it waits for what only the application can bring, or has not ended after a day
     */
    public DataflowResult runToEnd() {
        Duration limit = clock.elapsed().plus(LONGEST_RUN);
        run();
        while (!stepped.isOver()) {
            if (!stepped.passIdleTime()) {
                throw new IllegalStateException(
                        "the dataflow waits for what never comes: close its application inputs, or stop it; "
                                + status());
            }
            if (clock.elapsed().compareTo(limit) > 0) {
                throw new IllegalStateException(
                        "the dataflow has not ended after " + LONGEST_RUN + " of its time: stop it; " + status());
            }
            run();
        }
        return result().orElseThrow();
    }

    // What there is to see.

    /**
     * What the output has sent since the beginning, and was not taken.
     *
     * @param output {@code node/output} or {@code node/operator/output}
     * @throws IllegalArgumentException if there is no such output
     */
    public List<SentMessage> sent(String output) {
        return List.copyOf(sent.getOrDefault(nameOf(output), List.of()));
    }

    /** What the output has sent since this was called last, or since the beginning; {@link #sent(String)} and {@link #sent()} have it no more. */
    public List<SentMessage> take(String output) {
        String name = nameOf(output);
        List<SentMessage> taken = sent.remove(name);
        all.removeIf(message -> message.output().equals(name));
        return taken == null ? List.of() : taken;
    }

    /** What all outputs have sent and was not taken, in the order in which it was sent. */
    public List<SentMessage> sent() {
        return List.copyOf(all);
    }

    private String nameOf(String output) {
        return running()
                .graph()
                .findOutput(output)
                .orElseThrow(() -> new IllegalArgumentException("the dataflow has no output '" + output + "'"))
                .toString();
    }

    public Clock clock() {
        return clock;
    }

    /** How far the clock was moved. */
    public Duration elapsed() {
        return clock.elapsed();
    }

    public DataflowState state() {
        return running().state();
    }

    public DataflowStatus status() {
        return running().status();
    }

    /** Of nodes, in the order in which they happened. */
    public List<DataflowResult.Failure> failures() {
        return List.copyOf(failures);
    }

    /** How it has ended, if it has. */
    public Optional<DataflowResult> result() {
        @Nullable DataflowResult result = running().completion().toCompletableFuture().getNow(null);
        return Optional.ofNullable(result);
    }

    /** The handle, for what is not here. It takes no part in the stepping: {@code await} would wait for ever, and so fails where the dataflow has not ended. */
    public RunningDataflow running() {
        return stepped.running();
    }

    /**
     * Ends the dataflow at once, and closes its nodes. Idempotent.
     *
     * @throws AssertionError if a node fails meanwhile, or has failed and no call has told of it, unless failures are tolerated
     * @throws IllegalStateException naming a node that blocks meanwhile, once the others have ended
     */
    @Override
    public void close() {
        try {
            stepped.close();
        } catch (IllegalStateException e) {
            failuresTold = failures.size();
            throw e;
        }
        tellFailure();
    }
}
