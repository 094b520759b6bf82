package io.millrace.local.run;

import io.millrace.codec.Codec;
import io.millrace.codec.Codecs;
import io.millrace.layout.HybridClock;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.EdgeWriter;
import io.millrace.local.edge.WakeSignal;
import io.millrace.node.Claim;
import io.millrace.node.Clock;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The application's end of an application input: an output that threads take turns to use.
 *
 * <p>One lock guards the output, and is held for one message at a time, never while a thread waits. Of the threads that wait for room one, which holds the other
 * lock, is woken when there is some; the others stand in line for that lock.
 */
final class AppPublisher implements Publisher, PortOwner, WiredEdge.Source {
    private static final Codec<ByteBuffer> PAYLOAD = new PayloadCodec();

    private final String name;
    private final WakeSignal signal = new WakeSignal();
    private final ReentrantLock portLock = new ReentrantLock();
    private final ReentrantLock waitLock = new ReentrantLock(true);
    private volatile boolean isClosed;

    // Under portLock, once the dataflow runs.
    private final HybridClock clock;
    private final OutputPort port;

    AppPublisher(String name, Clock clock) {
        this(name, clock, () -> {}, false);
    }

    AppPublisher(String name, Clock clock, Runnable onFirstGivenUp, boolean debug) {
        this.name = name;
        this.clock = new HybridClock.Padded(clock);
        this.port = new OutputPort.Padded(
                name,
                "millrace/app/" + name,
                this,
                new OutputPort.Payloads(OptionalLong.empty(), signal::signal, onFirstGivenUp, debug));
    }

    OutputPort port() {
        return port;
    }

    @Override
    public WakeSignal signal() {
        return signal;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SendResult offer(ByteBuffer payload) {
        return offer(payload, Parameters.EMPTY, PayloadFormat.BYTES.code());
    }

    @Override
    public SendResult offer(ByteBuffer payload, Parameters parameters) {
        return offer(payload, parameters, PayloadFormat.BYTES.code());
    }

    SendResult offer(ByteBuffer payload, Parameters parameters, int formatCode) {
        portLock.lock();
        try {
            @Nullable Claim claim = port.tryClaim(payload.remaining(), parameters);
            if (claim == null) {
                return port.isClosed() ? SendResult.CLOSED : SendResult.FULL;
            }
            claim.putBytes(0, payload);
            claim.formatCode(formatCode).commit();
            return SendResult.ACCEPTED;
        } finally {
            port.abortClaim(); // else one message that could not be copied would keep all others from being sent
            portLock.unlock();
        }
    }

    @Override
    public SendResult send(ByteBuffer payload, Duration timeout) throws InterruptedException {
        return send(PAYLOAD, payload, timeout);
    }

    @Override
    public SendResult send(String text, Duration timeout) throws InterruptedException {
        return send(Codecs.TEXT, text, timeout);
    }

    @Override
    public <T> SendResult offer(Codec<T> codec, T value) {
        portLock.lock();
        try {
            return codec.offer(port, value);
        } finally {
            port.abortClaim();
            portLock.unlock();
        }
    }

    @Override
    public <T> SendResult send(Codec<T> codec, T value, Duration timeout) throws InterruptedException {
        long timeoutNs = Times.nanos(timeout);
        SendResult result = offer(codec, value);
        if (result != SendResult.FULL) {
            return result;
        }
        long beginNs = System.nanoTime();
        if (!waitLock.tryLock(timeoutNs, TimeUnit.NANOSECONDS)) {
            return SendResult.FULL;
        }
        try {
            return sendWhenThereIsRoom(codec, value, beginNs, timeoutNs);
        } finally {
            signal.disarm();
            waitLock.unlock();
        }
    }

    private <T> SendResult sendWhenThereIsRoom(Codec<T> codec, T value, long beginNs, long timeoutNs)
            throws InterruptedException {
        signal.bind(Thread.currentThread());
        while (true) {
            signal.arm();
            SendResult result = offer(codec, value);
            long leftNs = timeoutNs - (System.nanoTime() - beginNs);
            if (result != SendResult.FULL || leftNs <= 0) {
                return result;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for room in '" + port.name() + "'");
            }
            signal.park(leftNs);
        }
    }

    /** Waits for the message that another thread is just sending, but never for room. */
    @Override
    public void close() {
        isClosed = true;
        portLock.lock();
        try {
            port.end();
        } finally {
            portLock.unlock();
        }
        signal.signal();
    }

    /** Whether nothing more will be sent. Any thread; does not wait. */
    boolean isClosed() {
        return isClosed;
    }

    // The source of an edge.

    @Override
    public String node() {
        return "";
    }

    @Override
    public void replace(EdgeWriter former, Edge fresh, Runnable whenReplaced) {
        portLock.lock();
        try {
            port.replace(former, fresh.writer());
            whenReplaced.run();
        } finally {
            portLock.unlock();
        }
        signal.signal();
    }

    // The output's owner.

    @Override
    public void checkMaySend(OutputPort output) {}

    @Override
    public boolean buffersOverflow() {
        return false;
    }

    @Override
    public void onOverflow(OutputPort output) {
        throw new AssertionError("a publisher has no overflow");
    }

    @Override
    public SendResult awaitRoom(OutputPort output, long timeoutNs) {
        throw new AssertionError("a publisher does not wait in its output");
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
