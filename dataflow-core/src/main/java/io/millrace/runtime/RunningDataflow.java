package io.millrace.runtime;

import io.millrace.graph.Graph;
import io.millrace.graph.Problem;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The handle of a dataflow that runs, here or elsewhere. Any thread.
 *
 * <p>Threads that the dataflow itself needs for its end cannot wait for it: that of a listener, and in this JVM those of its own nodes. There {@link #close()} only asks for the
 * stop and returns, {@code await} throws an {@link IllegalStateException}, and {@code subscribe} and {@code tap} do not wait for the node.
 *
 * <p>What asks executors of a cluster, which are {@code status}, {@code metrics} and {@code explainStall}, and {@code subscribe} and {@code tap}, blocks there for as long as the cluster's timeout at the most.
 */
public interface RunningDataflow extends AutoCloseable {

    /** The dataflow's name. A job of a cluster has one of its own, with a number where the dataflow's was taken. */
    String name();

    /** What names this run where it runs: on a cluster the id of its job, which is never used again and which the methods of a cluster take for its name; here the dataflow's name. */
    default String id() {
        return name();
    }

    /** What runs: the dataflow as it was validated. */
    Graph graph();

    DataflowState state();

    /** Warnings and notes of its preparation, on a cluster those of all machines, as far as they are known by now. */
    default List<Problem> findings() {
        return List.of();
    }

    /** The counters at this moment. Allocates; does not disturb the nodes. */
    DataflowStatus status();

    /** More of them than {@link #status()} has, with times. Allocates, more than that; does not disturb the nodes. */
    DataflowMetrics metrics();

    /**
     * Who holds the others up: the nodes whose code has not come back since they were last looked at, the longest first. Nodes that wait, for messages or for
     * room, are not among them, for somebody else is the cause. Nodes are looked at once in a {@code health_check_interval}, so who is stuck for less may be
     * missing. Allocates, and stops each of these nodes for the moment that its stack takes.
     *
     * <p>Among them are taps and subscriptions under backpressure whose edge has been full for a while.
     */
    List<Stall> explainStall();

    /**
     * The application's end of {@code millrace/app/NAME}: always the same one for a name.
     *
     * @throws IllegalArgumentException if no input reads {@code millrace/app/NAME}; the message lists the names there are
     */
    Publisher publisher(String name);

    /** As {@link #subscribe(String, SubscribeOptions)}, with {@link SubscribeOptions#DEFAULT}. */
    default Subscription subscribe(String output) {
        return subscribe(output, SubscribeOptions.DEFAULT);
    }

    /**
     * Receives what the output sends from now on: an edge of its own, attached while the dataflow runs. Waits until the node has taken notice, at most
     * for its current callback; the messages of an output that is closed already are gone, and so the subscription is closed from the start. On a cluster a node
     * that is not open yet, or is between two machines, is not waited for: what it sends is received once it is.
     *
     * @param output {@code node/output} or {@code node/operator/output}
     * @throws IllegalArgumentException if there is no such output; the message lists those there are
     */
    Subscription subscribe(String output, SubscribeOptions options);

    /** As {@link #tap(List, SubscribeOptions, TapHandler)}, for one output. */
    default Tap tap(String output, SubscribeOptions options, MessageHandler handler) {
        return tap(List.of(output), options, (name, message) -> handler.onMessage(message));
    }

    /**
     * Has {@code handler} called with what the outputs send from now on, on a thread of its own: each output gets an edge of its own, attached while the dataflow
     * runs. Under backpressure nothing is lost, and the nodes wait for the handler; else what it is too slow for is dropped and counted. Waits until the nodes have
     * taken notice, as {@link #subscribe} does.
     *
     * <p>Messages of one output come in their order. Of those that wait at the same time the one that was sent first comes first. A tap looks on and no more: an
     * output whose other consumers have all ended is closed although it is tapped.
     *
     * @param outputs {@code node/output}, {@code node/operator/output}, {@code millrace/app/NAME} for what the application publishes, or an edge's name as in {@code
     *     camera/frame -> detector/image}, which stands for everything that its producer sends, also for what that edge then drops. On a cluster what is published is
     *     tapped on the handle that publishes it, and only there: it goes straight to the nodes that read it
     * @param options of each edge
     * @throws IllegalArgumentException if there is no such output or edge, or one is named twice; the message lists those there are
     */
    Tap tap(List<String> outputs, SubscribeOptions options, TapHandler handler);

    /**
     * Calls {@code listener} for every event from now on, one at a time, on the thread that brings about the dataflow's end: it must not block. What may wait
     * elsewhere does not do so there, as is said above. What the listener throws is logged.
     */
    void listen(Consumer<DataflowEvent> listener);

    /** Completes when every node has ended; never exceptionally. What is attached to it may block. */
    CompletionStage<DataflowResult> completion();

    /**
     * Waits until every node has ended.
     *
     * @throws IllegalStateException if a listener waits, or a node of this dataflow
     */
    DataflowResult await() throws InterruptedException;

    /**
     * Waits until every node has ended, but not longer than {@code timeout}.
     *
     * @throws TimeoutException when the time has passed; the dataflow runs on
     * @throws IllegalStateException as {@link #await()}
     */
    DataflowResult await(Duration timeout) throws InterruptedException, TimeoutException;

    /**
     * Ends the dataflow in order, without losing what is under way: timers and application inputs close, nodes without data inputs are told to stop, the
     * others end when all their inputs have closed. At half the grace whoever still runs is told to stop, at its end interrupted, one second
     * later abandoned and named. Does not block; idempotent, and a shorter grace than the one under way counts.
     *
     * @return {@link #completion()}
     */
    CompletionStage<DataflowResult> stop(Duration grace);

    /**
     * Stops with the grace of the options and waits for the end: bounded by that grace and two seconds. If the caller is interrupted it waits no longer; the
     * dataflow ends all the same. Called by a listener or a node of this dataflow it does not wait. Idempotent.
     */
    @Override
    void close();
}
