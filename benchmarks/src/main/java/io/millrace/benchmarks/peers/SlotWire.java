package io.millrace.benchmarks.peers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bare ring of slots that drops the oldest message when it is full, with a read position that both sides move by compare-and-set.
 *
 * <p>The receiver copies a slot and only then moves the position past it. If the sender was there before, having dropped that message, the copy is thrown away: the
 * sender writes into a slot only after the position has left it.
 */
final class SlotWire implements Wire {
    private final ByteBuffer slots;
    private final int mask;
    private final int capacity;
    private final Template template;
    private final byte[] copy;
    private final ByteBuffer copied;

    // What lies between the two keeps them on cache lines of their own.
    private final AtomicLong readPosition = new AtomicLong();

    @SuppressWarnings("unused")
    private final long[] between = new long[32];

    private final AtomicLong writePosition = new AtomicLong();

    SlotWire(Template template, int capacity) {
        this.template = template;
        this.capacity = capacity;
        int count = Integer.highestOneBit(capacity + 1) * 2; // at least one more than can wait
        this.mask = count - 1;
        this.slots = ByteBuffer.allocateDirect(count * template.length()).order(ByteOrder.LITTLE_ENDIAN);
        this.copy = new byte[template.length()];
        this.copied = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void send(long value) {
        long position = writePosition.getPlain();
        long read = readPosition.getAcquire();
        while (position - read >= capacity) {
            readPosition.compareAndSet(read, read + 1); // fails if the receiver has just taken it, which is as good
            read = readPosition.getAcquire();
        }
        int offset = offset(position);
        slots.put(offset, template.bytes());
        slots.putLong(offset, value);
        writePosition.setRelease(position + 1);
    }

    @Override
    public int receive(Sink sink) {
        int received = 0;
        for (long read = readPosition.getAcquire();
                read < writePosition.getAcquire();
                read = readPosition.getAcquire()) {
            slots.get(offset(read), copy);
            if (readPosition.compareAndSet(read, read + 1)) {
                template.check(copied.getLong(copy.length - Long.BYTES));
                sink.onValue(copied.getLong(0));
                received++;
            }
        }
        return received;
    }

    @Override
    public int await(Sink sink) {
        Thread.onSpinWait();
        return 0;
    }

    private int offset(long position) {
        return ((int) position & mask) * template.length();
    }
}
