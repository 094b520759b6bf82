package io.millrace.benchmarks.peers;

import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import org.jctools.queues.SpscArrayQueue;

/** A queue of references to frames that are used again: JCTools' single-producer single-consumer one, or the JDK's blocking one. */
final class QueueWire implements Wire {
    private final Queue<Frame> queue;
    private final Frame[] frames;
    private final Template template;
    private final Waiting waiting;
    private final Count next = new Count(); // the sender's

    private QueueWire(Queue<Frame> queue, int capacity, Template template, Waiting waiting) {
        this.queue = queue;
        this.template = template;
        this.waiting = waiting;
        // As many as can be in the queue, one that is written and one that is read: none is used again too early.
        this.frames = new Frame[capacity + 2];
        Frame.Supply supply = new Frame.Supply(frames.length, template.length());
        java.util.Arrays.setAll(frames, i -> supply.next());
    }

    static QueueWire jctools(Template template, int capacity, Waiting waiting) {
        return new QueueWire(new SpscArrayQueue<>(capacity), capacity, template, waiting);
    }

    static QueueWire blocking(Template template, int capacity) {
        return new QueueWire(new java.util.concurrent.ArrayBlockingQueue<>(capacity), capacity, template, Waiting.PARK);
    }

    @Override
    public void send(long value) {
        Frame frame = frames[next.value];
        next.value = next.value + 1 == frames.length ? 0 : next.value + 1;
        frame.write(template.bytes(), value);
        if (queue instanceof BlockingQueue<Frame> blocking) {
            put(blocking, frame);
        } else {
            while (!queue.offer(frame)) {
                waiting.forRoom();
            }
        }
    }

    private static void put(BlockingQueue<Frame> queue, Frame frame) {
        try {
            queue.put(frame);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it waited for room", e);
        }
    }

    @Override
    public int receive(Sink sink) {
        int received = 0;
        for (Frame frame = queue.poll(); frame != null; frame = queue.poll()) {
            hand(frame, sink);
            received++;
        }
        return received;
    }

    @Override
    public int await(Sink sink) throws InterruptedException {
        if (queue instanceof BlockingQueue<Frame> blocking) {
            hand(blocking.take(), sink);
            return 1;
        }
        waiting.forRoom();
        return 0;
    }

    private void hand(Frame frame, Sink sink) {
        template.check(frame.last());
        sink.onValue(frame.first());
    }
}
