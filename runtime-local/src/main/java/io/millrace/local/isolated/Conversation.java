package io.millrace.local.isolated;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the node's JVM and the dataflow's say to each other over their first connection, from the node's side: it asks, and is answered; before it is answered it may be
 * called, and asks again, as one calls another on a stack. Used by the node's thread only.
 */
final class Conversation {

    private static final int RESERVE_BYTES = 1 << 20;
    private static final byte[] NOTHING = {};

    /** What can be called. */
    interface Callee {
        /** Does it; what it has to tell beyond that it is done goes into {@code done}. */
        void call(Call call, PacketReader in, Done done) throws Throwable;
    }

    /** What came of a call. */
    static final class Done {
        private boolean flag;

        void set(boolean value) {
            flag = value;
        }
    }

    private final ParentLink link;
    private final Callee callee;
    private final Packet out = new Packet();
    /** Given up when the heap is full, so that this can still be said. */
    private byte[] reserve = new byte[RESERVE_BYTES];

    private final byte[] heapIsFull = heapIsFull();

    private volatile boolean isStopping;

    Conversation(ParentLink link, Callee callee) {
        this.link = link;
        this.callee = callee;
    }

    /** Whether the dataflow is being stopped. Any thread. */
    boolean isStopping() {
        return isStopping;
    }

    /** Any thread. */
    void setStopping() {
        isStopping = true;
    }

    /**
     * Says that it is ready, and does what it is called for until the node's end.
     *
     * @param memory over which all that follows is said; null for none
     */
    void serve(@Nullable NodeMemory memory) throws IOException {
        Done ready = new Done();
        ready.set(memory != null);
        putDone(ready, null);
        link.send(out);
        if (memory != null) {
            link.use(memory);
        }
        awaitReply();
    }

    /** What was begun. */
    Packet out() {
        return out;
    }

    /** Begins to ask. */
    Packet begin(Ask ask, int slot) {
        return out.clear().put(ask.code()).putShort(slot);
    }

    /**
     * Asks what was begun, and waits for the reply, which is valid until the next one.
     *
     * @throws IllegalStateException if it is refused, or the other JVM is gone
     */
    PacketReader ask() {
        try {
            return exchange();
        } catch (IOException e) {
            throw new IllegalStateException("the JVM of the dataflow is gone", e);
        }
    }

    /** Says what was begun, which is not answered. */
    void tell() {
        try {
            link.send(out);
        } catch (IOException e) {
            throw new IllegalStateException("the JVM of the dataflow is gone", e);
        }
    }

    private PacketReader exchange() throws IOException {
        link.send(out);
        return awaitReply();
    }

    private PacketReader awaitReply() throws IOException {
        while (true) {
            PacketReader in = link.receive();
            Answer answer = Answer.of(in.u8());
            if (in.flag()) {
                isStopping = true;
            }
            if (answer == Answer.REPLY) {
                return in;
            }
            if (answer != Answer.CALL) {
                throw refused(answer, in.text());
            }
            perform(in);
            link.send(out);
        }
    }

    private static RuntimeException refused(Answer answer, String message) {
        if (answer == Answer.REFUSED_INTERRUPTED) {
            Thread.currentThread().interrupt();
        }
        return answer.exception(message);
    }

    private void perform(PacketReader in) {
        Done done = new Done();
        @Nullable Throwable thrown = null;
        try {
            callee.call(Call.of(in.u8()), in, done);
        } catch (Throwable t) { // whatever the node throws is its failure, and told to the dataflow
            thrown = t;
            if (t instanceof OutOfMemoryError && reserve.length > 0) {
                reserve = NOTHING;
            }
        }
        putDone(done, thrown);
    }

    private void putDone(Done done, @Nullable Throwable thrown) {
        if (thrown instanceof OutOfMemoryError full) {
            putDone(full);
            return;
        }
        begin(Ask.DONE, 0).putFlag(done.flag).putFlag(thrown != null);
        if (thrown != null) {
            Thrown.of(thrown).put(out);
        }
    }

    /** With its stack if there is memory for that. */
    private void putDone(OutOfMemoryError full) {
        begin(Ask.DONE, 0).putFlag(false).putFlag(true);
        try {
            Thrown.of(full).put(out);
        } catch (OutOfMemoryError stillFull) {
            begin(Ask.DONE, 0).putFlag(false).putFlag(true).putRaw(heapIsFull);
        }
    }

    private static byte[] heapIsFull() {
        Packet packet = new Packet();
        OutOfMemoryError plain = new OutOfMemoryError("the heap is full");
        plain.setStackTrace(new StackTraceElement[0]);
        Thrown.of(plain).put(packet);
        ByteBuffer view = packet.view();
        byte[] bytes = new byte[view.remaining()];
        view.get(bytes);
        return bytes;
    }
}
