package io.millrace.local.wiring;

import io.millrace.codec.Codec;
import io.millrace.codec.Codecs;
import io.millrace.graph.InputSource;
import io.millrace.local.agent.Commands;
import io.millrace.local.agent.SharedOutput;
import io.millrace.local.edge.Edge;
import io.millrace.local.edge.WakeSignal;
import io.millrace.local.waiting.Times;
import io.millrace.node.Clock;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import io.millrace.runtime.Publisher;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The application's end of an application input. Of the threads that wait for room one, which holds a lock of its own for that, is woken when there is some; the others
 * stand in line for that lock.
 */
public final class AppPublisher extends SharedOutput implements Publisher, TappedOutput, BoundaryOutput.Origin {
    private static final Codec<ByteBuffer> PAYLOAD = new PayloadCodec();

    private final String name;
    private final ReentrantLock waitLock = new ReentrantLock(true);
    private final Set<OutputEnd.Moving> readers = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    AppPublisher(String name, Clock clock) {
        this(name, clock, () -> {}, false);
    }

    public AppPublisher(String name, Clock clock, Runnable onFirstGivenUp, boolean debug) {
        super(name, new InputSource.Application(name).toString(), clock, onFirstGivenUp, debug);
        this.name = name;
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
        enter();
        try {
            return codec.offer(port(), value);
        } finally {
            leaveClaimless();
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
            signal().disarm();
            waitLock.unlock();
        }
    }

    private <T> SendResult sendWhenThereIsRoom(Codec<T> codec, T value, long beginNs, long timeoutNs)
            throws InterruptedException {
        WakeSignal signal = signal();
        signal.bind(Thread.currentThread());
        while (true) {
            signal.arm();
            SendResult result = offer(codec, value);
            long leftNs = timeoutNs - (System.nanoTime() - beginNs);
            if (result != SendResult.FULL || leftNs <= 0) {
                return result;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for room in '" + port().name() + "'");
            }
            signal.park(leftNs);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        super.close();
    }

    /** Whether nothing more will be sent. Any thread; does not wait. */
    boolean isClosed() {
        return isClosed;
    }

    // What a tap, or a part elsewhere, attaches to.

    @Override
    public WakeSignal portSignal() {
        return signal();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean post(Commands.Command command) {
        enter();
        try {
            if (port().isClosed()) {
                return false;
            }
            command.run();
            return true;
        } catch (Exception e) {
            throw new AssertionError("what a tap has done here throws nothing", e);
        } finally {
            leave();
        }
    }

    /** Nothing takes its place: they are kept only to be asked. */
    @Override
    public void keep(OutputEnd.Moving reader, Supplier<Edge> edges) {
        readers.removeIf(OutputEnd.Moving::isOver);
        readers.add(reader);
    }

    @Override
    public Collection<OutputEnd.Moving> readers() {
        return readers;
    }
}
