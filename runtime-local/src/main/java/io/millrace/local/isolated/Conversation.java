package io.millrace.local.isolated;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the node's JVM and the dataflow's say to each other over their first connection, from the node's side: it asks, and is answered; before it is answered it may be
 * called, and asks again, as one calls another on a stack. Used by the node's thread only.
 */
final class Conversation {

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

    /** Says that it is ready, and does what it is called for until the node's end. */
    void serve() throws IOException {
        putDone(new Done(), null);
        exchange();
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
        }
        putDone(done, thrown);
    }

    private void putDone(Done done, @Nullable Throwable thrown) {
        begin(Ask.DONE, 0).putFlag(done.flag).putFlag(thrown != null);
        if (thrown != null) {
            Thrown.of(thrown).put(out);
        }
    }
}
