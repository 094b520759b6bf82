package io.millrace.local.edge;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The pairs of threads that share words, for jcstress: {@link EdgeStressTest} runs them. */
public class EdgeStress {
    private static final int WORDS = 4;
    private static final int RECORD_LENGTH = RecordLayout.HEADER_LENGTH + WORDS * 8;
    private static final int NOTHING = -1;
    private static final int TORN = -2;

    private EdgeStress() {}

    private static Edge slotRing(QueuePolicy policy, int queueSize) {
        return Edge.slotRing(policy, queueSize, RECORD_LENGTH, null, null, () -> {});
    }

    private static Edge oneToOneRing(boolean agrona, int queueSize) {
        return Edge.oneToOneRing(queueSize, RECORD_LENGTH, null, null, agrona);
    }

    /** @return whether there was room */
    private static boolean send(Edge edge, int sequence) {
        int offset = edge.writer().tryClaim(RECORD_LENGTH);
        if (offset < 0) {
            return false;
        }
        ByteBuffer buffer = edge.writer().buffer();
        for (int i = 0; i < RECORD_LENGTH; i += 8) {
            buffer.putLong(offset + i, sequence);
        }
        edge.writer().commit(null);
        return true;
    }

    /** @return the sequence, {@link #NOTHING}, or {@link #TORN} if not every word is of the same message */
    private static int receive(Edge edge) {
        return edge.reader().next() ? look(edge) : NOTHING;
    }

    private static int look(Edge edge) {
        ByteBuffer buffer = edge.reader().buffer();
        int offset = edge.reader().recordOffset();
        long sequence = buffer.getLong(offset);
        for (int i = 8; i < RECORD_LENGTH; i += 8) {
            if (buffer.getLong(offset + i) != sequence) {
                return TORN;
            }
        }
        return (int) sequence;
    }

