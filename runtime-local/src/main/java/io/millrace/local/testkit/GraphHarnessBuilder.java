package io.millrace.local.testkit;

import io.millrace.Dataflow;
import io.millrace.runtime.StartOptions;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says how a dataflow is to be stepped. Not safe to share between threads. */
public final class GraphHarnessBuilder {
    final Dataflow dataflow;
    StartOptions options = StartOptions.builder().debug(true).keepAlive(false).build();

    @Nullable Long seed;

    Duration turnLimit = Duration.ofSeconds(10);
    boolean toleratesFailures;
    private Instant start = ManualClock.DEFAULT_START;

    GraphHarnessBuilder(Dataflow dataflow) {
        this.dataflow = Objects.requireNonNull(dataflow, "dataflow");
    }

    /** Nodes have their turn by lot, in the same order each time for the same seed; without, in the order of the dataflow. */
    public GraphHarnessBuilder seed(long value) {
        seed = value;
        return this;
    }

    /** Where the wall clock stands: {@link ManualClock#DEFAULT_START} unless said. */
    public GraphHarnessBuilder startAt(Instant instant) {
        start = Objects.requireNonNull(instant, "instant");
        return this;
    }

    /**
     * How long, in real time, a node with its own loop may keep its turn before it counts as one that blocks: 10 s unless said.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public GraphHarnessBuilder turnLimit(Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("the limit of a turn must be positive, found " + limit);
        }
        turnLimit = limit;
        return this;
    }

    /** The failure of a node is no failure of the test: it stands in {@link GraphHarness#failures()} and nowhere else. */
    public GraphHarnessBuilder tolerateFailures() {
        toleratesFailures = true;
        return this;
    }

    /** Other things that a start may say, such as the class loader. Its clock, threads and runtime are not looked at. Debug is on unless said. */
    public GraphHarnessBuilder options(StartOptions values) {
        options = Objects.requireNonNull(values, "options");
        return this;
    }

    ManualClock makeClock() {
        return new ManualClock(start);
    }

    /**
     * Opens every node, without letting messages flow. Blocks on the file system.
     *
     * @throws io.millrace.graph.InvalidDataflowException if something that it needs is missing, or a node is a process
     * @throws io.millrace.runtime.DataflowStartException if a node's {@code open} fails
     */
    public GraphHarness open() {
        return new GraphHarness(this);
    }
}
