package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.runtime.DataflowResult;
import io.millrace.runtime.DataflowStatus;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.RunningDataflow;
import io.millrace.runtime.SubscribeOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** A running dataflow under test. Every wait ends at a deadline that no healthy run comes near, however slow the machine. */
record Trial(RunningDataflow running) {
    static final Duration DEADLINE = Duration.ofSeconds(60);

    /** Room for every message that a test does not mean to be stopped by. */
    private static final SubscribeOptions ROOMY = SubscribeOptions.backpressure(1 << 12);

    /** Everything that the output sends from now on. */
    Tap tap(String output) {
        return tap(output, ROOMY);
    }

    Tap tap(String output, SubscribeOptions options) {
        return new Tap(running.subscribe(output, options));
    }

    /** The application's hold on a node that stands still until its output {@code gate} takes a second message. */
    Tap gate(String node) {
        return tap(node + "/gate", SubscribeOptions.backpressure(1));
    }

    /** The application's side of a {@code Driver} whose commands come from the application under the node's own id. */
    Commands drive(String node) {
        return new Commands(running.publisher(node), tap(node + "/report"));
    }

    /** How it ended; waits for that. */
    DataflowResult result() throws InterruptedException {
        try {
            return running.await(DEADLINE);
        } catch (TimeoutException e) {
            throw new AssertionError("the dataflow has not ended: " + running.status(), e);
        }
    }

    EdgeStatus edge(String name) {
        return edge(running.status(), name);
    }

    static EdgeStatus edge(DataflowStatus status, String name) {
        return status.edges().stream()
                .filter(edge -> edge.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the status has no edge '" + name + "': " + status.edges()));
    }

    static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(condition);
    }

    /** The sum of what became of an edge's messages is what was put on it. */
    static void assertAddsUp(EdgeStatus edge) {
        assertThat(edge.received() + edge.dropped() + edge.conflated() + edge.discarded())
                .as("what became of the messages of %s", edge)
                .isEqualTo(edge.sent());
    }
}