    /** A writer that waits until a message has been taken says so, arms and looks, while the reader takes that message. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "it was not seen taken, but the signal came")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "it was seen taken, and the signal came too")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "it was seen taken, the signal came before")
    @Outcome(
            id = "0, 1",
            expect = Expect.FORBIDDEN,
            desc = "it was not seen taken and no signal came: the writer waits for ever")
    @State
    public static class WakeAtAgainstTake {
        private final WakeSignal signal = new WakeSignal();
        private final Edge edge = Edge.oneToOneRing(2, RECORD_LENGTH, null, signal, true);

        public WakeAtAgainstTake() {
            signal.bind(Thread.currentThread());
            send(edge, 1);
            send(edge, 2);
        }

        @Actor
        public void writer(II_Result result) {
            edge.writer().wakeAt(2);
            signal.arm();
            result.r1 = edge.writer().taken() >= 2 ? 1 : 0;
        }

        @Actor
        public void reader() {
            receive(edge);
            receive(edge);
        }

        @Arbiter
        public void arbiter(II_Result result) {
            result.r2 = signal.isArmed() ? 1 : 0;
        }
    }

    /** The owner of a signal arms and looks for work, while another thread publishes work and signals. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "no work was seen, but the signal came")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the work was seen, and the signal came too")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the work was seen, the signal came before")
    @Outcome(
            id = "0, 1",
            expect = Expect.FORBIDDEN,
            desc = "no work was seen and no signal came: the owner parks for ever")
    @State
    public static class ArmAgainstSignal {
        private final WakeSignal signal = new WakeSignal();
        private final AtomicInteger work = new AtomicInteger();

        public ArmAgainstSignal() {
            signal.bind(Thread.currentThread());
        }

        @Actor
        public void owner(II_Result result) {
            signal.arm();
            result.r1 = work.getAcquire();
        }

        @Actor
        public void signaller() {
            work.setRelease(1);
            signal.signal();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = signal.isArmed() ? 1 : 0;
        }
    }

    /** A message waits, its successor comes: the reader takes the one or the other, and none is lost without being counted. */
    @JCStressTest
    @Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "taken before it was dropped")
    @Outcome(id = "1, -1, 1", expect = Expect.ACCEPTABLE, desc = "dropped before it was taken")
    @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "lost, doubled, torn or miscounted")
    @State
    public static class TakeAgainstDrop {
        private final Edge edge = slotRing(QueuePolicy.LATEST, 1);

        public TakeAgainstDrop() {
            send(edge, 0);
        }

        @Actor
        public void writer() {
            send(edge, 1);
        }

        @Actor
        public void reader(III_Result result) {
            result.r1 = receive(edge);
        }

        @Arbiter
        public void afterwards(III_Result result) {
            result.r2 = receive(edge);
            result.r3 = (int) edge.writer().conflated();
        }
    }

    /** The writer goes around the ring several times while the reader takes and holds. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "what is in hand stays, order and counts are right")
    @Outcome(
            id = ".*",
            expect = Expect.FORBIDDEN,
            desc = "overwritten in the reader's hand, out of order or miscounted")
    @State
    public static class HoldAgainstLaps {
        private static final int LAST = 12;

        private final Edge edge = slotRing(QueuePolicy.DROP_OLDEST, 1);

        public HoldAgainstLaps() {
            send(edge, 0);
        }

        @Actor
        public void writer() {
            for (int sequence = 1; sequence <= LAST; sequence++) {
                send(edge, sequence);
            }
        }

        @Actor
        public void reader(II_Result result) {
            int first = receive(edge);
            boolean held = first >= 0 && look(edge) == first;
            int second = receive(edge);
            held &= second == NOTHING || second > first && look(edge) == second;
            result.r1 = held ? 1 : 0;
        }

        @Arbiter
        public void afterwards(II_Result result) {
            int newest = receive(edge);
            boolean balanced = edge.reader().received() + edge.writer().dropped() == LAST + 1;
            boolean newestSeen = newest == LAST || newest == NOTHING && look(edge) == LAST;
            result.r2 = balanced && newestSeen ? 1 : 0;
        }
    }

    /** A message is published while the reader looks for one. */
    @JCStressTest
    @Outcome(id = "-1, 7", expect = Expect.ACCEPTABLE, desc = "not there yet")
    @Outcome(id = "7, -1", expect = Expect.ACCEPTABLE, desc = "there, and whole")
    @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "torn, lost or doubled")
    @State
    public static class PublishAgainstTake {
        private final Edge edge = oneToOneRing(false, 1);

        @Actor
        public void writer() {
            send(edge, 7);
        }

        @Actor
        public void reader(II_Result result) {
            result.r1 = receive(edge);
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = receive(edge);
        }
    }

    /** The same over Agrona's ring. */
    @JCStressTest
    @Outcome(id = "-1, 7", expect = Expect.ACCEPTABLE, desc = "not there yet")
    @Outcome(id = "7, -1", expect = Expect.ACCEPTABLE, desc = "there, and whole")
    @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "torn, lost or doubled")
    @State
    public static class PublishAgainstTakeAgrona {
        private final Edge edge = oneToOneRing(true, 1);

        @Actor
        public void writer() {
            send(edge, 7);
        }

        @Actor
        public void reader(II_Result result) {
            result.r1 = receive(edge);
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = receive(edge);
        }
    }

    /** The writer sends its last message and closes while the reader asks whether it has everything. */
    @JCStressTest
    @Outcome(id = "0, -1", expect = Expect.ACCEPTABLE, desc = "not there yet")
    @Outcome(id = "0, 7", expect = Expect.ACCEPTABLE, desc = "not drained, for one waits")
    @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "drained before the last message")
    @State
    public static class CloseAgainstDrain {
        private final Edge edge = oneToOneRing(false, 1);

        @Actor
        public void writer() {
            send(edge, 7);
            edge.writer().close();
        }

        @Actor
        public void reader(II_Result result) {
            result.r1 = edge.reader().isDrained() ? 1 : 0;
            result.r2 = receive(edge);
        }
    }

    /** The writer takes every room that the reader makes, and goes around the ring while the reader takes and holds. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "what is in hand stays, nothing is lost")
    @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "overwritten in the reader's hand, lost or out of order")
    @State
    public static class HoldAgainstRoom {
        private final Edge edge = oneToOneRing(false, 1);
        private final Exchange exchange = new Exchange(edge);

        @Actor
        public void writer() {
            exchange.send();
        }

        @Actor
        public void reader(II_Result result) {
            result.r1 = exchange.receive();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = exchange.drain();
        }
    }

    /** The same over Agrona's ring. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "what is in hand stays, nothing is lost")
    @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "overwritten in the reader's hand, lost or out of order")
    @State
    public static class HoldAgainstRoomAgrona {
        private final Edge edge = oneToOneRing(true, 1);
        private final Exchange exchange = new Exchange(edge);

        @Actor
        public void writer() {
            exchange.send();
        }

        @Actor
        public void reader(II_Result result) {
            result.r1 = exchange.receive();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = exchange.drain();
        }
    }

    /** Begins with a full queue near the ring's end, so that the frames around it are written over soon. */
    private static final class Exchange {
        private static final int BEFORE = 6;
        private static final int TRIES = 40;

        private final Edge edge;
        private int sent;
        private int received;

        Exchange(Edge edge) {
            this.edge = edge;
            for (int i = 0; i < BEFORE; i++) {
                EdgeStress.send(edge, sent++);
                EdgeStress.receive(edge);
                received++;
            }
            EdgeStress.send(edge, sent++);
        }

        void send() {
            for (int i = 0; i < TRIES; i++) {
                if (EdgeStress.send(edge, sent)) {
                    sent++;
                }
            }
        }

        int receive() {
            for (int i = 0; i < TRIES; i++) {
                int sequence = EdgeStress.receive(edge);
                if (sequence != NOTHING && (sequence != received++ || look(edge) != sequence)) {
                    return 0;
                }
            }
            return 1;
        }

        int drain() {
            while (EdgeStress.receive(edge) == received) {
                received++;
            }
            return received == sent
                            && edge.writer().sent() == sent
                            && edge.reader().received() == sent
                    ? 1
                    : 0;
        }
    }
}
