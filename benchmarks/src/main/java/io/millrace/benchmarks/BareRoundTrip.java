package io.millrace.benchmarks;

import io.millrace.layout.Padding;
import java.nio.ByteOrder;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;

/** Two threads with a bare ring in each direction: one sends and waits for the message to come back, the other sends back what comes. */
public final class BareRoundTrip implements Rig {
    private final Orders orders = new Orders();
    private final BareRing there;
    private final BareRing back;
    private final int length;
    private final long last;
    private final Histogram nanoseconds;
    private final Thread pinger = new Thread(this::ping, "pinger");
    private final Thread echo = new Thread(this::echo, "echo");

    private final Left left = new PaddedLeft(); // the pinger's
    private boolean isOver; // the echo's

    /** @param nanoseconds where the pinger records every round trip */
    public BareRoundTrip(boolean claims, int ringBytes, int length, Histogram nanoseconds) {
        this.there = new BareRing(ringBytes, claims, length);
        this.back = new BareRing(ringBytes, claims, length);
        this.length = length;
        this.last = Payload.last(length);
        this.nanoseconds = nanoseconds;
    }

    public BareRoundTrip start() {
        for (Thread thread : new Thread[] {pinger, echo}) {
            thread.setUncaughtExceptionHandler((failed, failure) -> orders.failed(failure));
            thread.start();
        }
        return this;
    }

    private void ping() {
        MessageHandler handler = this::onPong;
        for (int count = orders.next(); count > 0; count = orders.next()) {
            long beginNs = System.nanoTime();
            for (left.count = count - 1L; left.count >= 0; left.count--) {
                there.send(left.count);
                back.receive(handler, 1);
                long endNs = System.nanoTime();
                nanoseconds.recordValue(endNs - beginNs);
                beginNs = endNs;
            }
            orders.done();
        }
        there.send(Payload.END);
    }

    private void onPong(int type, DirectBuffer buffer, int index, int bytes) {
        Payload.check(
                left.count,
                buffer.getLong(index, ByteOrder.LITTLE_ENDIAN),
                last,
                buffer.getLong(index + length - Long.BYTES, ByteOrder.LITTLE_ENDIAN));
    }

    private void echo() {
        MessageHandler handler = this::onPing;
        while (!isOver) {
            there.receive(handler, 1);
        }
    }

    private void onPing(int type, DirectBuffer buffer, int index, int bytes) {
        isOver = buffer.getLong(index, ByteOrder.LITTLE_ENDIAN) == Payload.END;
        if (!isOver) {
            back.copy(buffer, index);
        }
    }

    @Override
    public void run(int messages) throws InterruptedException {
        orders.run(messages);
    }

    @Override
    public void stop() throws InterruptedException {
        orders.close();
        pinger.join();
        echo.join();
    }

    private static class Left extends Padding {
        long count;
    }

    /** With the same space behind. */
    @SuppressWarnings({"unused", "MultipleVariableDeclarations"})
    private static final class PaddedLeft extends Left {
        private long t00, t01, t02, t03, t04, t05, t06, t07, t08, t09, t10, t11, t12, t13, t14, t15;
    }
}
