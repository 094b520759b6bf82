package io.millrace.local.run;

import io.millrace.layout.HybridClock;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import io.millrace.node.Clock;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An output that log records go to, from whichever thread logs: what {@code send_logs_as} names, or the source of one {@code dora/logs} input; or that the lines of a
 * program go to, which {@code send_stdout_as} names. A lock guards
 * it, and is held for one record at a time, never while a thread waits for anything.
 */
final class LogSink implements PortOwner, WiredEdge.Source {
    private final WakeSignal signal = new WakeSignal(); // nobody waits for room here
    private final ReentrantLock lock = new ReentrantLock();

    // Under the lock, once the dataflow runs.
    private final HybridClock clock;
    private final OutputPort port;

    LogSink(String id, String name, Clock clock) {
        this.clock = new HybridClock(clock);
        this.port = new OutputPort(id, name, this);
    }

    OutputPort port() {
        return port;
    }

    /** What consumers signal, in vain. */
    @Override
    public WakeSignal signal() {
        return signal;
    }

    @Override
    public String node() {
        return "";
    }

    @Override
    public void replace(EdgeWriter former, Edge fresh, Runnable whenReplaced) {
        lock.lock();
        try {
            port.replace(former, fresh.writer());
            whenReplaced.run();
        } finally {
            lock.unlock();
        }
    }

    /** Any thread. FULL if a consumer that wants every record has no room for it. */
    SendResult offer(ByteBuffer json) {
        return offer(json, PayloadFormat.JSON);
    }

    /** As {@link #offer(ByteBuffer)}, for what is no record. */
    SendResult offer(ByteBuffer payload, PayloadFormat format) {
        lock.lock();
        try {
            return port.offer(payload, Parameters.EMPTY, format);
        } finally {
            port.abortClaim(); // else one record that could not be copied would keep all others from being sent
            lock.unlock();
        }
    }

    /** Any thread. Idempotent. */
    void close() {
        lock.lock();
        try {
            port.end();
        } finally {
            lock.unlock();
        }
    }

    // The output's owner.

    @Override
    public void enter() {
        lock.lock();
    }

    @Override
    public void leave() {
        lock.unlock();
    }

    @Override
    public void checkMaySend(OutputPort output) {}

    @Override
    public boolean buffersOverflow() {
        return false;
    }

    @Override
    public void onOverflow(OutputPort output) {
        throw new AssertionError("log records do not wait");
    }

    @Override
    public SendResult awaitRoom(OutputPort output, long timeoutNs) {
        throw new AssertionError("log records do not wait");
    }

    @Override
    public long timestamp() {
        clock.update();
        return clock.next();
    }

    @Override
    public int incarnation() {
        return 0;
    }
}
