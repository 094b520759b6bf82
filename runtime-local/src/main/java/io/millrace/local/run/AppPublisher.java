package io.millrace.local.run;

import io.millrace.layout.HybridClock;
import io.millrace.local.edge.WakeSignal;
import io.millrace.node.Clock;
import io.millrace.node.NodeInterruptedException;
import io.millrace.node.Parameters;
import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The application's end of an application input: an output that threads take turns to use, under one lock.
 *
 * <p>Closing never waits for the lock: whoever holds it does the closing when it lets go.
 */
final class AppPublisher implements Publisher, PortOwner {
    private final String name;
    private final WakeSignal signal = new WakeSignal();
    private final ReentrantLock lock = new ReentrantLock();
    private final HybridClock clock;
    private final OutputPort port;
    private volatile boolean isClosing;
    private volatile boolean isEnded;

    AppPublisher(String name, Clock clock) {
        this.name = name;
        this.clock = new HybridClock(clock);
        this.port = new OutputPort(name, "millrace/app/" + name, this);
    }

    OutputPort port() {
        return port;
    }

    WakeSignal signal() {
        return signal;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SendResult offer(ByteBuffer payload) {
        return offer(payload, Parameters.EMPTY);
    }

    @Override
    public SendResult offer(ByteBuffer payload, Parameters parameters) {
        lock.lock();
        try {
            return isClosing ? SendResult.CLOSED : port.offer(payload, parameters);
        } finally {
            unlock();
        }
    }

    @Override
    public SendResult send(ByteBuffer payload, Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return isClosing ? SendResult.CLOSED : port.send(payload, Times.nanos(timeout));
        } catch (NodeInterruptedException e) {
            throw interrupted(e);
        } finally {
            unlock();
        }
    }

    @Override
    public SendResult send(String text, Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            return isClosing ? SendResult.CLOSED : port.send(text, Times.nanos(timeout));
        } catch (NodeInterruptedException e) {
            throw interrupted(e);
        } finally {
            unlock();
        }
    }

    private static InterruptedException interrupted(NodeInterruptedException e) {
        Thread.interrupted();
        InterruptedException interrupted = new InterruptedException(e.getMessage());
        interrupted.initCause(e);
        return interrupted;
    }

    @Override
    public void close() {
        isClosing = true;
        signal.signal();
        if (lock.tryLock()) {
            unlock();
        }
    }

    private void unlock() {
        if (isClosing && !isEnded) {
            port.end();
            isEnded = true;
        }
        lock.unlock();
        // A close between the look and the unlock found the lock taken: then it is done here.
        if (isClosing && !isEnded && lock.tryLock()) {
            unlock();
        }
    }

    // The output's owner, under the lock.

    @Override
    public void checkMaySend(OutputPort output) {}

    @Override
    public boolean buffersOverflow() {
        return false;
    }

    @Override
    public void onOverflow(OutputPort output) {
        throw new AssertionError("a publisher waits for room");
    }

    @Override
    public SendResult awaitRoom(OutputPort output, long timeoutNs) {
        signal.bind(Thread.currentThread());
        long beginNs = clock.update();
        while (true) {
            if (isClosing) {
                output.end();
                isEnded = true;
                return SendResult.CLOSED;
            }
            if (output.isClosed()) {
                return SendResult.CLOSED;
            }
            if (output.hasRoom()) {
                return SendResult.ACCEPTED;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new NodeInterruptedException("interrupted while waiting for room in '" + output.name() + "'");
            }
            long leftNs = timeoutNs == Long.MAX_VALUE ? Long.MAX_VALUE : timeoutNs - (clock.update() - beginNs);
            if (leftNs <= 0) {
                return SendResult.FULL;
            }
            signal.arm();
            if (isClosing || output.hasRoom() || output.isClosed()) {
                signal.disarm();
            } else {
                signal.park(leftNs == Long.MAX_VALUE ? 0 : leftNs);
            }
        }
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
