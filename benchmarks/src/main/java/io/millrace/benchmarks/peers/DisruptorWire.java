package io.millrace.benchmarks.peers;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;

/** LMAX Disruptor: one producer, one poller, preallocated events. */
final class DisruptorWire implements Wire {
    private final RingBuffer<Frame> ring;
    private final EventPoller<Frame> poller;
    private final Template template;
    private final Waiting waiting;
    private final EventPoller.Handler<Frame> handler;

    // The receiver's.
    private Sink target = value -> {};
    private final Count received = new Count();

    /** @param capacity in messages; a power of two */
    DisruptorWire(Template template, int capacity, Waiting waiting) {
        Frame.Supply frames = new Frame.Supply(capacity, template.length());
        // The strategy is not asked: the poller's thread and ours wait by themselves.
        this.ring = RingBuffer.createSingleProducer(frames::next, capacity, new YieldingWaitStrategy());
        this.poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        this.template = template;
        this.waiting = waiting;
        this.handler = (frame, sequence, endOfBatch) -> {
            template.check(frame.last());
            received.value++;
            target.onValue(frame.first());
            return true;
        };
    }

    @Override
    public void send(long value) {
        while (!ring.hasAvailableCapacity(1)) {
            waiting.forRoom();
        }
        long sequence = ring.next();
        ring.get(sequence).write(template.bytes(), value);
        ring.publish(sequence);
    }

    @Override
    public int receive(Sink sink) {
        if (target != sink) { // not written while messages flow: the sender reads what is beside it
            target = sink;
        }
        received.value = 0;
        try {
            poller.poll(handler);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return received.value;
    }

    @Override
    public int await(Sink sink) {
        waiting.forRoom();
        return 0;
    }
}
