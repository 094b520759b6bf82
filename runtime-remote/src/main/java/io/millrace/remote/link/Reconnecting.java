package io.millrace.remote.link;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one control connection to whoever of several endpoints answers: tries each in turn, and after all were in vain waits, longer each time, before it begins again.
 * Follows hints to the leader. From any thread; nothing blocks.
 *
 * <p>The handler is that of every connection: {@code onClosed} comes once for each try that failed and once for each connection that ended, before the next one is tried.
 * A connection counts as a success when it has lasted as long as the longest wait; those that end sooner are tries in vain, so that two peers that each send us to the
 * other are not asked in a tight loop.
 */
public final class Reconnecting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconnecting.class);

    private final List<Endpoint> endpoints;
    private final ControlHandler handler;
    private final BackOff backOff;
    private final Surroundings surroundings;

    // Under the lock.
    private int next;
    private int inVain;
    private boolean isClosed;
    private @Nullable Endpoint hint;
    private @Nullable Attempt attempt;

    Reconnecting(List<Endpoint> endpoints, ControlHandler handler, BackOff backOff, Surroundings surroundings) {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("there is no endpoint to connect to");
        }
        this.endpoints = List.copyOf(endpoints);
        this.handler = handler;
        this.backOff = backOff;
        this.surroundings = surroundings;
    }

    /** What it needs of the world: a network and its clock, or a test's. */
    interface Surroundings {
        ControlConnection connect(Endpoint endpoint, ControlHandler handler);

        void schedule(Runnable task, long delayMs);

        /** Monotonic. */
        long nowNs();
    }

    /**
     * Begins at once with the first endpoint.
     *
     * @param executor runs the handler's calls, one after the other; must outlive this
     * @throws IllegalArgumentException if there is no endpoint
     */
    public static Reconnecting start(
            Network network, List<Endpoint> endpoints, ControlHandler handler, BackOff backOff, Executor executor) {
        Reconnecting reconnecting = new Reconnecting(endpoints, handler, backOff, new OfNetwork(network, executor));
        reconnecting.begin();
        return reconnecting;
    }

    /** With waits from 100 ms to 5 s. */
    public static Reconnecting start(
            Network network, List<Endpoint> endpoints, ControlHandler handler, Executor executor) {
        return start(network, endpoints, handler, new BackOff(100, 5_000, RandomGenerator.getDefault()), executor);
    }

    /** The connection that is open now. */
    public synchronized Optional<ControlConnection> connection() {
        return Optional.ofNullable(attempt).map(current -> current.connection).filter(ControlConnection::isOpen);
    }

    /** As {@link ControlConnection#send}; false as well while there is no connection. */
    public boolean send(byte[] message) {
        return connection().map(connection -> connection.send(message)).orElse(false);
    }

    /** The leader is there: a connection to another endpoint is closed, and this one is tried next, before those that were given. */
    public void leaderAt(Endpoint leader) {
        ControlConnection elsewhere = null;
        synchronized (this) {
            if (isClosed || attempt != null && attempt.endpoint.equals(leader)) {
                return;
            }
            hint = leader;
            elsewhere = attempt == null ? null : attempt.connection;
        }
        if (elsewhere != null) {
            elsewhere.close("the leader is at " + leader);
        }
    }

    /** Closes the connection, and tries no more. Idempotent. */
    @Override
    public void close() {
        ControlConnection last;
        synchronized (this) {
            isClosed = true;
            last = attempt == null ? null : attempt.connection;
        }
        if (last != null) {
            last.close("no longer needed");
        }
    }

    void begin() {
        Attempt mine;
        synchronized (this) {
            if (isClosed || attempt != null) {
                return;
            }
            mine = new Attempt(nextEndpoint());
            attempt = mine;
        }
        ControlConnection made = surroundings.connect(mine.endpoint, mine);
        boolean isLate;
        synchronized (this) {
            mine.connection = made;
            isLate = isClosed || hint != null && !mine.endpoint.equals(hint);
        }
        if (isLate) {
            made.close("no longer needed");
        }
    }

    /** Under the lock. */
    private Endpoint nextEndpoint() {
        Endpoint hinted = hint;
        hint = null;
        if (hinted != null) {
            return hinted;
        }
        Endpoint turn = endpoints.get(next);
        next = (next + 1) % endpoints.size();
        return turn;
    }

    private void onEnd(Attempt ended) {
        long delayMs;
        synchronized (this) {
            attempt = null;
            if (isClosed) {
                return;
            }
            inVain = ended.lasted() ? 0 : inVain + 1;
            int rounds = inVain / endpoints.size();
            delayMs = inVain % endpoints.size() == 0 && rounds > 0 ? backOff.delayMs(rounds) : 0;
        }
        surroundings.schedule(this::begin, delayMs);
    }

    /** One connection, from the dial to its end. */
    private final class Attempt implements ControlHandler {
        private final Endpoint endpoint;
        private volatile @Nullable ControlConnection connection;
        private boolean wasOpen;
        private long openedNs;

        Attempt(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        boolean lasted() {
            return wasOpen
                    && surroundings.nowNs() - openedNs
                            >= Duration.ofMillis(backOff.longestMs()).toNanos();
        }

        @Override
        public void onOpen(ControlConnection open) {
            connection = open;
            wasOpen = true;
            openedNs = surroundings.nowNs();
            handler.onOpen(open);
        }

        @Override
        public void onMessage(ControlConnection from, byte[] message) {
            handler.onMessage(from, message);
        }

        @Override
        public void onClosed(String reason) {
            try {
                handler.onClosed(reason);
            } catch (RuntimeException e) {
                LOG.warn("the handler of the connection to {} failed", endpoint, e);
            }
            onEnd(this);
        }
    }

    private record OfNetwork(Network network, Executor executor) implements Surroundings {
        @Override
        public ControlConnection connect(Endpoint endpoint, ControlHandler handler) {
            return network.connect(endpoint.host(), endpoint.port(), handler, executor);
        }

        @Override
        public void schedule(Runnable task, long delayMs) {
            network.schedule(task, delayMs);
        }

        @Override
        public long nowNs() {
            return System.nanoTime();
        }
    }
}
