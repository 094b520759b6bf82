package io.millrace.local.run;

import io.millrace.layout.HybridClock;
import io.millrace.local.edge.WakeSignal;
import io.millrace.node.Clock;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The application's end of an application input: an output that threads take turns to use.
 *
 * <p>One lock guards the output and is held for one attempt, never while waiting. Of the threads that wait for room one owns the signal; the others wait for
 * its place, none of them longer than it was told.
 */
final class AppPublisher implements Publisher, PortOwner {
    private final String name;
    private final Clock clock;
    private final WakeSignal signal = new WakeSignal();
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock waiterLock = new ReentrantLock();

    // Under the lock.
    private final HybridClock hybridClock;
    private final OutputPort port;

    AppPublisher(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
        this.hybridClock = new HybridClock(clock);
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
        return offer(payload, Parameters.EMPTY, PayloadFormat.BYTES);
    }

    @Override
    public SendResult offer(ByteBuffer payload, Parameters parameters) {
        return offer(payload, parameters, PayloadFormat.BYTES);
    }

    private SendResult offer(ByteBuffer payload, Parameters parameters, PayloadFormat format) {
        lock.lock();
        try {
            return port.offer(payload, parameters, format);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SendResult send(ByteBuffer payload, Duration timeout) throws InterruptedException {
        return send(payload, PayloadFormat.BYTES, timeout);
    }

    @Override
    public SendResult send(String text, Duration timeout) throws InterruptedException {
        return send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), PayloadFormat.UTF8, timeout);
    }

    private SendResult send(ByteBuffer payload, PayloadFormat format, Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before sending to '" + port.name() + "'");
        }
        SendResult result = offer(payload, Parameters.EMPTY, format);
        return result == SendResult.FULL ? sendWaiting(payload, format, Times.nanos(timeout)) : result;
    }

    private SendResult sendWaiting(ByteBuffer payload, PayloadFormat format, long timeoutNs)
            throws InterruptedException {
        long beginNs = clock.nanoTime();
        if (!waiterLock.tryLock(timeoutNs, TimeUnit.NANOSECONDS)) {
            return SendResult.FULL;
        }
        try {
            signal.bind(Thread.currentThread());
            while (true) {
                signal.arm();
                SendResult result = offer(payload, Parameters.EMPTY, format);
                long leftNs = timeoutNs - (clock.nanoTime() - beginNs);
                if (result != SendResult.FULL || leftNs <= 0) {
                    return result;
                }
                signal.park(leftNs);
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting for room in '" + port.name() + "'");
                }
            }
        } finally {
            signal.disarm();
            waiterLock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            port.end();
        } finally {
            lock.unlock();
        }
        signal.signal();
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
        throw new AssertionError("a publisher never buffers");
    }

    @Override
    public SendResult awaitRoom(OutputPort output, long timeoutNs) {
        throw new AssertionError("a publisher waits outside the lock");
    }

    @Override
    public long timestamp() {
        hybridClock.update();
        return hybridClock.next();
    }

    @Override
    public int incarnation() {
        return 0;
    }
}
