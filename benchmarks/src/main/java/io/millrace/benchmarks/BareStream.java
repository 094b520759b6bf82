package io.millrace.benchmarks;

import java.nio.ByteOrder;
import org.HdrHistogram.Histogram;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;

/** Two threads with one bare ring: one sends as fast as there is room, the other receives. */
final class BareStream implements Rig {
    private final Orders orders = new Orders();
    private final BareRing ring;
    private final int length;
    private final Tally tally;
    private final Thread producer = new Thread(this::produce, "producer");
    private final Thread consumer = new Thread(this::consume, "consumer");

    private boolean isOver; // the consumer's

    /** @param nanosecondsAChunk where the consumer records how long {@link Tally#CHUNK} messages took */
    BareStream(boolean claims, int ringBytes, int length, Histogram nanosecondsAChunk) {
        this.ring = new BareRing(ringBytes, claims, length);
        this.length = length;
        this.tally = new Tally.Padded(orders, length, nanosecondsAChunk);
    }

    BareStream start() {
        for (Thread thread : new Thread[] {producer, consumer}) {
            thread.setUncaughtExceptionHandler((failed, failure) -> orders.failed(failure));
            thread.start();
        }
        return this;
    }

    private void produce() {
        for (int count = orders.next(); count > 0; count = orders.next()) {
            for (long left = count - 1L; left >= 0; left--) {
                ring.send(left);
            }
        }
        ring.send(Payload.END);
    }

    private void consume() {
        MessageHandler handler = this::onMessage;
        while (!isOver) {
            ring.receive(handler, Integer.MAX_VALUE);
        }
    }

    private void onMessage(int type, DirectBuffer buffer, int index, int bytes) {
        long left = buffer.getLong(index, ByteOrder.LITTLE_ENDIAN);
        if (left == Payload.END) {
            isOver = true;
            return;
        }
        tally.onMessage(left, buffer.getLong(index + length - Long.BYTES, ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public void run(int messages) throws InterruptedException {
        orders.run(messages);
    }

    @Override
    public void stop() throws InterruptedException {
        orders.close();
        producer.join();
        consumer.join();
    }
}
