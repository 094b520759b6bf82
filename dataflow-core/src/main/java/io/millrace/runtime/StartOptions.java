package io.millrace.runtime;

import io.millrace.graph.Execution.Idle;
import io.millrace.graph.GraphSettings;
import io.millrace.node.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a dataflow is started: immutable, made by a builder, printed in full.
 *
 * <p>On a cluster {@link #startTimeout}, {@link #closeGrace}, {@link #finishGrace}, {@link #idle}, {@link #threads}, {@link #debug}, {@link #metrics} and {@link #slowHandling} go to the executors;
 * {@link #whenOpen} is called by the client, and {@link #debug}, {@link #metrics} and {@link #clock} hold for its own ends too. The others have no meaning there: what runs a dataflow, keeps
 * its JVM alive, loads its classes, makes its threads and keeps its checkpoints is the executors' and the masters' own.
 */
public final class StartOptions {
    /** All defaults. */
    public static final StartOptions DEFAULT = builder().build();

    private final Builder values;

    private StartOptions(Builder values) {
        this.values = values.copy();
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        return values.copy();
    }

    /** The runtime's name: {@code local} unless said. */
    public String runtime() {
        return values.runtime;
    }

    /** How long every {@code open} may take together: 60 s unless said. */
    public Duration startTimeout() {
        return values.startTimeout;
    }

    /** The grace of {@link RunningDataflow#close()}: 10 s unless said. */
    public Duration closeGrace() {
        return values.closeGrace;
    }

    /**
     * How long a program that is a node may be silent after all its inputs have closed and all else has ended; then it is told to stop, and forced to within the
     * {@link #closeGrace()}. Empty for what the runtime's environment says, or else 120 s.
     */
    public Optional<Duration> finishGrace() {
        return Optional.ofNullable(values.finishGrace);
    }

    /** Whether a thread that is not a daemon keeps the JVM alive until the dataflow has ended: true unless said. */
    public boolean keepAlive() {
        return values.keepAlive;
    }

    /** What a node's thread does without work, where the node does not say: {@link Idle#PARK} unless said. */
    public Idle idle() {
        return values.idle;
    }

    /** How many threads reactive nodes share, 0 for a thread each, whatever the dataflow says; empty for what it says. */
    public OptionalInt threads() {
        return values.threads;
    }

    /** What decides the order in which the runtime {@code deterministic} gives nodes their turn; empty for the order of the dataflow. Others ignore it. */
    public OptionalLong seed() {
        return values.seed;
    }

    /**
     * Whether misuse is found out, at the cost of speed: the methods of a message that is used too late throw, and where it came across threads its bytes are
     * written over; so does a node's output that another thread sends by. False unless said.
     */
    public boolean debug() {
        return values.debug;
    }

    /** Where node classes come from; empty for the context loader of the starting thread. */
    public Optional<ClassLoader> classLoader() {
        return Optional.ofNullable(values.classLoader);
    }

    /**
     * What messages, timers and nodes go by. How long a restart is delayed, a callback may take and an end may take is counted by the JVM's own time, so that no clock keeps
     * a dataflow from ending; only the runtime {@code deterministic} goes by its clock in all.
     */
    public Clock clock() {
        return values.clock;
    }

    /** Whether bytes, high-water marks and times are measured, at the cost of a few nanoseconds a message: true unless said. Messages are counted in any case. */
    public boolean metrics() {
        return values.metrics;
    }

    /**
     * A callback, or what an own-loop node does between two polls, that takes longer is told of as the JFR event {@code io.millrace.SlowHandling}: 250 ms unless
     * said. Looked for every half of it, and only with {@link #metrics()}.
     */
    public Duration slowHandling() {
        return values.slowHandling;
    }

    /** Makes the threads of the nodes; empty for the runtime's own, which are daemons. Names are set by the runtime. */
    public Optional<ThreadFactory> threadFactory() {
        return Optional.ofNullable(values.threadFactory);
    }

    /**
     * Where nodes' checkpoints are kept beyond the process; empty for nowhere. A dataflow that is started again finds what it left there, unless it has finished
     * by itself. One run uses a dataflow's state at a time.
     */
    public Optional<Path> stateDirectory() {
        return Optional.ofNullable(values.stateDirectory);
    }

    /** What is done when every node is open and before any message flows. */
    public Optional<Consumer<RunningDataflow>> whenOpen() {
        return Optional.ofNullable(values.whenOpen);
    }

    @Override
    public String toString() {
        return "StartOptions[runtime=" + values.runtime + ", startTimeout=" + values.startTimeout + ", closeGrace="
                + values.closeGrace + ", finishGrace="
                + (values.finishGrace == null ? "as the environment says" : values.finishGrace) + ", keepAlive="
                + values.keepAlive + ", idle=" + values.idle.key() + ", threads="
                + (values.threads.isPresent() ? values.threads.getAsInt() : "as the dataflow says") + ", seed="
                + (values.seed.isPresent() ? values.seed.getAsLong() : "none") + ", debug="
                + values.debug + ", classLoader=" + values.classLoader + ", clock=" + values.clock + ", threadFactory="
                + values.threadFactory + ", whenOpen=" + values.whenOpen + ", metrics=" + values.metrics
                + ", slowHandling=" + values.slowHandling + ", stateDirectory=" + values.stateDirectory + "]";
    }

    /** Not safe to share between threads. */
    public static final class Builder {
        private String runtime = "local";
        private Duration startTimeout = Duration.ofSeconds(60);
        private Duration closeGrace = Duration.ofSeconds(10);
        private @Nullable Duration finishGrace;
        private boolean keepAlive = true;
        private Idle idle = Idle.PARK;
        private OptionalInt threads = OptionalInt.empty();
        private OptionalLong seed = OptionalLong.empty();
        private boolean debug;
        private @Nullable ClassLoader classLoader;
        private Clock clock = Clock.system();
        private @Nullable ThreadFactory threadFactory;
        private boolean metrics = true;
        private Duration slowHandling = Duration.ofMillis(250);
        private @Nullable Consumer<RunningDataflow> whenOpen;
        private @Nullable Path stateDirectory;

        private Builder() {}

        public Builder runtime(String name) {
            runtime = Objects.requireNonNull(name, "runtime");
            return this;
        }

        public Builder startTimeout(Duration timeout) {
            startTimeout = positive("start timeout", timeout);
            return this;
        }

        public Builder closeGrace(Duration grace) {
            if (Objects.requireNonNull(grace, "close grace").isNegative()) {
                throw new IllegalArgumentException("close grace must not be negative, found " + grace);
            }
            closeGrace = grace;
            return this;
        }

        /** {@link java.time.temporal.ChronoUnit#FOREVER}'s duration for without end. */
        public Builder finishGrace(Duration grace) {
            if (Objects.requireNonNull(grace, "finish grace").isNegative()) {
                throw new IllegalArgumentException("finish grace must not be negative, found " + grace);
            }
            finishGrace = grace;
            return this;
        }

        public Builder keepAlive(boolean keep) {
            keepAlive = keep;
            return this;
        }

        public Builder idle(Idle strategy) {
            idle = Objects.requireNonNull(strategy, "idle");
            return this;
        }

        /**
         * Instead of what the dataflow says.
         *
         * @param count threads that reactive nodes share; 0 for a thread each
         * @throws IllegalArgumentException if it is not within 0 to {@value GraphSettings#MAX_THREADS}
         */
        public Builder threads(int count) {
            if (count < 0 || count > GraphSettings.MAX_THREADS) {
                throw new IllegalArgumentException(
                        "threads must be 0 to " + GraphSettings.MAX_THREADS + ", found " + count);
            }
            threads = OptionalInt.of(count);
            return this;
        }

        /** For the runtime {@code deterministic}: the same seed gives the same order. */
        public Builder seed(long value) {
            seed = OptionalLong.of(value);
            return this;
        }

        public Builder debug(boolean on) {
            debug = on;
            return this;
        }

        public Builder classLoader(ClassLoader loader) {
            classLoader = loader;
            return this;
        }

        public Builder clock(Clock time) {
            clock = Objects.requireNonNull(time, "clock");
            return this;
        }

        public Builder threadFactory(ThreadFactory factory) {
            threadFactory = factory;
            return this;
        }

        public Builder stateDirectory(Path directory) {
            stateDirectory = directory;
            return this;
        }

        public Builder metrics(boolean on) {
            metrics = on;
            return this;
        }

        public Builder slowHandling(Duration threshold) {
            slowHandling = positive("slow handling", threshold);
            return this;
        }

        /**
         * Has {@code action} called once, when every node is open and before any message flows: who listens, subscribes or taps then misses nothing. It is
         * called on the thread that brings about the dataflow's end, so it must not block; if it throws, the start fails. Actions add up, in their order.
         */
        public Builder whenOpen(Consumer<? super RunningDataflow> action) {
            Objects.requireNonNull(action, "when open");
            Consumer<RunningDataflow> before = whenOpen;
            whenOpen = before == null ? action::accept : before.andThen(action);
            return this;
        }

        public StartOptions build() {
            return new StartOptions(this);
        }

        private Builder copy() {
            Builder copy = new Builder();
            copy.runtime = runtime;
            copy.startTimeout = startTimeout;
            copy.closeGrace = closeGrace;
            copy.finishGrace = finishGrace;
            copy.keepAlive = keepAlive;
            copy.idle = idle;
            copy.threads = threads;
            copy.seed = seed;
            copy.debug = debug;
            copy.classLoader = classLoader;
            copy.clock = clock;
            copy.threadFactory = threadFactory;
            copy.metrics = metrics;
            copy.slowHandling = slowHandling;
            copy.whenOpen = whenOpen;
            copy.stateDirectory = stateDirectory;
            return copy;
        }

        private static Duration positive(String what, Duration duration) {
            Objects.requireNonNull(duration, what);
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException(what + " must be positive, found " + duration);
            }
            return duration;
        }
    }
}
