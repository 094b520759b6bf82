package io.millrace.local.edge;

import io.millrace.graph.QueuePolicy;
import io.millrace.layout.RecordLayout;
import io.millrace.local.pool.Slab;
import io.millrace.local.pool.SlabPool;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.OptionalLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** The same for the memory of large payloads: each reference is released exactly once, whoever comes first. */
public class EdgeStressMemory {
    private EdgeStressMemory() {}

    private static Slab slab() {
        return Slab.unpooled(ByteBuffer.allocate(8));
    }

    private static void send(Edge edge, Slab slab) {
        edge.writer().tryClaim(RecordLayout.HEADER_LENGTH);
        edge.writer().commit(slab);
    }

    /** The writer needs the memory of the message that the reader takes. */
    @JCStressTest
    @Outcome(id = "1, 0, 0", expect = Expect.ACCEPTABLE, desc = "taken, and nothing given up")
    @Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "given up before it was taken")
    @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "released twice, never, or miscounted")
    @State
    public static class TakeAgainstGiveUp {
        private final Edge edge =
                Edge.slotRing(QueuePolicy.DROP_OLDEST, 2, RecordLayout.HEADER_LENGTH, null, null, () -> {});
        private final Slab slab = slab();

        public TakeAgainstGiveUp() {
            send(edge, slab);
        }

        @Actor
        public void writer() {
            edge.writer().giveUp(edge.writer().oldestReference());
        }

        @Actor
        public void reader(III_Result result) {
            result.r1 = edge.reader().next() ? 1 : 0;
            edge.reader().release();
        }

        @Arbiter
        public void afterwards(III_Result result) {
            result.r2 = slab.references();
            result.r3 = (int) edge.writer().droppedForMemory();
        }
    }

    /** The reader closes while the writer commits: one of them finds what was put in. */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "released once")
    @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "left in the edge, or released twice")
    @State
    public static class CommitAgainstClose {
        private final Edge edge = Edge.oneToOneRing(2, RecordLayout.HEADER_LENGTH, null, null, false);
        private final Slab slab = slab();

        @Actor
        public void writer() {
            int offset = edge.writer().tryClaim(RecordLayout.HEADER_LENGTH);
            if (offset == EdgeWriter.CLOSED) {
                slab.release();
            } else {
                edge.writer().commit(slab);
            }
        }

        @Actor
        public void reader() {
            edge.reader().close();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = slab.references();
        }
    }

    /** The last reference is given back while the pool closes: it is not counted as in use for ever. */
    @JCStressTest
    @Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "home")
    @Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "left on the stack, or counted twice")
    @State
    public static class ReturnAgainstClose {
        private final SlabPool pool = new SlabPool("a pool", OptionalLong.empty(), () -> {}, false);
        private final Slab slab = Objects.requireNonNull(pool.claim(64));

        @Actor
        public void owner() {
            pool.close();
        }

        @Actor
        public void consumer() {
            slab.release();
        }

        @Arbiter
        public void afterwards(L_Result result) {
            result.r1 = pool.outstandingBytes();
        }
    }
}
